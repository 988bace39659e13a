// SPDX-License-Identifier: GPL-2.0-or-later
// How a lexicon file is read, and how a client's output is read through one.
#include "client-checks/lexicons/lexicon.h"
#include "client-checks/lexicons/line_search.h"
#include "client-checks/lexicons/needed_literals.h"

#include "scenarios/loader/input_error.h"
#include "tests/certs/support.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

const std::string kLine =
    "[[says]]\npattern = 'broke'\nmeans = [\"closed\"]\nexample = \"it broke\"\nseen = \"here\"\n";

Lexicon lexicon_of(const std::string& text)
{
    const test::TemporaryDirectory directory;
    test::write_text(directory.path() / "made.toml", text);
    return load_lexicon(directory.path() / "made.toml");
}

std::string error_of(const std::string& text)
{
    try {
        lexicon_of(text);
    } catch (const InputError& error) {
        return error.what();
    }
    return "no error";
}

std::string line_with(const std::string& keys)
{
    return "[[says]]\nexample = \"e\"\nseen = \"s\"\n" + keys;
}

std::string read(const Lexicon& lexicon, std::string_view output, std::string_view errors = {}, int exit_code = 1)
{
    return describe(read_output(lexicon, {output, errors, exit_code}).symptoms);
}

TEST_CASE("the first line of the lexicon that matches decides, wherever its text stands", "[lexicons][reading]")
{
    const auto lexicon = lexicon_of(kLine + line_with("pattern = 'reset'\nmeans = [\"reset\"]\n"));
    CHECK(read(lexicon, "a reset came\nit broke") == "closed");
    CHECK(read(lexicon, "a reset came", "it broke") == "closed");
    CHECK(read(lexicon, "", "a reset came") == "reset");
    CHECK(read(lexicon, "all went well") == "nothing that the lexicon knows");
    CHECK(read(lexicon, "") == "nothing that the lexicon knows");
}

TEST_CASE("the client's own words are the whole line that matched", "[lexicons][reading]")
{
    const auto lexicon = lexicon_of(kLine);
    const auto says = [&](std::string_view output) { return read_output(lexicon, {output, {}, 1}).says; };
    CHECK(says("first\nand so it broke here\nlast") == "and so it broke here");
    CHECK(says("it broke") == "it broke");
    CHECK(says("\nit broke\r\n") == "it broke");
}

TEST_CASE("a line may ask for an exit status instead of a text, or beside it", "[lexicons][reading]")
{
    const auto status = lexicon_of(line_with("exit_code = 35\nmeans = [\"closed\"]\n"));
    CHECK(read(status, "", "", 35) == "closed");
    CHECK(read_output(status, {"", "", 35}).says == "exit status 35");
    CHECK(read(status, "", "", 34) == "nothing that the lexicon knows");
    const auto both = lexicon_of(line_with("exit_code = 35\npattern = 'broke'\nmeans = [\"closed\"]\n"));
    CHECK(read(both, "it broke", "", 35) == "closed");
    CHECK(read(both, "it broke", "", 34) == "nothing that the lexicon knows");
    CHECK(read(both, "it held", "", 35) == "nothing that the lexicon knows");
}

TEST_CASE("an alert is read by number, by OpenSSL's reason and by name", "[lexicons][reading][alert]")
{
    const auto number = lexicon_of(line_with("pattern = 'alert (\\d+)'\nalert = \"number\"\n"));
    CHECK(read(number, "alert 40") == "alert-received:handshake_failure");
    CHECK(read(number, "alert 99") == "alert-received:unspecified");
    CHECK(read(number, "alert 256") == "nothing that the lexicon knows");
    CHECK(read(number, "alert 99999999999999999999") == "nothing that the lexicon knows");
    const auto reason = lexicon_of(line_with("pattern = 'error ([0-9A-F]+)'\nalert = \"openssl-reason\"\n"));
    CHECK(read(reason, "error 410") == "alert-received:handshake_failure");
    CHECK(read(reason, "error 3E7") == "nothing that the lexicon knows"); // 999: no alert, a reason of OpenSSL's own
    CHECK(read(reason, "error 4E8") == "nothing that the lexicon knows"); // 1256
    const auto name = lexicon_of(line_with("pattern = 'alert (\\w+)'\nalert = \"name\"\n"));
    CHECK(read(name, "alert unknown_ca") == "alert-received:unknown_ca");
    CHECK(read(name, "alert nonsense") == "nothing that the lexicon knows");
}

TEST_CASE("a caret and a dollar are the ends of a line, and of no piece of a long one", "[lexicons][reading]")
{
    const auto lexicon = lexicon_of(line_with("pattern = '^broke$'\nmeans = [\"closed\"]\n"));
    CHECK(read(lexicon, "first\nbroke\nlast") == "closed");
    CHECK(read(lexicon, "it broke") == "nothing that the lexicon knows");
    for (std::size_t around = 1; around < 1500; around += 3) { // pieces begin and end everywhere
        const std::string spaces(around, ' ');
        if (read(lexicon, spaces + "broke" + spaces) == "closed") FAIL(around);
        if (read(lexicon, spaces + "broke") == "closed" || read(lexicon, "broke" + spaces) == "closed") FAIL(around);
    }
}

TEST_CASE("a text is found wherever it stands in a long line", "[lexicons][reading]")
{
    const auto lexicon = lexicon_of(kLine);
    for (std::size_t before = 0; before < 3000; before += 7) {
        const auto line = std::string(before, 'x') + "broke" + std::string(3000 - before, 'x');
        if (read(lexicon, line) != "closed") FAIL(before);
    }
}

TEST_CASE("a wrong lexicon is said with its place", "[lexicons][loading]")
{
    struct Case {
        std::string text, message;
    };
    const auto each = GENERATE(
        Case{"[[sayz]]\n", "made.toml:1:1: unknown key 'sayz'"},
        Case{line_with("pattern = '('\nmeans = [\"closed\"]\n"), "made.toml:4:11: not a regular expression"},
        Case{line_with("pattern = 'x'\nmeans = [\"verify:expird\"]\n"),
             "made.toml:5:10: unknown symptom 'verify:expird'"},
        Case{line_with("pattern = 'x'\nmeans = [\"verify:expird\"]\n"), "did you mean 'verify:expired'"},
        Case{line_with("pattern = 'x'\n"), "either what it means or how its alert or status is read"},
        Case{line_with("pattern = 'x'\nmeans = [\"closed\"]\nalert = \"number\"\n"), "either what it means or"},
        Case{line_with("means = [\"closed\"]\n"), "needs a pattern or an exit_code"},
        Case{line_with("pattern = 'x'\nalert = \"decimal\"\n"), "unknown way to read an alert 'decimal'"},
        Case{line_with("exit_code = 256\nmeans = [\"closed\"]\n"), "made.toml:4:13: "},
        Case{"[[says]]\npattern = 'x'\nmeans = [\"closed\"]\nexample = \"x\"\n", "seen"},
        Case{"[manners]\n\"verify:expird\" = \"close\"\n", "made.toml:2:19: unknown symptom 'verify:expird'"},
        Case{"[manners]\n\"verify:expired\" = \"shut\"\n", "made.toml:2:20: unknown manner 'shut'"},
        Case{"[manners]\n\"verify:expired\" = \"alert:expired\"\n", "unknown manner 'alert:expired'"});
    CHECK_THAT(error_of(each.text), Catch::Matchers::Contains(each.message));
}

TEST_CASE("a manner is an alert, a close, a reset or no rejection at all", "[lexicons][manners]")
{
    const auto manners = lexicon_of("[manners]\n\"verify:expired\" = \"alert:certificate_expired\"\n"
                                    "\"verify:self-signed\" = \"close\"\n\"verify:revoked\" = \"reset\"\n"
                                    "\"local:dh-too-small\" = \"accepts\"\n")
                             .manners;
    CHECK(manners.at("verify:expired") == Manner{Manner::Kind::alert, AlertDescription::certificate_expired});
    CHECK(manners.at("verify:self-signed").kind == Manner::Kind::close);
    CHECK(manners.at("verify:revoked").kind == Manner::Kind::reset);
    CHECK(manners.at("local:dh-too-small").kind == Manner::Kind::accepts);
}

TEST_CASE("a text is searched only where it holds a literal of each pattern's alternatives", "[lexicons]")
{
    using Literals = std::vector<std::string>;
    CHECK(needed_literals("Received alert \\[(\\d+)\\]") == Literals{"Received alert ["});
    CHECK(needed_literals("errno=104|Broken pipe") == Literals{"errno=104", "Broken pipe"});
    CHECK(needed_literals("colou?red x light") == Literals{"red x light"});
    CHECK(needed_literals("wolfSSL error -(501|500):") == Literals{"wolfSSL error -501:", "wolfSSL error -500:"});
    CHECK(needed_literals("(?:sslv3|tlsv1)(?: alert)? x") == Literals{"sslv3", "tlsv1"});
    CHECK(needed_literals("self[- ]signed") == Literals{"self-signed", "self signed"});
    CHECK(needed_literals("abc(?!def)|ghi(?=jkl)") == Literals{"abc", "ghi"});
    CHECK(needed_literals("(abc|[0-9]+)x").empty());
    CHECK(needed_literals("ab|certificate").empty());
    CHECK(needed_literals("x{2,3}y").empty());
    CHECK(needed_literals("\\x41bcd") == Literals{"Abcd"});
    CHECK(may_match("write:errno=104", {"errno=104", "Broken pipe"}));
    CHECK_FALSE(may_match("write:errno=32", {"errno=104", "Broken pipe"}));
    CHECK(may_match("", {}));
}

TEST_CASE("a line of a log is searched only where it holds all that one alternative of the pattern needs", "[lexicons]")
{
    using Ways = std::vector<NeededSets>;
    CHECK(needed_ways("certificate .* expired") == Ways{{{"certificate "}, {" expired"}}});
    CHECK(needed_ways("403\\.7\\b.*(certificate|Forbidden)|Broken pipe") ==
          Ways{{{"403.7"}, {"certificate", "Forbidden"}}, {{"Broken pipe"}}});
    CHECK(needed_ways("(alert|fatal)+ .*[0-9]: (unknown|bad) ca?") ==
          Ways{{{"alert", "fatal"}, {": unknown c", ": bad c"}}});
    CHECK(needed_ways("abc|[0-9]+") == Ways{{{"abc"}}, {}});
    CHECK(needed_ways("") == Ways{{}});
}

TEST_CASE("a lexicon that is like another adds to it: its own lines come first, its manners and differences hold",
          "[lexicons][like]")
{
    const test::TemporaryDirectory data;
    const auto write = [&](const std::string& library, const std::string& text) {
        std::filesystem::create_directories(data.path() / "client-checks" / "lexicons");
        test::write_text(data.path() / "client-checks" / "lexicons" / (library + ".toml"), text);
    };
    const std::string manners = "[manners]\n\"verify:expired\" = ";
    const std::string differs = "[[differs]]\nscenarios = [\"a/*\"]\nends = \"timeout\"\nbecause = ";
    write("old", kLine + differs + "\"it is old\"\n" + manners + "\"close\"\n\"verify:revoked\" = \"reset\"\n");
    write("new", "like = \"old\"\n" + line_with("pattern = 'it broke'\nmeans = [\"reset\"]\n") + differs +
                     "\"it is new\"\n" + manners + "\"accepts\"\n");
    const auto lexicons = load_lexicons(data.path());
    const Lexicon& joined = lexicons.at("new");
    CHECK(read(joined, "it broke") == "reset");
    CHECK(read(joined, "that broke") == "closed");
    CHECK(joined.manners.at("verify:expired").kind == Manner::Kind::accepts);
    CHECK(joined.manners.at("verify:revoked").kind == Manner::Kind::reset);
    CHECK(joined.lineage == std::vector<std::string>{"old", "new"});
    REQUIRE(joined.differs.size() == 2);
    CHECK(joined.differs.back().differs.because == "it is new");
    CHECK(joined.differs.front().covers("a/b"));
    CHECK_FALSE(joined.differs.front().covers("b/a"));

    write("new", "like = \"odl\"\n");
    CHECK_THROWS_WITH(load_lexicons(data.path()),
                      Catch::Contains("no lexicon is called 'odl'") && Catch::Contains("new, old"));
    write("new", "like = \"old\"\n");
    write("old", "like = \"new\"\n");
    CHECK_THROWS_WITH(load_lexicons(data.path()), Catch::Contains("like itself"));
}

} // namespace
} // namespace alert40
