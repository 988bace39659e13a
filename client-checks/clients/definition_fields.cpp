// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/clients/definition_fields.h"

#include "client-checks/clients/definition_codecs.h"
#include "client-checks/clients/wish_codecs.h"

namespace alert40 {
namespace {

using Definition = ClientDefinition;

Program read_program(const TomlValue& value)
{
    static const Fields<Program> fields = {
        field("source", &Program::source, "Its file in client-checks/clients/programs").require(),
        field("also", &Program::also, "Further files that it needs, beside it"),
        field("compile", &Program::compile, "How it is made, into {build}"),
        field("warm", &Program::warm, "The command that serves many runs"),
    };
    return read_table(value.as_table(), fields);
}

Field<Definition> table_field(std::string key, std::string summary,
                              std::function<void(const TomlValue&, Definition&)> read)
{
    return {std::move(key), std::move(summary), std::move(read), [] { return nlohmann::json{{"type", "object"}}; }};
}

void read_server_name(const TomlValue& value, Definition& client)
{
    static const Fields<Definition> fields = {
        field("sent", &Definition::server_name, "With SNI"),
        field("absent", &Definition::no_server_name, "Without SNI"),
    };
    const auto names = read_table(value.as_table(), fields);
    client.server_name = names.server_name;
    client.no_server_name = names.no_server_name;
}

/// A template that stands where other clients have their command.
Field<Definition> own_argv(std::string key, std::string summary)
{
    return {std::move(key), std::move(summary),
            [](const TomlValue& value, Definition& client) { client.argv = {value.as_string()}; },
            [] {
                return nlohmann::json{{"type", "string"}};
            }};
}

} // namespace

const Fields<ClientDefinition>& client_definition_fields()
{
    static const Fields<Definition> fields = {
        field("title", &Definition::title, "What it is").require(),
        field("kind", &Definition::kind, "command, trytls, trigger or manual").or_else("command"),
        field("library", &Definition::library, "Whose lexicon and manners it has").or_else("unknown"),
        field("packages", &Definition::packages, "Debian's packages that bring it"),
        field("requires", &Definition::needed, "Programs and files that it needs"),
        table_field("program", "A program of ours",
                    [](const TomlValue& value, Definition& client) { client.program = read_program(value); }),
        field("argv", &Definition::argv, "The command"),
        own_argv("url", "Of a trigger: what is fetched to start the device"),
        own_argv("open", "Of a manual client: what has to be opened"),
        field("listen", &Definition::listen, "Of a trigger or manual client: our address that the device can reach"),
        {"timeout_s", "Seconds that it gets, where it needs more than others",
         [](const TomlValue& value, Definition& client) {
             client.timeout = std::chrono::seconds(read_integer(value, 1, 3600));
         },
         [] {
             return nlohmann::json{{"type", "integer"}};
         }},
        field("environment", &Definition::environment, "Environment variables"),
        field("input", &Definition::input, "What is written to its standard input"),
        field("input_closes", &Definition::input_policy, "When its standard input is closed"),
        table_field("version", "How its version is asked for",
                    [](const TomlValue& value, Definition& client) {
                        static const Fields<Definition> version = {
                            field("argv", &Definition::version_argv, "The command").require(),
                            field("pattern", &Definition::version_pattern, "Its first group is the version").require()};
                        auto read = read_table(value.as_table(), version);
                        client.version_argv = read.version_argv;
                        client.version_pattern = read.version_pattern;
                    }),
        table_field("connected", "How its success is recognised",
                    [](const TomlValue& value, Definition& client) {
                        static const Fields<Definition> connected = {
                            {"exit_code", "Its exit status",
                             [](const TomlValue& status, Definition& definition) {
                                 definition.connected_exit_code = static_cast<int>(read_integer(status, 0, 255));
                             },
                             [] {
                                 return nlohmann::json{{"type", "integer"}};
                             }},
                            field("output", &Definition::connected_pattern, "A pattern in its output")};
                        auto read = read_table(value.as_table(), connected);
                        client.connected_exit_code = read.connected_exit_code;
                        client.connected_pattern = read.connected_pattern;
                    }),
        table_field("server_name", "How the name is asked for", read_server_name),
        field("versions", &Definition::versions, "How versions are asked for: {list}, or {least} and {most}"),
        field("legacy", &Definition::legacy,
              "What is added where a wish is something that has been switched off since"),
        table_field("ciphers", "How suites are asked for",
                    [](const TomlValue& value, Definition& client) {
                        auto wish = read_table(value.as_table(), cipher_fields());
                        client.ciphers_tls12 = wish.tls12;
                        client.ciphers_tls13 = wish.tls13;
                        client.cipher_style = wish.style;
                        client.cipher_parts = wish.parts;
                    }),
        field("groups", &Definition::groups, "How groups are asked for"),
        field("signature_schemes", &Definition::signature_schemes, "How signature schemes are asked for"),
        field("alpn", &Definition::alpn, "How application protocols are asked for"),
        field("certificate", &Definition::certificate,
              "How a client certificate is given: {client_chain}, {client_key}"),
        field("starttls", &Definition::starttls, "How each protocol before TLS is spoken"),
        field("resume", &Definition::resume, "How it connects twice, the second time with the first's session"),
        field("early_data", &Definition::early_data, "How it sends 0-RTT data, beside resume"),
        field("clock", &Definition::clock, "How its clock is set wrong: {clock} seconds, {faketime}"),
        field("revocation", &Definition::revocation, "How it learns of a revocation: staple, or crl with {crl}"),
        field("pin", &Definition::pin, "How a key is pinned: {pin}"),
        field("require_ems", &Definition::require_extended_master_secret, "How it insists on RFC 7627"),
        field("no_ems", &Definition::no_extended_master_secret, "How it leaves RFC 7627 out"),
        field("fallback_scsv", &Definition::fallback_scsv, "How it sends TLS_FALLBACK_SCSV"),
        field("hello_size", &Definition::hello_size, "How its ClientHello is made long"),
        field("misconfigured", &Definition::misconfigured, "How each misconfiguration is made"),
        field("settings", &Definition::settings, "The file that the settings of options go into"),
        table_field("manners", "Where it differs from its library",
                    [](const TomlValue& value, Definition& client) { client.manners = value; }),
        table_field("says", "Its own words, before its library's",
                    [](const TomlValue& value, Definition& client) { client.says = value; }),
        table_field("differs", "Where it differs from what many scenarios expect",
                    [](const TomlValue& value, Definition& client) { client.differs = read_deviations(value); }),
    };
    return fields;
}

} // namespace alert40
