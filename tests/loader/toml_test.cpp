// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/loader/codecs.h"
#include "scenarios/loader/scenario_fields.h"
#include "tests/certs/support.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

/// A target with one field of each kind of reading.
struct Sample {
    std::string text;
    bool flag = false;
    std::vector<CipherSuite> suites;
    std::optional<NamedGroup> group;
    Located<std::string> where;
};

Sample read_sample(std::string_view text)
{
    const Fields<Sample> fields = {
        field("text", &Sample::text, "A text").require(),
        field("flag", &Sample::flag, "A flag"),
        field("suites", &Sample::suites, "Suites"),
        field("group", &Sample::group, "A group"),
        field("where", &Sample::where, "A text with its position"),
    };
    return read_table(parse_toml(text, "sample.toml"), fields);
}

std::string error_of(std::string_view text)
{
    try {
        read_sample(text);
    } catch (const InputError& error) {
        return error.what();
    }
    return "no error";
}

TEST_CASE("values know where they stood", "[loader][toml]")
{
    const auto table = parse_toml("a = 1\n[b]\nc = [\"x\",\n  true]\n  d.e = 2.5\n", "dir/file.toml");
    CHECK(table.find("a")->where.text() == "dir/file.toml:1:5");
    const auto& b = table.find("b")->as_table();
    CHECK(b.find("c")->where.text() == "dir/file.toml:3:5");
    CHECK(b.find("c")->as_array()[1].where.text() == "dir/file.toml:4:3");
    CHECK(b.find("d")->as_table().find("e")->where.text() == "dir/file.toml:5:9");
    CHECK(table.find("none") == nullptr);
    CHECK(SourcePos{}.text().empty());
}

TEST_CASE("a table keeps the order of the file", "[loader][toml]")
{
    std::string keys;
    for (const auto& [key, value] : parse_toml("z = 1\na = 2\nm = 3\n", "f").entries) keys += key;
    CHECK(keys == "zam");
}

TEST_CASE("what is no TOML is refused at its position", "[loader][toml]")
{
    const auto text = GENERATE(as<std::string>{}, "a = ", "a = 1\na = 2\n", "[x\n", "a = \"\x01\"", "\xff", "[[\x01",
                               "a = 01", "= 1", "[a]\n[a]\n");
    CHECK_THROWS_AS(parse_toml(text, "f.toml"), InputError);
    CHECK_THROWS_WITH(parse_toml(text, "f.toml"), Catch::StartsWith("f.toml:") && Catch::Contains(": not TOML: "));
    CHECK_THROWS_WITH(parse_toml("a = 1\nb = [1,\n", "f.toml"), Catch::StartsWith("f.toml:"));
}

TEST_CASE("a date is refused, since it would rot", "[loader][toml]")
{
    CHECK_THROWS_WITH(parse_toml("\nd = 2024-01-01\n", "f.toml"),
                      Catch::StartsWith("f.toml:2:5: a date or time stands here\n  hint: "));
}

TEST_CASE("a file that cannot be read is refused with its name and the reason", "[loader][toml]")
{
    const test::TemporaryDirectory directory;
    const auto large = directory.path() / "large.toml";
    test::write_text(large, std::string(1024 * 1024 + 1, '#'));
    CHECK_THROWS_WITH(parse_toml_file(large), large.string() + ": has 1048577 bytes; the largest file read is 1 MiB");
    CHECK_THROWS_WITH(parse_toml_file(directory.path()),
                      directory.path().string() + ": is a directory, not a TOML file");
    CHECK_THROWS_WITH(parse_toml_file(directory.path() / "none"), Catch::Contains("/none: cannot be read: "));
}

TEST_CASE("the strict reader reads what its fields say", "[loader][fields]")
{
    const auto sample =
        read_sample("text = \"t\"\nflag = true\nsuites = [\"ECDHE-RSA-AES128-SHA\", \"TLS_AES_128_GCM_SHA256\"]\n"
                    "group = \"x25519\"\nwhere = \"w\"\n");
    CHECK(sample.text == "t");
    CHECK(sample.flag);
    CHECK(sample.suites == std::vector{CipherSuite{0xc013}, CipherSuite::TLS_AES_128_GCM_SHA256});
    CHECK(sample.group == NamedGroup::x25519);
    CHECK(sample.where.where.text() == "sample.toml:5:9");
    CHECK_FALSE(read_sample("text = \"\"").group);
}

TEST_CASE("what the strict reader refuses it names, with position, expectation and the nearest name",
          "[loader][fields]")
{
    CHECK(
        error_of("text = \"t\"\nflagg = true\n") ==
        "sample.toml:2:9: unknown key 'flagg'\n  hint: did you mean 'flag'? one of: text, flag, suites, group, where");
    CHECK(error_of("flag = true\n") == "sample.toml:1:1: the key 'text' is missing\n  hint: A text");
    CHECK(error_of("text = 1\n") == "sample.toml:1:8: expected a string, found a whole number");
    CHECK(error_of("text = [1]\n") == "sample.toml:1:8: expected a string, found a list");
    CHECK(error_of("text = \"t\"\nflag = \"true\"\n") == "sample.toml:2:8: expected true or false, found a string");
    CHECK(error_of("text = \"t\"\nsuites = \"x\"\n") == "sample.toml:2:10: expected a list, found a string");
    CHECK(error_of("text = \"t\"\n[group]\na = 1.5\n") == "sample.toml:2:1: expected a string, found a table");
    CHECK(error_of("text = \"t\"\ngroup = \"x2551\"\n")
              .starts_with("sample.toml:2:9: unknown group 'x2551'\n  hint: did you mean 'x25519'?"));
    // Of 350 suites only the nearest is named.
    CHECK(
        error_of("text = \"t\"\nsuites = [\"ECDHE-RSA-AES128-SHB\"]\n") ==
        "sample.toml:2:11: unknown cipher suite 'ECDHE-RSA-AES128-SHB'\n  hint: did you mean 'ECDHE-RSA-AES128-SHA'? ");
}

TEST_CASE("a whole number has a range, whose ends belong to it", "[loader][fields]")
{
    const auto read = [](const std::string& number) {
        return read_integer(*parse_toml("n = " + number, "f").find("n"), -1, 10);
    };
    CHECK(read("-1") == -1);
    CHECK(read("10") == 10);
    CHECK_THROWS_WITH(read("11"), "f:1:5: 11 is out of range\n  hint: from -1 to 10");
    CHECK_THROWS_WITH(read("-2"), Catch::Contains("-2 is out of range"));
    CHECK_THROWS_WITH(read("1.0"), "f:1:5: expected a whole number, found a fraction");
    CHECK_THROWS_AS(read("99999999999999999999"), InputError);
}

TEST_CASE("an InputError is one line, and one more for its hint", "[loader][input_error]")
{
    const SourcePos where{std::make_shared<const std::string>("f.toml"), 3, 7};
    CHECK(std::string(InputError(where, "wrong").what()) == "f.toml:3:7: wrong");
    CHECK(std::string(InputError(where, "wrong", "right").what()) == "f.toml:3:7: wrong\n  hint: right");
    CHECK(std::string(InputError({where.file, 0, 0}, "wrong").what()) == "f.toml: wrong");
    CHECK(std::string(InputError("wrong", "right").what()) == "wrong\n  hint: right");
    const std::vector<std::string> allowed{"alert", "close", "reset"};
    CHECK(hint_for("rset", allowed) == "did you mean 'reset'? one of: alert, close, reset");
    CHECK(hint_for("completely-else", allowed) == "one of: alert, close, reset");
}

TEST_CASE("an overlay merges tables, and replaces every other value whole", "[loader][overlay]")
{
    const auto base = parse_toml("a = 1\nlist = [1, 2, 3]\n[t]\nx = 1\ny = 2\n[t.u]\nz = 1\n[s]\nk = 1\n", "base");
    const auto over = parse_toml("list = [4]\nnew = 5\ns = \"text\"\n[t]\ny = 3\nu.w = 4\n", "over");
    const auto both = overlay_toml(base, over);
    CHECK(both.find("a")->as_integer() == 1);
    REQUIRE(both.find("list")->as_array().size() == 1);
    CHECK(both.find("list")->as_array()[0].as_integer() == 4);
    CHECK(both.find("list")->where.text() == "over:1:8");
    CHECK(both.find("new")->as_integer() == 5);
    CHECK(both.find("s")->as_string() == "text"); // a table gives way as a whole
    const auto& t = both.find("t")->as_table();
    CHECK(t.find("x")->as_integer() == 1);
    CHECK(t.find("x")->where.text() == "base:4:5");
    CHECK(t.find("y")->as_integer() == 3);
    CHECK(t.find("u")->as_table().find("z")->as_integer() == 1);
    CHECK(t.find("u")->as_table().find("w")->as_integer() == 4);
}

TEST_CASE("the fields that read a table are its schema", "[loader][schema]")
{
    const auto schema = schema_of(client_fields());
    CHECK(schema["additionalProperties"] == false);
    CHECK(schema["properties"]["timeout_ms"]["minimum"] == 1);
    CHECK(schema["properties"]["timeout_ms"]["maximum"] == 600'000);
    CHECK(schema["properties"]["versions"]["items"]["enum"].size() == all_protocol_version_names().size());
    CHECK(schema.contains("required") == false);
    CHECK(expectation_schema()["required"] == nlohmann::json::array({"ends"}));
}

} // namespace
} // namespace alert40
