// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/loader/scenario.h"

#include "scenarios/loader/scenario_fields.h"

#include <stdexcept>

namespace alert40 {
namespace {

/// The overlay's sections, as written: still tables, to be put over the tables of the scenario.
struct FixTables {
    std::string summary;
    std::optional<TomlTable> server;
    std::optional<TomlTable> client;
};

struct ScenarioTables {
    Scenario scenario;
    TomlTable server;
    TomlTable client;
    std::optional<Located<FixTables>> fix;
};

/// An overlay's: tables are merged, so that none need be whole.
nlohmann::json without_required(nlohmann::json schema)
{
    if (schema.is_object()) schema.erase("required");
    if (schema.is_structured())
        for (auto& part : schema) part = without_required(std::move(part));
    return schema;
}

const Fields<FixTables>& fix_fields()
{
    static const Fields<FixTables> fields = {
        field("summary", &FixTables::summary, "What is changed, as one would say it to the owner").require(),
        {"server", "Put over [server]: tables are merged, values and arrays replaced whole",
         [](const TomlValue& value, FixTables& fix) { fix.server = value.as_table(); },
         [] { return without_required(schema_of(server_fields())); }},
        {"client", "Put over [client]", [](const TomlValue& value, FixTables& fix) { fix.client = value.as_table(); },
         [] { return schema_of(client_fields()); }},
    };
    return fields;
}

template <class Member>
Field<ScenarioTables> scenario_field(std::string key, Member Scenario::*member, std::string summary)
{
    return {std::move(key), std::move(summary),
            [member](const TomlValue& value, ScenarioTables& tables) {
                tables.scenario.*member = Codec<Member>::read(value);
            },
            [] { return Codec<Member>::schema(); }};
}

const Fields<ScenarioTables>& file_fields()
{
    static const Fields<ScenarioTables> fields = {
        scenario_field("title", &Scenario::title, "One line that names the failure").require(),
        scenario_field("cause", &Scenario::cause, "The root cause's id, or \"none\" for a control").require(),
        scenario_field("story", &Scenario::story, "What a customer's ticket says").require(),
        scenario_field("lesson", &Scenario::lesson, "What really happens, and where the RFC says so").require(),
        {"server", "How the server is set",
         [](const TomlValue& value, ScenarioTables& tables) { tables.server = value.as_table(); },
         [] { return schema_of(server_fields()); }},
        {"client", "What the checker asks every client to do",
         [](const TomlValue& value, ScenarioTables& tables) { tables.client = value.as_table(); },
         [] { return schema_of(client_fields()); }},
        Field<ScenarioTables>{"expect", "What must happen",
                              [](const TomlValue& value, ScenarioTables& tables) {
                                  tables.scenario.expect = read_expectation(value);
                                  tables.scenario.expect_table = value.as_table();
                              },
                              [] { return expectation_schema(); }}
            .require(),
        {"fix", "The overlay that removes the cause and nothing else; required unless ends = \"connected\"",
         [](const TomlValue& value, ScenarioTables& tables) {
             tables.fix = Located<FixTables>{read_table(value.as_table(), fix_fields()), value.where};
         },
         [] { return schema_of(fix_fields()); }},
    };
    return fields;
}

Fix read_fix(const ScenarioTables& tables)
{
    const FixTables& fix = tables.fix->value;
    if (!fix.server && !fix.client)
        throw InputError(tables.fix->where, "the fix changes nothing", "it puts values over server.* or client.*");
    const TomlTable server = fix.server ? overlay_toml(tables.server, *fix.server) : tables.server;
    const TomlTable client = fix.client ? overlay_toml(tables.client, *fix.client) : tables.client;
    return {fix.summary, read_server(server), read_table(client, client_fields()), server, client};
}

Scenario read_scenario(const TomlTable& document, std::string_view id)
{
    auto tables = read_table(document, file_fields());
    Scenario scenario = std::move(tables.scenario);
    scenario.id = id;
    scenario.where = {document.where.file, 0, 0};
    scenario.server = read_server(tables.server);
    scenario.client = read_table(tables.client, client_fields());
    const bool fails = scenario.expect.ends != Ending::connected;
    if (fails && !tables.fix)
        throw InputError(scenario.where, "a scenario that fails needs its [fix]",
                         "the overlay that removes the cause and nothing else");
    if (!fails && tables.fix) throw InputError(tables.fix->where, "a scenario that connects has nothing to fix");
    if (fails && scenario.cause.value == "none")
        throw InputError(scenario.cause.where, "a scenario that fails has a cause", "\"none\" is for controls");
    if ((scenario.expect.ends == Ending::not_listening) == scenario.server.listens)
        throw InputError(scenario.expect.where, "ends = \"not-listening\" and server.listens = false go together");
    for (const auto number : scenario.expect.failing)
        if (number > scenario.client.connections)
            throw InputError(scenario.expect.where,
                             fmt::format("expect.failing names connection {}, and client.connections is {}", number,
                                         scenario.client.connections));
    if (tables.fix) scenario.fix = read_fix(tables);
    scenario.server_table = std::move(tables.server);
    scenario.client_table = std::move(tables.client);
    return scenario;
}

} // namespace

std::string Scenario::default_server_name() const
{
    const auto slash = id.find('/');
    return id.substr(slash + 1) + "." + id.substr(0, slash) + ".localhost";
}

std::string Scenario::asked_name() const
{
    if (client.server_name == "none") return {};
    return client.server_name.empty() ? default_server_name() : client.server_name;
}

std::string Scenario::client_address() const
{
    if (!client.connect_to.empty()) return client.connect_to;
    return server.addresses.empty() ? "127.0.0.1" : server.addresses.front().address.value;
}

Scenario fixed_twin(const Scenario& scenario)
{
    if (!scenario.fix) throw std::logic_error("fixed_twin: " + scenario.id + " has no fix");
    Scenario twin = scenario;
    twin.server = scenario.fix->server;
    twin.client = scenario.fix->client;
    twin.server_table = scenario.fix->server_table;
    twin.client_table = scenario.fix->client_table;
    twin.expect = Expectation{};
    twin.expect_table = TomlTable{};
    twin.fix.reset();
    return twin;
}

Scenario parse_scenario(std::string_view text, std::string_view name, std::string_view id)
{
    return read_scenario(parse_toml(text, name), id);
}

Scenario load_scenario(const std::filesystem::path& path)
{
    const auto folder = std::filesystem::absolute(path).parent_path().filename().string();
    return read_scenario(parse_toml_file(path), folder + "/" + path.stem().string());
}

nlohmann::json scenario_schema(const nlohmann::json& fault_schema)
{
    nlohmann::json schema = schema_of(file_fields());
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
    schema["title"] = "alert40 scenario";
    for (const auto* section : {"/properties/server", "/properties/fix/properties/server"})
        schema[nlohmann::json::json_pointer(section)]["properties"]["faults"]["items"] = fault_schema;
    return schema;
}

} // namespace alert40
