// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/reports/result_file.h"

#include "client-checks/reports/result_journal.h"
#include "scenarios/loader/input_error.h"
#include "tests/reports/made_result.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace alert40 {
namespace {

using namespace test;
using Catch::Matchers::Contains;

std::string text_of(const RunResult& result)
{
    std::ostringstream out;
    write_result(result, out);
    return out.str();
}

std::string error_of(std::string_view text)
{
    try {
        parse_result(text, "r.json");
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

RunResult with_everything()
{
    auto result = made_result();
    result.shard = ShardOf{2, 5, "0123456789abcdef"};
    result.asked = {{{"cipher"}, {"curl"}, true}};
    result.scenarios[0].cells[0].further.push_back({2, *result.scenarios[0].cells[0].seen});
    return result;
}

TEST_CASE("a result is read as it was written, and writes the same again", "[reports][result-file]")
{
    const auto text = text_of(with_everything());
    const auto read = parse_result(text, "r.json");
    CHECK(text_of(read) == text);
    REQUIRE(read.shard);
    CHECK(read.shard->index == 2);
    REQUIRE(read.scenarios.size() == 3);
    CHECK(read.scenarios[0].cells[0].seen->says == "SSL alert number 40");
    CHECK(read.scenarios[0].cells[0].further.size() == 1);
    CHECK_FALSE(read.scenarios[0].cells[2].seen);
    CHECK(exit_status(read) == exit_status(made_result()));
}

TEST_CASE("every report is the same from a file", "[reports][result-file]")
{
    const auto made = made_result();
    const auto read = parse_result(text_of(made), "r.json");
    for (const auto& format : all_reports()) {
        INFO(format.name);
        CHECK(written(format, read) == written(format, made));
    }
}

TEST_CASE("a result that is cut short anywhere is an error that says so", "[reports][result-file]")
{
    const auto text = text_of(with_everything());
    for (std::size_t length = 0; length < text.size() - 2; length += 1 + length / 50) {
        INFO(length);
        CHECK_THAT(error_of(std::string_view(text).substr(0, length)), Contains("cut short"));
    }
}

TEST_CASE("whatever octet is damaged, a result is read or refused", "[reports][result-file]")
{
    const auto text = text_of(with_everything());
    for (std::size_t at = 0; at < text.size(); at += 61)
        for (const char octet : {'\0', '"', '}', '9', '-', '\xFF'}) {
            auto damaged = text;
            damaged[at] = octet;
            error_of(damaged); // nothing but InputError
        }
}

TEST_CASE("what is no result of this schema is refused, with the place", "[reports][result-file]")
{
    CHECK_THAT(error_of("{}"), Contains("r.json: no result of alert40-check"));
    CHECK_THAT(error_of("[1]"), Contains("no result"));
    CHECK_THAT(error_of("nonsense"), Contains("r.json: no JSON at octet"));
    CHECK_THAT(error_of(R"({"schema":1})"), Contains("its schema is 1, and this alert40-check reads 2"));
    CHECK_THAT(error_of(R"({"schema":"x"})"), Contains("its schema is \"x\""));
    CHECK_THAT(error_of(R"({"schema":2})"), Contains("r.json: the key 'complete' is missing"));

    struct Wrong {
        const char* pointer;
        nlohmann::json value;
        const char* says;
    };
    for (const auto& [pointer, value, says] :
         {Wrong{"/scenarios/1/cells/0/verdict", "passed",
                "r.json: scenario 2, cell 1: verdict: 'passed' is no verdict"},
          Wrong{"/scenarios/1/cells/0/client", "nobody", "the client 'nobody' is not in the list of clients"},
          Wrong{"/scenarios/1/cells/1/client", "curl", "the cell certificate/made with curl is there twice"},
          Wrong{"/scenarios/0/name", 7, "scenario 1: name: a text was expected"},
          Wrong{"/scenarios/0/cells", 7, "scenario 1: the list 'cells' is missing"},
          Wrong{"/scenarios/0/cells/0/ms", -1e300, "ms: a number was expected"},
          Wrong{"/scenarios/0/cells/0/ms", 99999999999999, "ms: a number was expected"},
          Wrong{"/scenarios/0/cells/0/command/port", -1, "port: a number was expected"},
          Wrong{"/scenarios/0/cells/0/reasons", "x", "reasons: a list was expected"},
          Wrong{"/scenarios/0/cells/0/reasons", {1}, "reasons 1: a text was expected"},
          Wrong{"/scenarios/0/cells/0/command/environment", {1}, "environment: an object was expected"},
          Wrong{"/scenarios", nullptr, "the list 'scenarios' is missing"},
          Wrong{"/clients", nlohmann::json::array({1}), "clients 1: an object was expected"},
          Wrong{"/shard/index", 6, "there is no shard 6/5"},
          Wrong{"/complete", "yes", "complete: true or false was expected"}}) {
        auto document = nlohmann::json::parse(text_of(with_everything()));
        document[nlohmann::json::json_pointer(pointer)] = value;
        INFO(pointer);
        CHECK_THAT(error_of(document.dump()), Contains(says));
    }
}

TEST_CASE("a file that is none cannot be read", "[reports][result-file]")
{
    const TemporaryDirectory directory;
    CHECK_THROWS_WITH(read_result(directory.path() / "none.json"), Contains("none.json cannot be read"));
    CHECK_THROWS_AS(read_result(directory.path()), InputError);
    write_text(directory.path() / "empty.json", "");
    CHECK_THROWS_WITH(read_result(directory.path() / "empty.json"), Contains("is empty"));
}

TEST_CASE("a journal is JSON after every cell, and is read as far as it came", "[reports][journal]")
{
    const TemporaryDirectory directory;
    const auto file = directory.path() / "r.json";
    write_text(file,
               "what was there before, and is longer than the first lines of the journal" + std::string(100'000, ' '));
    const auto whole = made_result();
    auto frame = whole;
    for (auto& scenario : frame.scenarios) scenario.cells.clear();
    ResultJournal journal(file, frame);
    std::size_t count = 0;
    CHECK(tally(read_result(file)).total() == 0);
    for (const std::size_t scenario : {2, 0, 1}) // as they end
        for (const auto& cell : whole.scenarios[scenario].cells) {
            journal.add(cell, scenario);
            CHECK_NOTHROW(nlohmann::json::parse(read_text(file)));
            const auto read = read_result(file);
            CHECK_FALSE(read.complete);
            CHECK(exit_status(read) == 3);
            CHECK(tally(read).total() == ++count);
        }
    auto read = read_result(file);
    read.complete = true;
    CHECK(text_of(read) == text_of(whole));
}

TEST_CASE("of a journal whose last line was cut the whole lines count", "[reports][journal]")
{
    const TemporaryDirectory directory;
    const auto file = directory.path() / "r.json";
    auto frame = made_result();
    const auto scenarios = frame.scenarios;
    for (auto& scenario : frame.scenarios) scenario.cells.clear();
    {
        ResultJournal journal(file, frame);
        for (std::size_t index = 0; index < scenarios.size(); ++index)
            for (const auto& cell : scenarios[index].cells) journal.add(cell, index);
    }
    const auto text = read_text(file);
    const auto head = text.find('\n') + 1;
    for (std::size_t length = head; length < text.size(); length += 11) {
        const auto cut = text.substr(0, length);
        const auto lines =
            static_cast<std::size_t>(std::count(cut.begin() + static_cast<std::ptrdiff_t>(head), cut.end(), '\n'));
        INFO(length);
        const auto read = parse_result(cut, "r.json");
        CHECK(tally(read).total() == std::min<std::size_t>(lines, 9));
    }
    // Where the new line was written half over the old end, "]}\n".
    std::size_t lines = 0;
    for (auto begin = head; lines < 9; begin = text.find('\n', begin) + 1, ++lines) {
        const auto line = text.substr(0, begin + 1); // with its first octet
        for (const auto* end : {"}\n", "{\n", "{\"", ""})
            CHECK(tally(parse_result(line + end, "r.json")).total() == lines);
    }
    CHECK_THAT(error_of(text.substr(0, head - 5)), Contains("cut short"));
}

TEST_CASE("a journal that cannot be written says which", "[reports][journal]")
{
    const TemporaryDirectory directory;
    CHECK_THROWS_WITH(ResultJournal(directory.path() / "none" / "r.json", made_result()),
                      Contains("r.json cannot be written"));
    if (!std::filesystem::exists("/dev/full")) return;
    CHECK_THROWS_WITH(ResultJournal("/dev/full", made_result()), Contains("/dev/full cannot be written"));
}

} // namespace
} // namespace alert40
