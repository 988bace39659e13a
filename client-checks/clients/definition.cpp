// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/clients/definition.h"

#include "scenarios/loader/data_files.h"
#include "scenarios/loader/fields.h"

#include <algorithm>

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
            field("settings", &Option::settings, "Lines of the client's settings file"),
        };
        return table;
    }
    /// A list of words, or a table.
    static Option read(const TomlValue& value)
    {
        if (std::holds_alternative<TomlArray>(value.content))
            return {Codec<std::vector<std::string>>::read(value), {}, {}, {}, {}};
        return read_table(value.as_table(), fields());
    }
    static nlohmann::json schema() { return schema_of(fields()); }
};

/// A table of options by name.
template <> struct Codec<std::vector<std::pair<std::string, Option>>> {
    static std::vector<std::pair<std::string, Option>> read(const TomlValue& value)
    {
        std::vector<std::pair<std::string, Option>> options;
        for (const auto& [key, option] : value.as_table().entries)
            options.emplace_back(key, Codec<Option>::read(option));
        return options;
    }
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

template <> struct Codec<SettingsFile> {
    static SettingsFile read(const TomlValue& value)
    {
        static const Fields<SettingsFile> fields = {
            field("file", &SettingsFile::file, "Its name in the run directory").require(),
            field("environment", &SettingsFile::environment, "The variable that names its path").require(),
            field("text", &SettingsFile::text, "Its text; {settings} is where the lines go").require(),
        };
        return read_table(value.as_table(), fields);
    }
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

template <> struct Codec<ResumeWish> {
    static ResumeWish read(const TomlValue& value)
    {
        static const Fields<ResumeWish> fields = {
            field("first", &ResumeWish::first, "For the run that gets a session"),
            field("second", &ResumeWish::second, "For the run that resumes it"),
            field("within", &ResumeWish::within, "For one run that connects twice by itself"),
        };
        return read_table(value.as_table(), fields);
    }
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

template <> struct Codec<ClientKind> {
    static ClientKind read(const TomlValue& value)
    {
        const auto find = [](std::string_view text) -> std::optional<ClientKind> {
            if (text == "command") return ClientKind::command;
            if (text == "trytls") return ClientKind::trytls;
            if (text == "trigger") return ClientKind::trigger;
            if (text == "manual") return ClientKind::manual;
            return std::nullopt;
        };
        return read_name(value, "kind of client", find, {"command", "trytls", "trigger", "manual"});
    }
    static nlohmann::json schema() { return {{"type", "string"}}; }
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
        {"each", "The option is added once for each item",
         [style](const TomlValue& value, Target& target) { (target.*style).each = value.as_boolean(); },
         [] {
             return nlohmann::json{{"type", "boolean"}};
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

/// `option` is needed, or lists that each have an option of their own.
ListWish read_list_wish(const TomlValue& value)
{
    static const Fields<ListWish> table = [] {
        auto fields = style_fields(&ListWish::style);
        fields.push_back(field("option", &ListWish::option, "How the list is asked for"));
        fields.push_back(field("exact", &ListWish::exact, "A list, joined by commas -> an option for just that one"));
        return fields;
    }();
    ListWish wish = read_table(value.as_table(), table);
    if (!wish.option && wish.exact.empty()) throw InputError(value.where, "the key 'option' is missing");
    return wish;
}

} // namespace

template <> struct Codec<ListWish> {
    static ListWish read(const TomlValue& value) { return read_list_wish(value); }
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

template <> struct Codec<HelloSizeWish> {
    static HelloSizeWish read(const TomlValue& value)
    {
        static const Fields<HelloSizeWish> table = [] {
            auto fields = style_fields(&HelloSizeWish::style);
            fields.push_back(field("option", &HelloSizeWish::option, "With {list}, names for ALPN").require());
            fields.push_back({"most", "The greatest size that the option reaches",
                              [](const TomlValue& number, HelloSizeWish& wish) {
                                  wish.most = static_cast<unsigned>(read_integer(number, 1, 65'535));
                              },
                              [] {
                                  return nlohmann::json{{"type", "integer"}};
                              }});
            return fields;
        }();
        return read_table(value.as_table(), table);
    }
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

template <> struct Codec<std::vector<std::pair<std::string, Dialogue>>> {
    static std::vector<std::pair<std::string, Dialogue>> read(const TomlValue& value)
    {
        static const Fields<Dialogue> fields = {
            {"arguments", "Words that are added at {wishes}",
             [](const TomlValue& words, Dialogue& dialogue) {
                 dialogue.option.arguments = Codec<std::vector<std::string>>::read(words);
             },
             [] {
                 return nlohmann::json{{"type", "array"}};
             }},
            field("scheme", &Dialogue::scheme, "For {scheme}"),
            field("input", &Dialogue::input, "What is written to its standard input"),
            field("output", &Dialogue::connected_pattern, "A pattern in its output where it succeeds"),
        };
        std::vector<std::pair<std::string, Dialogue>> dialogues;
        for (const auto& [key, dialogue] : value.as_table().entries)
            dialogues.emplace_back(key, read_table(dialogue.as_table(), fields));
        return dialogues;
    }
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

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

/// A warm process is told what a cold one is: what stands in argv after what both have in common.
void check_warm(const Definition& client, const SourcePos& where)
{
    if (!client.program || client.program->warm.empty()) return;
    const auto& warm = client.program->warm;
    if (warm.size() > client.argv.size() || !std::equal(warm.begin(), warm.end() - 1, client.argv.begin()))
        throw InputError(
            where, "'warm' is argv's beginning and one option more",
            "argv = [\"python3\", \"{source}\", \"{wishes}\"], warm = [\"python3\", \"{source}\", \"--serve\"]");
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

const Fields<Definition>& client_fields_table()
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

/// Which key of the file says what is run, by kind.
std::string_view argv_key(ClientKind kind)
{
    switch (kind) {
    case ClientKind::command:
    case ClientKind::trytls:
        return "argv";
    case ClientKind::trigger:
        return "url";
    case ClientKind::manual:
        return "open";
    }
    return "";
}

void check_url(const TomlValue& url)
{
    const std::string& text = url.as_string();
    const auto host_end = text.find('/', 7);
    if (!text.starts_with("http://") || text.substr(7, host_end - 7).empty())
        throw InputError(url.where, fmt::format("'{}' is not http://HOST:PORT/PATH", text),
                         "for anything else: argv = [\"curl\", ...], of the usual kind");
    if (text.substr(0, host_end).find('{') != std::string::npos)
        throw InputError(url.where, "the host of a trigger is written down, and never comes from a scenario");
}

/// What is run is said by the one key of this kind.
void check_argv(const ClientDefinition& client, const TomlTable& table)
{
    const std::string wanted(argv_key(client.kind));
    if (table.find(wanted) == nullptr || client.argv.empty() || client.argv.front().empty())
        throw InputError(table.where, fmt::format("the key '{}' is missing", wanted));
    for (const std::string key : {"argv", "url", "open"})
        if (const auto* other = table.find(key); other != nullptr && key != wanted)
            throw InputError(other->where, fmt::format("a client of this kind has no '{}'", key),
                             fmt::format("it has '{}'", wanted));
}

/// What each kind has without being asked.
void complete_kind(ClientDefinition& client, const TomlTable& table)
{
    check_argv(client, table);
    const bool has_status = client.kind == ClientKind::command || client.kind == ClientKind::manual;
    if (has_status && !client.connected_pattern && !client.connected_exit_code) client.connected_exit_code = 0;
    if (client.kind == ClientKind::command) return;
    if (client.kind == ClientKind::trigger) check_url(*table.find("url"));
    if (!client.server_name) client.server_name.emplace();
    if (client.kind != ClientKind::trytls) return;
    // https://github.com/ouspg/trytls/tree/master/stubs: HOST PORT [CA], and the name is resolved by the stub.
    client.server_name->arguments = {"{name}", "{port}", "{ca}"};
    client.server_name->environment = {{"LD_PRELOAD", "libnss_wrapper.so"}, {"NSS_WRAPPER_HOSTS", "{hosts}"}};
    if (std::find(client.argv.begin(), client.argv.end(), "{wishes}") == client.argv.end())
        client.argv.emplace_back("{wishes}");
}

/// {here} is the folder of the client's file: what lies beside it is found from anywhere.
void fill_here(ClientDefinition& client, const std::filesystem::path& file)
{
    const std::string folder = std::filesystem::absolute(file).parent_path().string();
    const auto fill = [&](std::string& text) {
        constexpr std::string_view kHere = "{here}";
        for (auto at = text.find(kHere); at != std::string::npos; at = text.find(kHere, at + folder.size()))
            text.replace(at, kHere.size(), folder);
    };
    std::for_each(client.argv.begin(), client.argv.end(), fill);
    std::for_each(client.version_argv.begin(), client.version_argv.end(), fill);
    for (auto& [name, value] : client.environment) fill(value);
}

std::vector<std::filesystem::path> client_files(const std::filesystem::path& path)
{
    std::error_code ignored;
    if (std::filesystem::is_regular_file(path, ignored)) return {path};
    auto files = toml_files(path);
    if (files.empty())
        throw InputError(fmt::format("{} is no client file, and no folder with any", path.string()),
                         "--clients names a TOML file, or a folder of them");
    return files;
}

void add_client(std::vector<ClientDefinition>& clients, ClientDefinition client)
{
    for (const auto& other : clients)
        if (other.name == client.name)
            throw InputError(client.where, fmt::format("a client is called '{}' already", client.name),
                             fmt::format("{}; the file's name is the client's", other.where.text()));
    clients.push_back(std::move(client));
}

} // namespace

ClientDefinition load_client(const std::filesystem::path& path)
{
    const TomlTable table = parse_toml_file(path);
    ClientDefinition client = read_table(table, client_fields_table());
    client.name = path.stem().string();
    client.path = path;
    client.where = table.where;
    complete_kind(client, table);
    fill_here(client, path);
    check_warm(client, table.where);
    return client;
}

std::vector<ClientDefinition> load_clients(const std::filesystem::path& data,
                                           const std::vector<std::filesystem::path>& more)
{
    std::vector<ClientDefinition> clients;
    for (const auto& path : toml_files(data / "client-checks" / "clients")) clients.push_back(load_client(path));
    for (const auto& each : more)
        for (const auto& path : client_files(each)) add_client(clients, load_client(path));
    return clients;
}

} // namespace alert40
