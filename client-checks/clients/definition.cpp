// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/clients/definition.h"

#include "scenarios/loader/data_files.h"
#include "scenarios/loader/fields.h"

namespace alert40 {

template <> struct Codec<StringMap> {
    static StringMap read(const TomlValue& value)
    {
        StringMap map;
        for (const auto& [key, text] : value.as_table().entries) map.emplace_back(key, text.as_string());
        return map;
    }
    static nlohmann::json schema() { return {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}}; }
};

template <> struct Codec<std::optional<std::regex>> {
    static std::optional<std::regex> read(const TomlValue& value)
    {
        try {
            return std::regex(value.as_string(), std::regex::ECMAScript);
        } catch (const std::regex_error& error) {
            throw InputError(value.where, fmt::format("not a regular expression: {}", error.what()));
        }
    }
    static nlohmann::json schema() { return {{"type", "string"}}; }
};

template <> struct Codec<Option> {
    static const Fields<Option>& fields()
    {
        static const Fields<Option> table = {
            field("arguments", &Option::arguments, "Words that are added at {wishes}"),
            field("fragment", &Option::fragment, "Text that is added at {fragments}"),
            field("environment", &Option::environment, "Environment variables"),
            field("files", &Option::files, "Files to be written; {file:<name>} is their path"),
        };
        return table;
    }
    /// A list of words, or a table.
    static Option read(const TomlValue& value)
    {
        if (std::holds_alternative<TomlArray>(value.content))
            return {Codec<std::vector<std::string>>::read(value), {}, {}, {}};
        return read_table(value.as_table(), fields());
    }
    static nlohmann::json schema() { return schema_of(fields()); }
};

template <> struct Codec<InputPolicy> {
    static InputPolicy read(const TomlValue& value)
    {
        const std::string& text = value.as_string();
        if (text == "when-written") return InputPolicy(InputPolicy::Close::when_written);
        if (text == "at-first-output") return InputPolicy(InputPolicy::Close::at_first_output);
        if (text == "never") return InputPolicy(InputPolicy::Close::never);
        if (text.starts_with("at-text:")) return InputPolicy(InputPolicy::Close::at_text, text.substr(8));
        throw InputError(value.where, fmt::format("unknown way to close the input '{}'", text),
                         "when-written, at-first-output, at-text:<text>, never");
    }
    static nlohmann::json schema() { return {{"type", "string"}}; }
};

namespace {

struct CipherWish {
    std::optional<Option> tls12;
    std::optional<Option> tls13;
    ListStyle style;
    std::optional<SuiteParts> parts;
};

struct ListWish {
    std::optional<Option> option;
    ListStyle style;
};

template <class Target> Fields<Target> style_fields(ListStyle Target::*style)
{
    const auto text = [style](std::string key, std::string ListStyle::*member, std::string summary) {
        return Field<Target>{
            std::move(key), std::move(summary),
            [style, member](const TomlValue& value, Target& target) { (target.*style).*member = value.as_string(); },
            [] {
                return nlohmann::json{{"type", "string"}};
            }};
    };
    return {
        text("separator", &ListStyle::separator, "Between the items of {list}"),
        text("prefix", &ListStyle::prefix, "Before each item"),
        {"names", "Our name -> the client's; for suites \"openssl\" or \"iana\"",
         [style](const TomlValue& value, Target& target) {
             if (std::holds_alternative<TomlTable>(value.content))
                 (target.*style).names = Codec<StringMap>::read(value);
             else
                 (target.*style).openssl_names = value.as_string() == "openssl";
         },
         [] {
             return nlohmann::json{{"type", "object"}};
         }},
        {"unknown", "Names that the client does not have",
         [style](const TomlValue& value, Target& target) {
             (target.*style).unknown = Codec<std::vector<std::string>>::read(value);
         },
         [] {
             return nlohmann::json{{"type", "array"}};
         }},
    };
}

} // namespace

template <> struct Codec<std::optional<SuiteParts>> {
    static std::optional<SuiteParts> read(const TomlValue& value)
    {
        static const Fields<SuiteParts> fields = {
            field("key_exchanges", &SuiteParts::key_exchanges, "Key exchange and authentication -> the client's word")
                .require(),
            field("ciphers", &SuiteParts::ciphers, "Cipher -> the client's word").require(),
            field("macs", &SuiteParts::macs, "MAC, or AEAD -> the client's word").require(),
        };
        return read_table(value.as_table(), fields);
    }
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

namespace {

const Fields<CipherWish>& cipher_fields()
{
    static const Fields<CipherWish> table = [] {
        auto fields = style_fields(&CipherWish::style);
        fields.push_back(field("tls12", &CipherWish::tls12, "How suites up to TLS 1.2 are asked for"));
        fields.push_back(field("tls13", &CipherWish::tls13, "How suites of TLS 1.3 are asked for"));
        fields.push_back(field("parts", &CipherWish::parts, "Suites are composed from parts"));
        return fields;
    }();
    return table;
}

const Fields<ListWish>& list_fields()
{
    static const Fields<ListWish> table = [] {
        auto fields = style_fields(&ListWish::style);
        fields.push_back(field("option", &ListWish::option, "How the list is asked for").require());
        return fields;
    }();
    return table;
}

using Definition = ClientDefinition;

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

/// "1.2", "1.2-1.3": as expand() writes what a scenario asks for.
bool is_version_range(std::string_view range)
{
    const auto dash = range.find('-');
    const auto least = find_protocol_version(range.substr(0, dash));
    if (dash == std::string_view::npos) return least.has_value();
    const auto most = find_protocol_version(range.substr(dash + 1));
    return least && most && *least < *most;
}

void read_versions(const TomlValue& value, Definition& client)
{
    for (const auto& [range, option] : value.as_table().entries) {
        if (!is_version_range(range))
            throw InputError(option.where, fmt::format("'{}' is no range of versions", range),
                             "\"1.2\", \"1.3\" or \"1.2-1.3\"");
        client.versions.emplace_back(range, Codec<Option>::read(option));
    }
}

const Fields<Definition>& client_fields_table()
{
    static const Fields<Definition> fields = {
        field("title", &Definition::title, "What it is").require(),
        field("library", &Definition::library, "Whose lexicon and manners it has").require(),
        field("argv", &Definition::argv, "The command").require(),
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
        table_field("versions", "Each range of versions -> its option", read_versions),
        table_field("ciphers", "How suites are asked for",
                    [](const TomlValue& value, Definition& client) {
                        auto wish = read_table(value.as_table(), cipher_fields());
                        client.ciphers_tls12 = wish.tls12;
                        client.ciphers_tls13 = wish.tls13;
                        client.cipher_style = wish.style;
                        client.cipher_parts = wish.parts;
                    }),
        table_field("groups", "How groups are asked for",
                    [](const TomlValue& value, Definition& client) {
                        auto wish = read_table(value.as_table(), list_fields());
                        client.groups = wish.option;
                        client.group_style = wish.style;
                    }),
        table_field("signature_schemes", "How signature schemes are asked for",
                    [](const TomlValue& value, Definition& client) {
                        auto wish = read_table(value.as_table(), list_fields());
                        client.signature_schemes = wish.option;
                        client.signature_scheme_style = wish.style;
                    }),
        field("certificate", &Definition::certificate,
              "How a client certificate is given: {client_chain}, {client_key}"),
        table_field("manners", "Where it differs from its library",
                    [](const TomlValue& value, Definition& client) { client.manners = value; }),
    };
    return fields;
}

} // namespace

ClientDefinition load_client(const std::filesystem::path& path)
{
    ClientDefinition client = read_table(parse_toml_file(path), client_fields_table());
    client.name = path.stem().string();
    return client;
}

std::vector<ClientDefinition> load_clients(const std::filesystem::path& data)
{
    std::vector<ClientDefinition> clients;
    for (const auto& path : toml_files(data / "client-checks" / "clients")) clients.push_back(load_client(path));
    return clients;
}

} // namespace alert40
