// SPDX-License-Identifier: GPL-2.0-or-later
// The clients and lexicons of this repository: each loads, and holds what it says of itself.
#include "client-checks/checks/expected.h"
#include "scenarios/loader/catalogue.h"
#include "scenarios/loader/input_error.h"
#include "tests/source_dir.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

const std::filesystem::path kData = test_source_dir();

TEST_CASE("every client loads, and its library has a lexicon", "[checks][clients]")
{
    const auto lexicons = load_lexicons(kData);
    const auto clients = load_clients(kData);
    CHECK(clients.size() >= 4);
    for (const auto& client : clients) {
        INFO(client.name);
        CHECK_FALSE(client.argv.empty());
        CHECK(lexicons.contains(client.library));
        CHECK((client.connected_pattern || client.connected_exit_code));
    }
}

/// Examples are read by their own lines; lines that are inherited are held to that where they are written.
void check_examples(const Lexicon& lexicon, const std::string& file)
{
    for (const auto& line : lexicon.lines) {
        if (line.where.text().find(file) == std::string::npos) continue;
        INFO(line.where.text() << ": " << line.example);
        CHECK_FALSE(line.seen.empty());
        const auto reading = read_output(lexicon, {line.example, "", line.exit_code.value_or(1)});
        CHECK(reading.line == &line);
        CHECK_FALSE(reading.symptoms.empty());
    }
}

TEST_CASE("the example of each line of a lexicon is read by that line", "[checks][lexicons]")
{
    for (const auto& [library, lexicon] : load_lexicons(kData)) check_examples(lexicon, "/" + library + ".toml");
}

TEST_CASE("the example of each line of a client's own is read by that line", "[checks][lexicons]")
{
    const auto lexicons = load_lexicons(kData);
    for (const auto& client : load_clients(kData)) {
        if (!client.says) continue;
        Lexicon lexicon = lexicons.at(client.library);
        const auto own = read_lines(*client.says);
        lexicon.lines.insert(lexicon.lines.begin(), own.begin(), own.end());
        check_examples(lexicon, "/" + client.name + ".toml");
    }
}

TEST_CASE("every deviation names scenarios that there are, and a reason", "[checks][expected]")
{
    std::vector<std::string> ids;
    for (const auto& scenario : load_scenarios(scenario_files(kData))) ids.push_back(scenario.id);
    std::vector<Deviation> all;
    for (const auto& [library, lexicon] : load_lexicons(kData))
        all.insert(all.end(), lexicon.differs.begin(), lexicon.differs.end());
    for (const auto& client : load_clients(kData)) all.insert(all.end(), client.differs.begin(), client.differs.end());
    for (const auto& deviation : all) {
        INFO(deviation.differs.name.where.text());
        CHECK(deviation.differs.because.size() > 10);
        for (const auto& glob : deviation.scenarios) {
            INFO(glob);
            Deviation alone;
            alone.scenarios = {glob};
            CHECK(std::any_of(ids.begin(), ids.end(), [&](const auto& id) { return alone.covers(id); }));
        }
    }
}

TEST_CASE("every scenario has an expectation of every client", "[checks][expected]")
{
    const auto lexicons = load_lexicons(kData);
    for (const auto& definition : load_clients(kData)) {
        const Lexicon& lexicon = lexicons.at(definition.library);
        RosterEntry client;
        client.definition = definition;
        client.lexicon = &lexicon;
        client.manners = lexicon.manners;
        if (definition.manners)
            for (const auto& [symptom, manner] : read_manners(*definition.manners)) client.manners[symptom] = manner;
        for (const auto& scenario : load_scenarios(scenario_files(kData))) {
            INFO(scenario.id << " x " << definition.name);
            const Expected expected = expect(scenario, client);
            CHECK_FALSE(describe(expected).empty());
            CHECK_FALSE(expected.where.text().empty());
        }
    }
}

TEST_CASE("a symptom is one of the known ones, and keeps its text", "[checks][symptom]")
{
    for (const auto& text : all_symptom_names()) {
        INFO(text);
        const auto symptom = Symptom::parse(text);
        if (text.find('<') != std::string::npos) continue; // a placeholder for hints
        REQUIRE(symptom);
        CHECK(symptom->text() == text);
        CHECK((symptom->reason().empty() ? symptom->kind() : symptom->kind() + ":" + symptom->reason()) == text);
    }
    CHECK(Symptom::parse("alert-received:handshake_failure") == Symptom::received(AlertDescription::handshake_failure));
    for (const auto* wrong :
         {"", "verify", "verify:", "verify:sad", "alert-received:sad", "expired", "connected:yes"}) {
        INFO(wrong);
        CHECK_FALSE(Symptom::parse(wrong));
    }
}

} // namespace
} // namespace alert40
