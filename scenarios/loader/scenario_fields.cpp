// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/loader/scenario_fields.h"

#include "scenarios/loader/recipe_file.h"

namespace alert40 {

template <class T> struct Codec<Selection<T>> {
    static Selection<T> read(const TomlValue& value)
    {
        if (!std::holds_alternative<std::string>(value.content))
            return {false, Codec<std::vector<T>>::read(value), value.where};
        if (value.as_string() != "none-offered")
            throw InputError(value.where,
                             fmt::format("expected a list or \"none-offered\", found \"{}\"", value.as_string()));
        return {true, {}, value.where};
    }
    static nlohmann::json schema()
    {
        return {{"anyOf", {Codec<std::vector<T>>::schema(), {{"const", "none-offered"}}}}};
    }
};

template <> struct Codec<CertificateSetting> {
    static CertificateSetting read(const TomlValue& value)
    {
        if (std::holds_alternative<std::string>(value.content)) return {value.as_string(), {}, value.where};
        return {{}, read_recipe(value.as_table()), value.where};
    }
    static nlohmann::json schema() { return {{"anyOf", {{{"type", "string"}}, recipe_schema()}}}; }
};

template <> struct Codec<ClientCertificate> {
    static ClientCertificate read(const TomlValue& value)
    {
        const auto find = [](std::string_view name) -> std::optional<ClientCertificate> {
            if (name == "none") return ClientCertificate::none;
            if (name == "optional") return ClientCertificate::optional;
            if (name == "required") return ClientCertificate::required;
            return std::nullopt;
        };
        return read_name(value, "client certificate policy", find, {"none", "optional", "required"});
    }
    static nlohmann::json schema() { return names_schema({"none", "optional", "required"}); }
};

/// "default-certificate", or the alert that refuses the name. No Codec: NameRefusal is the type that an optional alert
/// has.
struct NameRefusals {
    static std::vector<std::string> names()
    {
        auto names = all_alert_description_names();
        names.insert(names.begin(), "default-certificate");
        return names;
    }
    static NameRefusal read(const TomlValue& value)
    {
        if (value.as_string() == "default-certificate") return std::nullopt;
        return read_name(value, "answer to a server name", find_alert_description, names());
    }
    static nlohmann::json schema() { return names_schema(names()); }
};

template <> struct Codec<FaultSettings> {
    static FaultSettings read(const TomlValue& value)
    {
        FaultSettings fault{{}, {}, {value.as_table().where, {}}};
        for (const auto& [key, setting] : value.as_table().entries) {
            if (key == "at")
                fault.trigger = Codec<Located<std::string>>::read(setting);
            else if (key == "do")
                fault.kind = Codec<Located<std::string>>::read(setting);
            else
                fault.settings.entries.emplace_back(key, setting);
        }
        if (fault.trigger.value.empty())
            throw InputError(value.where, "a fault needs its trigger", "at = \"client:client_hello\"");
        if (fault.kind.value.empty()) throw InputError(value.where, "a fault needs its kind", "do = \"reset\"");
        return fault;
    }
    static nlohmann::json schema() { return {{"type", "object"}}; } // scenario_schema() puts the room's own here
};

template <> struct Codec<FlightMessage> {
    static const Fields<FlightMessage>& fields()
    {
        static const Fields<FlightMessage> table = {
            field("message", &FlightMessage::message, "Which message departs from an honest server's").require(),
            field("without_extensions", &FlightMessage::without_extensions, "Extensions that are left out of it"),
        };
        return table;
    }
    static FlightMessage read(const TomlValue& value) { return read_table(value.as_table(), fields()); }
    static nlohmann::json schema() { return schema_of(fields()); }
};

template <> struct Codec<HostSettings> {
    static const Fields<HostSettings>& fields()
    {
        static const Fields<HostSettings> table = {
            field("name", &HostSettings::name, "The server name (SNI)").require()};
        return table;
    }
    static HostSettings read(const TomlValue& value) { return read_table(value.as_table(), fields()); }
    static nlohmann::json schema() { return schema_of(fields()); }
};

template <> struct Codec<Located<unsigned>> {
    static Located<unsigned> read(const TomlValue& value)
    {
        return {static_cast<unsigned>(read_integer(value, 512, 8192)), value.where};
    }
    static nlohmann::json schema() { return {{"type", "integer"}, {"minimum", 512}, {"maximum", 8192}}; }
};

template <> struct Codec<std::chrono::milliseconds> {
    static constexpr int kLongest = 600'000;
    static std::chrono::milliseconds read(const TomlValue& value)
    {
        return std::chrono::milliseconds(read_integer(value, 1, kLongest));
    }
    static nlohmann::json schema() { return {{"type", "integer"}, {"minimum", 1}, {"maximum", kLongest}}; }
};

Field<ServerSettings> name_refusal_field(std::string key, NameRefusal ServerSettings::*member, std::string summary)
{
    return {std::move(key), std::move(summary),
            [member](const TomlValue& value, ServerSettings& server) { server.*member = NameRefusals::read(value); },
            [] { return NameRefusals::schema(); }};
}

const Fields<ServerSettings>& server_fields()
{
    static const Fields<ServerSettings> fields = {
        field("versions", &ServerSettings::versions, "Protocol versions the server accepts"),
        field("ciphers", &ServerSettings::ciphers,
              "Cipher suites it accepts, by IANA or OpenSSL name, or \"none-offered\""),
        field("groups", &ServerSettings::groups, "Groups it accepts for the key exchange, or \"none-offered\""),
        field("certificate", &ServerSettings::certificate, "A recipe's name, an inline recipe, or \"none\""),
        field("client_certificate", &ServerSettings::client_certificate, "Whether a client certificate is asked for"),
        field("hosts", &ServerSettings::hosts, "The names it answers for; without this key, every name"),
        name_refusal_field("unknown_name", &ServerSettings::unknown_name, "What an SNI gets that is none of hosts"),
        name_refusal_field("missing_name", &ServerSettings::missing_name, "What a ClientHello without SNI gets"),
        field("dh_bits", &ServerSettings::dh_bits, "Bits of the prime of the DHE parameters; DHE suites need it"),
        field("faults", &ServerSettings::faults, "Deviations on the wire: when (at) and what (do)"),
        field("flight", &ServerSettings::flight, "Messages that alert40 composes itself, with what each departs in"),
    };
    return fields;
}

const Fields<ClientSettings>& client_fields()
{
    static const Fields<ClientSettings> fields = {
        field("versions", &ClientSettings::versions, "Protocol versions the client offers"),
        field("ciphers", &ClientSettings::ciphers, "Cipher suites it offers"),
        field("groups", &ClientSettings::groups, "Groups it offers"),
        field("signature_schemes", &ClientSettings::signature_schemes, "Signature schemes it offers"),
        field("server_name", &ClientSettings::server_name, "The name it asks for; \"none\": no SNI is sent"),
        field("certificate", &ClientSettings::certificate, "Its certificate: a recipe's name, or \"none\""),
        field("timeout_ms", &ClientSettings::timeout, "Its deadline in milliseconds"),
    };
    return fields;
}

} // namespace alert40
