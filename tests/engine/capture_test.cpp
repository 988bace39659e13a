// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/capture.h"

#include "certs/store.h"
#include "tests/engine/served.h"

#include <catch2/catch.hpp>
#include <fstream>

namespace alert40 {
namespace {

using namespace test;
using std::filesystem::path;

/// A folder that goes with the case.
class Folder {
public:
    Folder()
    {
        auto name = (std::filesystem::temp_directory_path() / "alert40-capture-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    path operator/(std::string_view name) const { return path_ / name; }

private:
    path path_;
};

std::string content_of(const path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

constexpr auto kOwnerAlone = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;

TEST_CASE("captures are named after the scenario, each has a number of its own, and only the owner reads them",
          "[engine][capture]")
{
    const Folder folder;
    CaptureDirectory one(folder / "a/b");
    CaptureDirectory other(folder / "a/b"); // of another thread
    CHECK(one.write("cipher/no-shared", to_bytes("1")) == folder / "a/b/cipher-no-shared-1.pcapng");
    CHECK(other.write("cipher/no-shared", to_bytes("2")) == folder / "a/b/cipher-no-shared-2.pcapng");
    const auto third = one.write("cipher/no-shared", to_bytes("3"));
    CHECK(third == folder / "a/b/cipher-no-shared-3.pcapng");
    CHECK(content_of(third) == "3");
    CHECK(std::filesystem::status(third).permissions() == kOwnerAlone);
    CHECK(std::filesystem::status(folder / "a/b").permissions() == std::filesystem::perms::owner_all);
}

TEST_CASE("a folder or a key log that cannot be written is an error at the start", "[engine][capture]")
{
    const Folder folder;
    std::ofstream(folder / "file") << "x";
    CHECK_THROWS_AS(CaptureDirectory(folder / "file"), std::system_error);
    CHECK_THROWS_WITH(CaptureDirectory(folder / "file/below"), Catch::Contains("captures cannot be written into"));
    CHECK_THROWS_WITH(KeyLogFile(folder / "nowhere/keys"), Catch::Contains("nowhere/keys cannot be written"));
}

TEST_CASE("a key log grows, also where it existed", "[engine][capture]")
{
    const Folder folder;
    KeyLogFile(folder / "keys").append("one\n");
    KeyLogFile(folder / "keys").append("two\n");
    CHECK(content_of(folder / "keys") == "one\ntwo\n");
    CHECK(std::filesystem::status(folder / "keys").permissions() == kOwnerAlone);
}

/// One connection that sends what is no TLS, to a server that records with `options`.
void serve_one(ListenerOptions options)
{
    Served served("[server]\nversions = [\"1.2\"]", std::move(options));
    served.run([&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        co_await peer.send(to_bytes("hello?\r\n"));
        co_await peer.read_all();
    });
}

TEST_CASE("a served connection is captured with what it sent and how it ended", "[engine][capture]")
{
    const Folder folder;
    CaptureDirectory directory(folder / "captures");
    ListenerOptions options;
    options.capture = {&directory, nullptr, "test", "", {}};
    serve_one(std::move(options));
    const auto file = content_of(folder / "captures/test-one-1.pcapng");
    CHECK(file.find("scenario: test/one\nended: server closed, before-client-hello") != std::string::npos);
    CHECK(file.find("hello?\r\n") != std::string::npos);
}

TEST_CASE("a capture that cannot be written is warned of once, and serving goes on", "[engine][capture]")
{
    const Folder folder;
    CaptureDirectory directory(folder / "captures");
    std::filesystem::remove(folder / "captures");
    std::vector<std::string> warnings;
    ListenerOptions options;
    options.capture = {&directory, nullptr, "test", "", [&](std::string_view text) { warnings.emplace_back(text); }};
    Served served("[server]\nversions = [\"1.2\"]", std::move(options));
    served.run([&]() -> asio::awaitable<void> {
        for (int connection = 0; connection < 3; ++connection) {
            Peer peer = co_await served.connect();
            co_await peer.send(to_bytes("hello?\r\n"));
            co_await peer.read_all();
        }
    });
    CHECK(served.transcripts.size() == 3);
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].find("test-one-1.pcapng cannot be written") != std::string::npos);
}

TEST_CASE("a full disk under the key log is warned of once", "[engine][capture]")
{
    if (!std::filesystem::exists("/dev/full")) return;
    KeyLogFile full("/dev/full");
    std::size_t warnings = 0;
    CaptureOptions options{nullptr, &full, "test", "", [&](std::string_view) { ++warnings; }};
    ConnectionRecorder recorder(options, {{127, 0, 0, 1}, 1}, {{127, 0, 0, 1}, 2});
    Transcript transcript;
    transcript.client_hello.emplace();
    recorder.secret({"CLIENT_RANDOM", {1}}, transcript);
    recorder.secret({"CLIENT_RANDOM", {2}}, transcript);
    CHECK(warnings == 1);
}

} // namespace
} // namespace alert40
