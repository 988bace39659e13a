// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/loader/scenario_fields.h"

#include "scenarios/loader/flight_fields.h"
#include "scenarios/loader/recipe_file.h"
#include "scenarios/loader/words.h"

#include <algorithm>
#include <array>

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

constexpr auto kClientCertificates =
    words<ClientCertificate>("client certificate policy", {{"none", ClientCertificate::none},
                                                           {"optional", ClientCertificate::optional},
                                                           {"required", ClientCertificate::required}});
template <> struct Codec<ClientCertificate> : WordCodec<ClientCertificate, kClientCertificates> {
};

constexpr auto kStaples = words<Staple>("staple", {{"none", Staple::none},
                                                   {"good", Staple::good},
                                                   {"revoked", Staple::revoked},
                                                   {"stale", Staple::stale},
                                                   {"other-certificate", Staple::other_certificate},
                                                   {"malformed", Staple::malformed}});
template <> struct Codec<Staple> : WordCodec<Staple, kStaples> {
};

constexpr auto kStarttls = words<Starttls>("protocol", {{"none", Starttls::none},
                                                        {"smtp", Starttls::smtp},
                                                        {"imap", Starttls::imap},
                                                        {"pop3", Starttls::pop3},
                                                        {"ftp", Starttls::ftp},
                                                        {"postgres", Starttls::postgres},
                                                        {"mysql", Starttls::mysql},
                                                        {"ldap", Starttls::ldap},
                                                        {"xmpp", Starttls::xmpp}});
template <> struct Codec<Starttls> : WordCodec<Starttls, kStarttls> {
};

constexpr auto kEarlyData = words<EarlyData>("treatment of early data", {{"none", EarlyData::none},
                                                                         {"accept", EarlyData::accept},
                                                                         {"refuse", EarlyData::refuse},
                                                                         {"too-early", EarlyData::too_early}});
template <> struct Codec<EarlyData> : WordCodec<EarlyData, kEarlyData> {
};

constexpr auto kTrusts =
    words<Trust>("set of roots", {{"run", Trust::run}, {"inspection", Trust::inspection}, {"nothing", Trust::nothing}});
template <> struct Codec<Trust> : WordCodec<Trust, kTrusts> {
};

constexpr auto kResumes = words<Resume>(
    "resumption",
    {{"none", Resume::none}, {"same-server", Resume::same_server}, {"other-back-end", Resume::other_back_end}});
template <> struct Codec<Resume> : WordCodec<Resume, kResumes> {
};

constexpr auto kRevocations = words<Revocation>(
    "check of revocation", {{"none", Revocation::none}, {"staple", Revocation::staple}, {"crl", Revocation::crl}});
template <> struct Codec<Revocation> : WordCodec<Revocation, kRevocations> {
};

constexpr auto kMisconfigurations =
    words<Misconfiguration>("misconfiguration", {{"none", Misconfiguration::none},
                                                 {"unknown-ciphers", Misconfiguration::unknown_ciphers},
                                                 {"empty-version-range", Misconfiguration::empty_version_range}});
template <> struct Codec<Misconfiguration> : WordCodec<Misconfiguration, kMisconfigurations> {
};

struct NamedAlert {
    AlertDescription alert{};
    AlertLevel level = AlertLevel::fatal;
};

const Fields<NamedAlert>& named_alert_fields()
{
    static const Fields<NamedAlert> fields = {
        field("alert", &NamedAlert::alert, "The alert").require(),
        field("level", &NamedAlert::level, "\"warning\": the handshake goes on behind it"),
    };
    return fields;
}

/// A word, the name of an alert, or a table with its level.
template <> struct Codec<NameAnswer> {
    using Kind = NameAnswer::Kind;
    static std::vector<std::string> names()
    {
        auto names = all_alert_description_names();
        names.insert(names.begin(), {"default-certificate", "refuse", "close"});
        return names;
    }
    static NameAnswer read(const TomlValue& value)
    {
        if (std::holds_alternative<TomlTable>(value.content)) {
            const auto named = read_table(value.as_table(), named_alert_fields());
            return {Kind::alert, named.alert, named.level};
        }
        const auto& word = value.as_string();
        if (word == "default-certificate") return {};
        if (word == "refuse") return {Kind::as_persona};
        if (word == "close") return {Kind::close};
        return {Kind::alert, read_name(value, "answer to a server name", find_alert_description, names())};
    }
    static nlohmann::json schema() { return {{"anyOf", {names_schema(names()), schema_of(named_alert_fields())}}}; }
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

template <> struct Codec<TicketSettings> {
    static const Fields<TicketSettings>& fields()
    {
        static const Fields<TicketSettings> table = {
            field("issued", &TicketSettings::issued, "Whether the server sends tickets").or_else(true),
            field("shared_keys", &TicketSettings::shared_keys, "Whether all back ends can read them").or_else(true),
            {"unreadable", "What a ticket gets that cannot be read: \"full-handshake\", or an alert",
             [](const TomlValue& value, TicketSettings& tickets) {
                 if (value.as_string() != "full-handshake") tickets.unreadable = Codec<AlertDescription>::read(value);
             },
             [] {
                 auto names = all_alert_description_names();
                 names.insert(names.begin(), "full-handshake");
                 return names_schema(names);
             }},
        };
        return table;
    }
    static TicketSettings read(const TomlValue& value) { return read_table(value.as_table(), fields()); }
    static nlohmann::json schema() { return schema_of(fields()); }
};

template <> struct Codec<UpstreamSettings> {
    static const Fields<UpstreamSettings>& fields()
    {
        static const Fields<UpstreamSettings> table = {
            field("to", &UpstreamSettings::to, "A scenario's id, or HOST:PORT on loopback").require(),
            field("inspect", &UpstreamSettings::inspect, "Ends TLS itself, with certificates of a root of its own")
                .or_else(false),
        };
        return table;
    }
    static UpstreamSettings read(const TomlValue& value) { return read_table(value.as_table(), fields()); }
    static nlohmann::json schema() { return schema_of(fields()); }
};

/// An offset from the run's clock, in seconds.
template <> struct Codec<std::chrono::seconds> {
    static constexpr int kFarthest = 1'000'000'000;
    static std::chrono::seconds read(const TomlValue& value)
    {
        return std::chrono::seconds(read_integer(value, -kFarthest, kFarthest));
    }
    static nlohmann::json schema() { return {{"type", "integer"}, {"minimum", -kFarthest}, {"maximum", kFarthest}}; }
};

template <> struct Codec<std::chrono::milliseconds> {
    static constexpr int kLongest = 600'000;
    static std::chrono::milliseconds read(const TomlValue& value)
    {
        return std::chrono::milliseconds(read_integer(value, 1, kLongest));
    }
    static nlohmann::json schema() { return {{"type", "integer"}, {"minimum", 1}, {"maximum", kLongest}}; }
};

/// The tables of a list are put over [server] once that is read (read_server()); here they are only described.
Field<ServerSettings> overlays_field(std::string key, std::string_view named, std::string summary)
{
    return {std::move(key), std::move(summary), [](const TomlValue& value, ServerSettings&) { value.as_array(); },
            [named] {
                nlohmann::json item = {{"type", "object"}};
                if (!named.empty()) item["required"] = {named};
                return nlohmann::json{{"type", "array"}, {"items", item}};
            }};
}

const Fields<ServerSettings>& server_fields()
{
    static const Fields<ServerSettings> fields = {
        field("persona", &ServerSettings::persona, "The server software whose alerts and manners its refusals have")
            .or_else("openssl"),
        {"versions",
         "Protocol versions the server accepts, or \"none-offered\"",
         [](const TomlValue& value, ServerSettings& server) {
             const auto selection = Codec<Selection<ProtocolVersion>>::read(value);
             server.versions_none_offered = selection.none_offered;
             if (!selection.none_offered) server.versions = selection.values;
         },
         [] { return Codec<Selection<ProtocolVersion>>::schema(); },
         false,
         {"1.2", "1.3"}},
        field("ciphers", &ServerSettings::ciphers,
              "Cipher suites it accepts, by IANA or OpenSSL name, or \"none-offered\""),
        field("groups", &ServerSettings::groups, "Groups it accepts for the key exchange, or \"none-offered\""),
        field("signature_schemes", &ServerSettings::signature_schemes,
              "Signature schemes it signs with, or \"none-offered\""),
        field("alpn", &ServerSettings::alpn,
              "Application protocols it accepts, most preferred first, or \"none-offered\"; absent: ALPN is ignored"),
        field("certificate", &ServerSettings::certificate, "A recipe's name, an inline recipe, or \"none\"")
            .or_else("leaf"),
        field("more_certificates", &ServerSettings::more_certificates,
              "Recipes of other key types; suite and signature schemes choose among all"),
        field("staple", &ServerSettings::staple, "The OCSP response in its flight").or_else("none"),
        field("client_certificate", &ServerSettings::client_certificate, "Whether a client certificate is asked for")
            .or_else("none"),
        overlays_field(
            "hosts", "name",
            "The names it answers for, each with the keys of [server] that differ; without this, every name"),
        overlays_field("addresses", "address",
                       "Back ends behind the name, by loopback address, each with the keys of [server] that differ"),
        overlays_field("in_turn", "", "Back ends that connections go round over, each with the keys that differ"),
        field("tickets", &ServerSettings::tickets,
              "Session tickets: who can read them, and what an unreadable one gets"),
        field("early_data", &ServerSettings::early_data, "0-RTT data (RFC 8446 section 4.2.10)").or_else("none"),
        field("starttls", &ServerSettings::starttls, "The protocol spoken before TLS").or_else("none"),
        field("upstream", &ServerSettings::upstream, "The server that this one stands in front of, as a middlebox"),
        field("require_ems", &ServerSettings::require_extended_master_secret,
              "Whether it refuses a client up to TLS 1.2 that does not offer extended_master_secret (RFC 7627)"),
        field("http_status", &ServerSettings::http_status, "Of the answer after the handshake").or_else(200),
        field("unknown_name", &ServerSettings::unknown_name, "What an SNI gets that is none of hosts"),
        field("missing_name", &ServerSettings::missing_name, "What a ClientHello without SNI gets"),
        {"dh_bits",
         "Bits of the prime of the DHE parameters; DHE suites need it. 0: none, so that they are never chosen",
         [](const TomlValue& value, ServerSettings& server) {
             server.dh_bits = Located<unsigned>{static_cast<unsigned>(read_integer(value, 0, 16'384)), value.where};
         },
         [] {
             return nlohmann::json{{"type", "integer"}, {"minimum", 0}, {"maximum", 16'384}};
         }},
        field("faults", &ServerSettings::faults, "Deviations on the wire: when (at) and what (do)"),
        field("flight", &ServerSettings::flight, "Messages that alert40 composes itself, with what each departs in"),
        field("listens", &ServerSettings::listens, "false: it has refused to start, connections are refused"),
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
        field("alpn", &ClientSettings::alpn, "Application protocols it offers"),
        field("server_name", &ClientSettings::server_name, "The name it asks for; \"none\": no SNI is sent"),
        field("certificate", &ClientSettings::certificate, "Its certificate: a recipe's name, or \"none\"")
            .or_else("none"),
        field("connect_to", &ClientSettings::connect_to, "The one of server.addresses it goes to; absent: the first"),
        field("trust", &ClientSettings::trust, "The roots it trusts").or_else("run"),
        field("clock", &ClientSettings::clock, "Seconds by which its clock is wrong").or_else(0),
        field("resume", &ClientSettings::resume, "Whether it resumes a session, and where it got that").or_else("none"),
        field("early_data", &ClientSettings::early_data, "Whether it sends its request as 0-RTT data").or_else(false),
        field("revocation", &ClientSettings::revocation, "How it learns of a revocation").or_else("none"),
        field("pin", &ClientSettings::pin, "The recipe whose key it insists on"),
        field("require_ems", &ClientSettings::require_extended_master_secret,
              "Whether it insists on extended_master_secret (RFC 7627)")
            .or_else(false),
        field("ems", &ClientSettings::extended_master_secret, "Whether it offers extended_master_secret at all"),
        field("fallback_scsv", &ClientSettings::fallback_scsv,
              "Whether it sends TLS_FALLBACK_SCSV, as after a failure with a higher version (RFC 7507)"),
        field("misconfigured", &ClientSettings::misconfigured,
              "What its own configuration gets wrong, so that it has nothing to offer"),
        field("connections", &ClientSettings::connections,
              "How often it is run against the same server, one run after the other; expect.failing says which fail"),
        field("hello_size", &ClientSettings::hello_size, "Least octets of its ClientHello"),
        field("timeout_ms", &ClientSettings::timeout, "Its deadline in milliseconds"),
    };
    return fields;
}

namespace {

constexpr std::string_view kBackEndLists[] = {"hosts", "addresses", "in_turn"};

TomlTable without(const TomlTable& table, std::span<const std::string_view> keys)
{
    TomlTable rest{table.where, {}};
    for (const auto& [key, value] : table.entries)
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) rest.entries.emplace_back(key, value);
    return rest;
}

/// Reads the tables of list `key`, each put over `base`; `named` is the key in each that is its own, or empty.
template <class Entry>
std::vector<Entry> read_overlays(const TomlTable& table, std::string_view key, const TomlTable& base,
                                 Located<std::string> Entry::*member, std::string_view named)
{
    std::vector<Entry> entries;
    const auto* list = table.find(key);
    if (list == nullptr) return entries;
    if (list->as_array().empty()) throw InputError(list->where, fmt::format("server.{} is empty", key));
    for (const auto& item : list->as_array()) {
        const auto& overlay = item.as_table();
        for (const auto nested : kBackEndLists)
            if (nested != "hosts" || key == "hosts")
                if (const auto* inner = overlay.find(nested))
                    throw InputError(inner->where, fmt::format("server.{} cannot hold '{}'", key, nested));
        Entry entry;
        if (!named.empty()) {
            const auto* value = overlay.find(named);
            if (value == nullptr) throw InputError(item.where, fmt::format("the key '{}' is missing", named));
            entry.*member = Codec<Located<std::string>>::read(*value);
        }
        const std::string_view own[] = {named};
        entry.differs = overlay.entries.size() > (named.empty() ? 0 : 1);
        entry.server = std::make_shared<ServerSettings>(read_server(overlay_toml(base, without(overlay, own))));
        entries.push_back(std::move(entry));
    }
    return entries;
}

} // namespace

ServerSettings read_server(const TomlTable& table)
{
    ServerSettings server = read_table(table, server_fields());
    const TomlTable plain = without(table, kBackEndLists);
    TomlTable with_hosts = plain; // a back end has the hosts of [server] unless it names its own
    if (const auto* hosts = table.find("hosts")) with_hosts.entries.emplace_back("hosts", *hosts);
    server.hosts = read_overlays(table, "hosts", plain, &HostSettings::name, "name");
    server.addresses = read_overlays(table, "addresses", with_hosts, &BackEndSettings::address, "address");
    server.in_turn = read_overlays(table, "in_turn", with_hosts, &BackEndSettings::address, "");
    if (!server.addresses.empty() && !server.in_turn.empty())
        throw InputError(table.find("in_turn")->where, "server.addresses and server.in_turn exclude each other");
    return server;
}

} // namespace alert40
