// SPDX-License-Identifier: GPL-2.0-or-later
// The data of this repository, and how a command line chooses from it.
#include "scenarios/loader/catalogue.h"

#include "scenarios/loader/cause.h"
#include "scenarios/loader/data_files.h"
#include "scenarios/loader/input_error.h"
#include "scenarios/loader/recipe_file.h"
#include "server/faults/catalogue.h"
#include "tests/certs/support.h"
#include "tests/source_dir.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace alert40 {
namespace {

const std::filesystem::path kData = test_source_dir();

std::vector<std::string> ids_of(const std::vector<std::filesystem::path>& files)
{
    std::vector<std::string> ids;
    for (const auto& scenario : load_scenarios(files)) ids.push_back(scenario.id);
    return ids;
}

TEST_CASE("every scenario has an id of its own, a family first that people ask for", "[loader][catalogue]")
{
    const auto ids = ids_of(scenario_files(kData));
    CHECK(ids.size() > 40);
    CHECK(std::set(ids.begin(), ids.end()).size() == ids.size());
    CHECK(ids.front().starts_with("cipher/"));
}

TEST_CASE("a scenario is chosen by id, family, file or folder, once each", "[loader][catalogue]")
{
    const std::string id = "cipher/no-shared-cipher-tls12";
    const auto file = kData / "scenarios" / "cipher" / "no-shared-cipher-tls12.toml";
    CHECK(ids_of(select_scenarios(kData, {id})) == std::vector{id});
    CHECK(ids_of(select_scenarios(kData, {file.string()})) == std::vector{id});
    const auto family = ids_of(select_scenarios(kData, {"cipher"}));
    CHECK(family.size() >= 5);
    CHECK(std::all_of(family.begin(), family.end(), [](const auto& each) { return each.starts_with("cipher/"); }));
    CHECK(ids_of(select_scenarios(kData, {(kData / "scenarios" / "cipher").string()})).size() == family.size());
    CHECK(ids_of(select_scenarios(kData, {id, "cipher", id})).size() == family.size());
    CHECK(select_scenarios(kData, {}).size() == scenario_files(kData).size());
}

TEST_CASE("a name that means nothing is refused with the nearest", "[loader][catalogue]")
{
    CHECK_THROWS_AS(select_scenarios(kData, {"cipher/no-shared-cipher-tls"}), InputError);
    CHECK_THROWS_WITH(select_scenarios(kData, {"cipher/no-shared-cipher-tls"}),
                      Catch::Contains("did you mean 'cipher/no-shared-cipher-tls1"));
    CHECK_THROWS_WITH(select_scenarios(kData, {"something entirely else"}), Catch::Contains("alert40-server list"));
}

/// The settings as written, without positions: what two versions of a section are compared by.
std::string settings_of(const TomlValue& value)
{
    if (const auto* text = std::get_if<std::string>(&value.content)) return '"' + *text + '"';
    if (const auto* number = std::get_if<std::int64_t>(&value.content)) return std::to_string(*number);
    if (const auto* flag = std::get_if<bool>(&value.content)) return *flag ? "true" : "false";
    std::string all;
    if (const auto* items = std::get_if<TomlArray>(&value.content))
        for (const auto& item : *items) all += settings_of(item) + ",";
    if (const auto* table = std::get_if<TomlTable>(&value.content)) {
        auto entries = table->entries;
        std::sort(entries.begin(), entries.end(),
                  [](const auto& left, const auto& right) { return left.first < right.first; });
        for (const auto& [key, each] : entries) all += key + "=" + settings_of(each) + ";";
    }
    return "{" + all + "}";
}

TEST_CASE("every scenario's fix changes something, and names a cause with a page", "[loader][catalogue]")
{
    const auto causes = load_causes(kData);
    for (const auto& file : scenario_files(kData)) {
        INFO(file.string());
        const auto scenario = load_scenario(file);
        if (scenario.cause.value != "none") CHECK(causes.contains(scenario.cause.value));
        if (!scenario.fix) continue;
        const auto document = parse_toml_file(file);
        bool changes = false;
        for (const std::string section : {"server", "client"}) {
            const auto* fix = document.find("fix")->as_table().find(section);
            if (fix == nullptr) continue;
            const auto* before = document.find(section);
            const TomlTable base = before != nullptr ? before->as_table() : TomlTable{};
            changes = changes || settings_of({{}, overlay_toml(base, fix->as_table())}) != settings_of({{}, base});
        }
        CHECK(changes);
    }
}

TEST_CASE("the recipes, cause pages and classes of this repository load, and are used", "[loader][catalogue]")
{
    const auto recipes = load_recipes(kData / "certs" / "recipes");
    CHECK(recipes.contains("leaf"));
    CHECK(recipes.at("client").purpose == CertificatePurpose::client);
    for (const auto& [id, recipe] : recipes) CHECK_FALSE(recipe.summary.empty());

    const auto causes = load_causes(kData);
    CHECK(causes.size() >= 20);
    for (const auto& [id, cause] : causes) {
        INFO(id);
        CHECK_FALSE(cause.confirm.empty());
        CHECK_FALSE(cause.fix.empty());
    }
    std::set<std::string> shown;
    for (const auto& file : scenario_files(kData)) shown.insert(load_scenario(file).cause.value);
    for (const auto& [id, cause] : causes) {
        INFO(id << " has no scenario");
        CHECK(shown.contains(id));
    }

    const auto classes = load_indistinguishable(kData, causes);
    CHECK_FALSE(classes.empty());
    for (const auto& each : classes) {
        CHECK(each.causes.size() >= 2); // whose names load_indistinguishable() has resolved
    }
}

TEST_CASE("a class that names an unknown cause is refused with the nearest", "[loader][catalogue]")
{
    const test::TemporaryDirectory directory;
    const auto causes = directory.path() / "scenarios" / "causes";
    std::filesystem::create_directories(causes);
    test::write_text(causes / "indistinguishable.toml", "[[class]]\nevidence = \"wire\"\nwhen = \"w\"\ncauses = "
                                                        "[\"cipher-mismatch\", \"cipher-mismatsch\"]\nbecause = \"b\"\n"
                                                        "separate = \"s\"\n");
    CHECK_THROWS_WITH(
        load_indistinguishable(directory.path(), load_causes(kData)),
        Catch::Contains(":4:30: unknown cause 'cipher-mismatsch'\n  hint: did you mean 'cipher-mismatch'?"));
}

TEST_CASE("a folder without data is refused, with how to name another", "[loader][data]")
{
    const test::TemporaryDirectory directory;
    CHECK_THROWS_WITH(find_data(directory.path()), Catch::Contains("holds no alert40 data"));
    CHECK(find_data(kData) == kData);
    CHECK(toml_files(directory.path() / "none").empty());
}

/// What of `value` the schema does not allow, as a path; empty where it conforms. It knows the keywords that
/// scenario_schema() uses.
std::string departure(const nlohmann::json& schema, const TomlValue& value, const std::string& path)
{
    for (const auto* keyword : {"anyOf", "oneOf"}) {
        if (!schema.contains(keyword)) continue;
        const auto& ways = schema[keyword];
        const auto fitting = std::count_if(ways.begin(), ways.end(),
                                           [&](const auto& way) { return departure(way, value, path).empty(); });
        return fitting == 1 || (fitting > 1 && std::string_view(keyword) == "anyOf") ? "" : path + ": " + keyword;
    }
    if (schema.contains("const")) {
        const auto* text = std::get_if<std::string>(&value.content);
        return text != nullptr && *text == schema["const"] ? "" : path + ": const";
    }
    const std::string type = schema["type"];
    constexpr std::string_view kTypes[] = {"string", "integer", "number", "boolean", "array", "object"};
    if (kTypes[value.content.index()] != type) return path + ": no " + type;
    if (schema.contains("enum")) {
        const auto& names = schema["enum"];
        if (std::find(names.begin(), names.end(), value.as_string()) == names.end()) return path + ": enum";
    }
    if (schema.contains("minimum") &&
        (value.as_integer() < schema["minimum"] || value.as_integer() > schema["maximum"]))
        return path + ": range";
    if (type == "array") {
        for (const auto& item : value.as_array())
            if (auto found = departure(schema["items"], item, path + "[]"); !found.empty()) return found;
    }
    if (type != "object" || !schema.contains("properties")) return "";
    for (const auto& required : schema.value("required", nlohmann::json::array()))
        if (value.as_table().find(required.get<std::string>()) == nullptr)
            return path + ": without " + required.get<std::string>();
    for (const auto& [key, each] : value.as_table().entries) {
        if (!schema["properties"].contains(key)) return path + "/" + key + ": unknown";
        if (auto found = departure(schema["properties"][key], each, path + "/" + key); !found.empty()) return found;
    }
    return "";
}

TEST_CASE("every scenario conforms to the schema that is generated from the reader's tables", "[loader][schema]")
{
    const auto schema = scenario_schema(fault_schema());
    for (const auto& file : scenario_files(kData)) {
        INFO(file.string());
        CHECK(departure(schema, {{}, parse_toml_file(file)}, "") == "");
    }
    const auto wrong = [&](const std::string& text) { return departure(schema, {{}, parse_toml(text, "f")}, ""); };
    const std::string head = "title = \"t\"\ncause = \"c\"\nstory = \"s\"\nlesson = \"l\"\n";
    CHECK(wrong("title = \"t\"\n") == ": without cause");
    CHECK(wrong(head + "[expect]\nends = \"never\"\n") == "/expect/ends: enum");
    CHECK(wrong(head + "[expect]\nends = \"timeout\"\n[server]\nfaults = [{ at = \"connect\", do = \"rest\" }]\n") ==
          "/server/faults[]: oneOf");
    CHECK(wrong(head + "[expect]\nends = \"timeout\"\n[server]\nfaults = [{ at = \"connect\", do = \"reset\" }]\n") ==
          "");
    CHECK(wrong(head + "[expect]\nends = \"timeout\"\n[server]\nhost = 1\n") == "/server/host: unknown");
}

} // namespace
} // namespace alert40
