// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/store.h"

#include "certs/certificate.h"
#include "tests/certs/support.h"

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace alert40;
using namespace std::chrono_literals;
using test::now;
using test::TemporaryDirectory;
namespace fs = std::filesystem;

namespace {

unsigned mode_of(const fs::path& path)
{
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777u;
}

std::size_t entries(const fs::path& directory)
{
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

/// Runs `work` in a child process that ends without destructors, as if killed.
template <class Work> void run_in_killed_process(Work work)
{
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        work();
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(status == 0);
}

bool is_consistent(const StateDirectory& state)
{
    const Certificate root = parse_certificate(state.root());
    const Certificate intermediate = parse_certificate(state.intermediate().certificate);
    return is_self_signed(root) && is_signed_by(intermediate, root) &&
           intermediate.public_key_info == state.intermediate().key.public_key_info() &&
           test::read_text(state.root_pem()) == to_pem("CERTIFICATE", state.root());
}

} // namespace

TEST_CASE("a new state directory is private and holds no root key", "[certs][store]")
{
    const TemporaryDirectory directory;
    const fs::path path = directory.path() / "not" / "yet" / "there";
    const StateDirectory state(path, now());
    CHECK(is_consistent(state));
    CHECK(mode_of(path) == 0700);
    CHECK(mode_of(path / "intermediate.key") == 0600);
    CHECK(mode_of(path / "root.pem") == 0644);
    CHECK(mode_of(path / "keys") == 0700);
    CHECK(state.path().is_absolute());
    const Bytes root_public_key = parse_certificate(state.root()).public_key_info;
    CHECK(state.intermediate().key.public_key_info() != root_public_key);
    for (const auto& entry : fs::recursive_directory_iterator(path))
        if (entry.is_regular_file() && entry.path() != path / "intermediate.key" && entry.path() != path / "upper.key")
            CHECK_THAT(test::read_text(entry.path()), !Catch::Contains("PRIVATE KEY"));
}

TEST_CASE("two stores opened on one directory agree", "[certs][store]")
{
    const TemporaryDirectory directory;
    const StateDirectory first(directory.path(), now());
    const StateDirectory second(directory.path(), now());
    CHECK(first.root() == second.root());
    CHECK(first.intermediate().certificate == second.intermediate().certificate);
    CHECK(first.intermediate().key.private_der() == second.intermediate().key.private_der());
    CHECK(first.stranger_root() != second.stranger_root());
}

TEST_CASE("processes that open a new directory at once agree", "[certs][store]")
{
    const TemporaryDirectory directory;
    const fs::path path = directory.path() / "state";
    constexpr int kProcesses = 6;
    for (int i = 0; i < kProcesses; ++i) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child != 0) continue;
        int status = 1;
        try {
            StateDirectory state(path, now());
            test::write_text(directory.path() / ("root-" + std::to_string(i)), to_hex(state.root()));
            test::write_text(directory.path() / ("key-" + std::to_string(i)),
                             to_hex(state.key(KeyType::rsa_1024).public_key_info()));
            status = is_consistent(state) ? 0 : 1;
        } catch (const std::exception&) {
        }
        ::_exit(status);
    }
    for (int i = 0; i < kProcesses; ++i) {
        int status = 1;
        REQUIRE(::wait(&status) > 0);
        CHECK(status == 0);
    }
    for (int i = 1; i < kProcesses; ++i) {
        const std::string number = std::to_string(i);
        CHECK(test::read_text(directory.path() / ("root-" + number)) == test::read_text(directory.path() / "root-0"));
        CHECK(test::read_text(directory.path() / ("key-" + number)) == test::read_text(directory.path() / "key-0"));
    }
}

TEST_CASE("a directory that others can write to is refused with the remedy", "[certs][store]")
{
    const TemporaryDirectory directory;
    const fs::path path = directory.path() / "state";
    fs::create_directory(path);
    const auto mode = GENERATE(0770u, 0702u, 0777u, 0500u);
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    CHECK_THROWS_WITH(StateDirectory(path, now()),
                      Catch::Contains(path.string()) && Catch::Contains("chmod 700 " + path.string()));
    CHECK(fs::is_empty(path));
}

TEST_CASE("a directory of another user is refused", "[certs][store]")
{
    const TemporaryDirectory directory;
    const fs::path path = directory.path() / "state";
    fs::create_directory(path);
    if (::chown(path.c_str(), 12345, 12345) != 0) return; // only root can set this up
    REQUIRE(::chmod(path.c_str(), 0700) == 0);
    CHECK_THROWS_WITH(StateDirectory(path, now()), Catch::Contains("belongs to another user"));
}

TEST_CASE("what is not a directory is refused", "[certs][store]")
{
    const TemporaryDirectory directory;
    const fs::path path = directory.path() / "state";
    test::write_text(path, "a file");
    CHECK_THROWS_WITH(StateDirectory(path, now()), Catch::Contains("not a directory"));
    CHECK_THROWS_AS(StateDirectory(path / "below", now()), std::runtime_error);
}

TEST_CASE("damaged authorities are made anew, all of them", "[certs][store]")
{
    const TemporaryDirectory directory;
    const Bytes old_root = StateDirectory(directory.path(), now()).root();
    const std::string file =
        GENERATE(as<std::string>(), "root.pem", "intermediate.pem", "intermediate.key", "upper.pem", "upper.key");
    const fs::path path = directory.path() / file;
    CAPTURE(file);

    SECTION("cut")
    {
        test::write_text(path, test::read_text(path).substr(0, 100));
    }
    SECTION("empty")
    {
        test::write_text(path, "");
    }
    SECTION("missing")
    {
        fs::remove(path);
    }
    SECTION("nonsense")
    {
        test::write_text(path, "\x80\xff no PEM");
    }
    SECTION("huge")
    {
        test::write_text(path, test::read_text(path) + std::string(100'000, '\n'));
    }
    SECTION("a link to nowhere")
    {
        fs::remove(path);
        fs::create_symlink("/nowhere/at/all", path);
    }
    SECTION("of another state directory")
    {
        const TemporaryDirectory other;
        const StateDirectory other_state(other.path(), now());
        fs::copy_file(other.path() / file, path, fs::copy_options::overwrite_existing);
    }
    const StateDirectory state(directory.path(), now());
    CHECK(state.root() != old_root);
    CHECK(is_consistent(state));
    CHECK(StateDirectory(directory.path(), now()).root() == state.root());
}

TEST_CASE("authorities that an older alert40 made are made anew", "[certs][store]")
{
    const TemporaryDirectory directory;
    const Bytes old_root = StateDirectory(directory.path(), now()).root();
    SECTION("of another generation")
    {
        test::write_text(directory.path() / "generation", "1\n");
    }
    SECTION("of none")
    {
        fs::remove(directory.path() / "generation");
    }
    const StateDirectory state(directory.path(), now());
    CHECK(state.root() != old_root);
    CHECK(is_consistent(state));
    CHECK(StateDirectory(directory.path(), now()).root() == state.root());
}

TEST_CASE("an intermediate key that others could read is not used any more", "[certs][store]")
{
    const TemporaryDirectory directory;
    const Bytes old_root = StateDirectory(directory.path(), now()).root();
    REQUIRE(::chmod((directory.path() / "intermediate.key").c_str(), 0644) == 0);
    const StateDirectory state(directory.path(), now());
    CHECK(state.root() != old_root);
    CHECK(mode_of(directory.path() / "intermediate.key") == 0600);
}

TEST_CASE("a private key file with any octet changed is used right or made anew", "[certs][store]")
{
    const TemporaryDirectory directory;
    const fs::path path = directory.path() / "intermediate.key";
    StateDirectory(directory.path(), now());
    const std::string text = test::read_text(path);
    for (std::size_t i = 0; i < text.size(); i += 3) {
        std::string changed = text;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        test::write_text(path, changed);
        const StateDirectory state(directory.path(), now());
        const Bytes signature = state.intermediate().key.sign(HashAlgorithm::sha256, to_bytes("x"));
        const Bytes info = parse_certificate(state.intermediate().certificate).public_key_info;
        CHECK(verify_signature(info, HashAlgorithm::sha256, to_bytes("x"), signature));
    }
}

TEST_CASE("the leftovers of a killed writer are removed", "[certs][store]")
{
    const TemporaryDirectory directory;
    const Bytes root = StateDirectory(directory.path(), now()).root();
    test::write_text(directory.path() / "root.pem.new-0123456789abcdef", "half a fi");
    test::write_text(directory.path() / "keys" / "rsa-2048.key.new-0123456789abcdef", "half a fi");
    const StateDirectory state(directory.path(), now());
    CHECK(state.root() == root);
    CHECK_FALSE(fs::exists(directory.path() / "root.pem.new-0123456789abcdef"));
    CHECK(fs::is_empty(directory.path() / "keys"));
}

TEST_CASE("the root is renewed within fourteen days of its end and before its start", "[certs][store]")
{
    const TemporaryDirectory directory;
    const auto start = now();
    const Bytes root = StateDirectory(directory.path(), start).root();
    CHECK(StateDirectory(directory.path(), start + 15 * 24h).root() == root);
    CHECK(StateDirectory(directory.path(), start - 23h).root() == root);
    SECTION("near the end")
    {
        const StateDirectory state(directory.path(), start + 16 * 24h);
        CHECK(state.root() != root);
        CHECK(parse_certificate(state.root()).not_after > start + 45 * 24h);
        CHECK(is_consistent(state));
    }
    SECTION("before the start")
    {
        CHECK(StateDirectory(directory.path(), start - 25h).root() != root);
    }
}

TEST_CASE("RSA keys are made once and kept, others are fresh", "[certs][store]")
{
    const TemporaryDirectory directory;
    StateDirectory state(directory.path(), now());
    const Bytes first = state.key(KeyType::rsa_1024).public_key_info();
    const Bytes second = state.key(KeyType::rsa_1024, true).public_key_info();
    CHECK(first != second);
    CHECK(state.key(KeyType::rsa_1024).public_key_info() == first);
    CHECK(mode_of(directory.path() / "keys" / "rsa-1024.key") == 0600);
    StateDirectory again(directory.path(), now());
    CHECK(again.key(KeyType::rsa_1024).public_key_info() == first);
    CHECK(again.key(KeyType::rsa_1024, true).public_key_info() == second);
    CHECK(state.key(KeyType::ec_p256).public_key_info() != state.key(KeyType::ec_p256).public_key_info());
    CHECK(entries(directory.path() / "keys") == 2);

    test::write_text(directory.path() / "keys" / "rsa-1024.key", "damaged");
    StateDirectory third(directory.path(), now());
    CHECK(third.key(KeyType::rsa_1024).public_key_info() != first);
}

TEST_CASE("a run directory is private and goes with its owner", "[certs][store]")
{
    const TemporaryDirectory directory;
    const StateDirectory state(directory.path(), now());
    fs::path path;
    {
        RunDirectory run = state.make_run_directory();
        path = run.path();
        CHECK(mode_of(path) == 0700);
        const fs::path file = run.write("client.key", "secret");
        CHECK(test::read_text(file) == "secret");
        CHECK(mode_of(file) == 0600);
        for (const char* name : {"", ".", "..", ".lock", "a/b", "../x"})
            CHECK_THROWS_AS(run.write(name, "x"), std::runtime_error);
        const RunDirectory moved(std::move(run));
        CHECK(fs::exists(path));
    }
    CHECK_FALSE(fs::exists(path));
    CHECK(fs::is_empty(directory.path() / "runs"));
}

TEST_CASE("the run directory of a living owner stays, that of a killed one is reaped", "[certs][store]")
{
    const TemporaryDirectory directory;
    const StateDirectory state(directory.path(), now());
    const RunDirectory living = state.make_run_directory();
    run_in_killed_process([&] {
        auto* abandoned = new RunDirectory(state.make_run_directory()); // its destructor never runs
        abandoned->write("file", "content");
    });
    fs::create_directory(directory.path() / "runs" / "killed-before-its-lock");
    test::write_text(directory.path() / "runs" / "stray-file", "");
    CHECK(entries(directory.path() / "runs") == 4);

    const StateDirectory next(directory.path(), now());
    CHECK(entries(directory.path() / "runs") == 1);
    CHECK(fs::exists(living.path()));
}

TEST_CASE("a writer killed between any two of its files leaves a directory that opens", "[certs][store]")
{
    // The order of writing is upper, intermediate, root, each key first: what the next process finds is the new head
    // and the old tail.
    const TemporaryDirectory old_directory;
    const TemporaryDirectory new_directory;
    StateDirectory(old_directory.path(), now());
    StateDirectory(new_directory.path(), now());
    const std::vector<std::string> order{"upper.key", "upper.pem", "intermediate.key", "intermediate.pem", "root.pem"};
    for (std::size_t written = 0; written <= order.size(); ++written) {
        for (const bool had_old_files : {false, true}) {
            const TemporaryDirectory directory;
            for (std::size_t i = 0; i < order.size(); ++i) {
                if (i >= written && !had_old_files) continue;
                const fs::path& source = i < written ? new_directory.path() : old_directory.path();
                fs::copy_file(source / order[i], directory.path() / order[i]);
            }
            fs::copy_file(new_directory.path() / "generation", directory.path() / "generation");
            const StateDirectory state(directory.path(), now());
            CHECK(is_consistent(state));
        }
    }
}

TEST_CASE("the default path follows the XDG base directories", "[certs][store]")
{
    const auto keep = [](const char* name) {
        const char* value = std::getenv(name);
        return std::pair<std::string, std::optional<std::string>>(
            name, value == nullptr ? std::nullopt : std::optional<std::string>(value));
    };
    const auto saved = {keep("XDG_STATE_HOME"), keep("HOME")};
    ::setenv("XDG_STATE_HOME", "/state", 1);
    ::setenv("HOME", "/home/somebody", 1);
    CHECK(StateDirectory::default_path() == "/state/alert40");
    ::setenv("XDG_STATE_HOME", "relative", 1);
    CHECK(StateDirectory::default_path() == "/home/somebody/.local/state/alert40");
    ::unsetenv("XDG_STATE_HOME");
    CHECK(StateDirectory::default_path() == "/home/somebody/.local/state/alert40");
    ::unsetenv("HOME");
    CHECK_THROWS_AS(StateDirectory::default_path(), std::runtime_error);
    for (const auto& [name, value] : saved) {
        if (value)
            ::setenv(name.c_str(), value->c_str(), 1);
        else
            ::unsetenv(name.c_str());
    }
}
