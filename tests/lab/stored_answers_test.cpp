// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/stored_answers.h"
#include "scenarios/loader/input_error.h"
#include "tests/certs/support.h"
#include "tests/source_dir.h"

#include <catch2/catch.hpp>
#include <fstream>

using namespace alert40;

namespace {

constexpr const char* kFile = R"json({"schema": 1, "from": "2026-11-21",
"clients": [["curl", "7.88.1", "openssl"], ["wget", "1.21", "gnutls"]],
"words": ["server-alert", "handshake_failure", "alert-received:handshake_failure", "curl: (35)", ""],
"answers": {"cipher/x": [[0, 0, 1, 2, 3], [1, 0, 1, 2, 4]]}})json";

/// A data folder with this file of answers.
struct Data {
    explicit Data(const std::string& text)
    {
        std::filesystem::create_directories(directory.path() / "client-checks" / "lab");
        std::ofstream(directory.path() / "client-checks" / "lab" / "answers.json") << text;
    }
    test::TemporaryDirectory directory;
};

} // namespace

TEST_CASE("the answers to one scenario are told client by client", "[lab][answers]")
{
    const Data data(kFile);
    StoredAnswers answers(data.directory.path(), {});
    const auto told = answers.of_scenario("cipher/x");
    CHECK(told["from"] == "2026-11-21");
    REQUIRE(told["answers"].size() == 2);
    CHECK(told["answers"][0]["client"] == "curl");
    CHECK(told["answers"][0]["version"] == "7.88.1");
    CHECK(told["answers"][0]["library"] == "openssl");
    CHECK(told["answers"][0]["ends"] == "server-alert");
    CHECK(told["answers"][0]["alert"] == "handshake_failure");
    CHECK(told["answers"][0]["symptom"] == "alert-received:handshake_failure");
    CHECK(told["answers"][0]["says"] == "curl: (35)");
    CHECK(told["answers"][1]["says"] == "");
    CHECK(answers.of_scenario("cipher/unknown")["answers"].empty());
}

TEST_CASE("a file that says what cannot be is refused with its path", "[lab][answers]")
{
    const std::string whole = kFile;
    const auto text = GENERATE_REF(
        std::string("{"), std::string("[]"), std::string(R"({"schema": 2})"), whole.substr(0, whole.size() / 2),
        std::string(R"({"schema":1,"from":"x","clients":[],"words":[],"answers":{"a":[[0,0,0,0,0]]}})"),
        std::string(
            R"({"schema":1,"from":"x","clients":[["a","b","c"]],"words":["w"],"answers":{"a":[[0,7,0,0,0]]}})"));
    const Data data(text);
    StoredAnswers answers(data.directory.path(), {});
    CHECK_THROWS_WITH(answers.load(), Catch::Contains("answers.json"));
}

TEST_CASE("the answers that come with the data can be read", "[lab][answers]")
{
    StoredAnswers answers(test_source_dir(), {});
    CHECK_FALSE(answers.of_scenario("cipher/no-shared-cipher-tls12")["answers"].empty());
}
