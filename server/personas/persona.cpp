// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/personas/persona.h"

#include "scenarios/loader/codecs.h"
#include "scenarios/loader/data_files.h"
#include "scenarios/vocabulary/name_table.h"

#include <algorithm>
#include <set>

namespace alert40 {
namespace {

constexpr NameRow<RefusalReason> kReasons[] = {
    {RefusalReason::no_shared_version, "no-shared-version"},
    {RefusalReason::fallback, "fallback"},
    {RefusalReason::no_shared_suite, "no-shared-suite"},
    {RefusalReason::no_shared_group, "no-shared-group"},
    {RefusalReason::no_shared_scheme, "no-shared-scheme"},
    {RefusalReason::missing_extension, "missing-extension"},
    {RefusalReason::no_certificate, "no-certificate"},
    {RefusalReason::no_application_protocol, "no-application-protocol"},
    {RefusalReason::no_extended_master_secret, "no-extended-master-secret"},
    {RefusalReason::unknown_name, "unknown-name"},
    {RefusalReason::missing_name, "missing-name"},
    {RefusalReason::not_tls, "not-tls"},
    {RefusalReason::client_certificate_missing, "client-certificate-missing"},
    {RefusalReason::client_certificate_expired, "client-certificate-expired"},
    {RefusalReason::client_certificate_not_yet_valid, "client-certificate-not-yet-valid"},
    {RefusalReason::client_certificate_untrusted, "client-certificate-untrusted"},
    {RefusalReason::client_certificate_self_signed, "client-certificate-self-signed"},
    {RefusalReason::client_certificate_unsuitable, "client-certificate-unsuitable"},
    {RefusalReason::client_certificate_revoked, "client-certificate-revoked"},
    {RefusalReason::client_signature_wrong, "client-signature-wrong"},
};

constexpr NameRow<AnswerKind> kKinds[] = {
    {AnswerKind::alert, "alert"},
    {AnswerKind::close, "close"},
    {AnswerKind::serve, "serve"},
    {AnswerKind::http, "http"},
};

constexpr NameRow<AnswerMoment> kMoments[] = {
    {AnswerMoment::before_server_hello, "before-server-hello"},
    {AnswerMoment::after_server_hello, "after-server-hello"},
    {AnswerMoment::after_encrypted_extensions, "after-encrypted-extensions"},
    {AnswerMoment::after_certificate, "after-certificate"},
};

constexpr NameRow<bool> kEndings[] = {{false, "fin"}, {true, "reset"}};

constexpr NameRow<VersionsFrom> kVersionSources[] = {
    {VersionsFrom::supported_versions, "supported-versions"},
    {VersionsFrom::legacy_version, "legacy-version"},
    {VersionsFrom::supported_versions_if_1_3, "supported-versions-if-1.3"},
};

constexpr NameRow<DecisionStep> kSteps[] = {
    {DecisionStep::name, "name"},     {DecisionStep::version, "version"}, {DecisionStep::fallback, "fallback"},
    {DecisionStep::suite, "suite"},   {DecisionStep::group, "group"},     {DecisionStep::certificate, "certificate"},
    {DecisionStep::scheme, "scheme"}, {DecisionStep::alpn, "alpn"},
};

constexpr NameRow<Preference> kPreferences[] = {{Preference::client, "client"}, {Preference::server, "server"}};

constexpr NameRow<GroupChoice> kGroupChoices[] = {
    {GroupChoice::client_share, "client-share"},
    {GroupChoice::server_share, "server-share"},
    {GroupChoice::client_group, "client-group"},
};

/// Codec of an enum whose names are the rows.
template <class T, const auto& kRows> struct RowCodec {
    static T read(const TomlValue& value)
    {
        const auto find = [](std::string_view text) { return value_in(kRows, text); };
        return read_name(value, "word", find, names_in(kRows));
    }
    static nlohmann::json schema() { return names_schema(names_in(kRows)); }
};

} // namespace

template <> struct Codec<RefusalReason> : RowCodec<RefusalReason, kReasons> {
};
template <> struct Codec<AnswerKind> : RowCodec<AnswerKind, kKinds> {
};
template <> struct Codec<AnswerMoment> : RowCodec<AnswerMoment, kMoments> {
};
template <> struct Codec<VersionsFrom> : RowCodec<VersionsFrom, kVersionSources> {
};
template <> struct Codec<DecisionStep> : RowCodec<DecisionStep, kSteps> {
};
template <> struct Codec<Preference> : RowCodec<Preference, kPreferences> {
};
template <> struct Codec<GroupChoice> : RowCodec<GroupChoice, kGroupChoices> {
};

namespace {

using Entry = Persona::Entry;

/// A field of `answer`, read with the type's own codec.
template <class Member> Field<Entry> answer_field(std::string key, Member RefusalAnswer::*member, std::string summary)
{
    return {std::move(key), std::move(summary),
            [member](const TomlValue& value, Entry& entry) { entry.answer.*member = Codec<Member>::read(value); },
            [] { return Codec<Member>::schema(); }};
}

const Fields<Entry>& refusal_fields()
{
    static const Fields<Entry> fields = {
        field("reason", &Entry::reason, "Why the server does not go on").require(),
        field("versions", &Entry::versions, "The versions this holds for; absent: all, and none agreed"),
        answer_field("does", &RefusalAnswer::kind, "What the client sees; absent: an alert"),
        {"alert", "The alert",
         [](const TomlValue& value, Entry& entry) {
             entry.answer.alert.description = Codec<AlertDescription>::read(value);
         },
         [] { return Codec<AlertDescription>::schema(); }},
        {"level", "Its level; absent: fatal",
         [](const TomlValue& value, Entry& entry) { entry.answer.alert.level = Codec<AlertLevel>::read(value); },
         [] { return Codec<AlertLevel>::schema(); }},
        {"record_version",
         "In the alert's record, where none is agreed: a version, or \"client\"; absent: the server's highest, at most "
         "1.2",
         [](const TomlValue& value, Entry& entry) {
             if (value.as_string() == "client")
                 entry.answer.record_version_of_client = true;
             else
                 entry.answer.record_version = Codec<ProtocolVersion>::read(value);
         },
         [] { return Codec<ProtocolVersion>::schema(); }},
        answer_field("when", &RefusalAnswer::moment,
                     "How far the server's flight has got; absent: before-server-hello"),
        {"then", "How the connection ends; absent: fin",
         [](const TomlValue& value, Entry& entry) { entry.answer.reset = RowCodec<bool, kEndings>::read(value); },
         [] { return RowCodec<bool, kEndings>::schema(); }},
        {"status", "Of the HTTP answer",
         [](const TomlValue& value, Entry& entry) {
             entry.answer.http_status = static_cast<unsigned>(read_integer(value, 400, 599));
         },
         [] {
             return nlohmann::json{{"type", "integer"}, {"minimum", 400}, {"maximum", 599}};
         }},
        answer_field("source", &RefusalAnswer::source, "Who measured it, or which document says so"),
    };
    return fields;
}

Entry read_refusal(const TomlValue& value)
{
    Entry entry = read_table(value.as_table(), refusal_fields());
    if (entry.answer.source.empty()) throw InputError(value.where, "the key 'source' is missing", "who measured it");
    const bool says_alert = value.as_table().find("alert") != nullptr;
    if ((entry.answer.kind == AnswerKind::alert) != says_alert)
        throw InputError(value.where, "a refusal has an alert, or does something else",
                         "alert = \"handshake_failure\", or does = \"close\"");
    return entry;
}

const Fields<DecisionRules>& decision_fields()
{
    static const Fields<DecisionRules> fields = {
        field("speaks", &DecisionRules::speaks, "The versions that its software has; absent: whatever it is set to"),
        field("versions_from", &DecisionRules::versions_from, "Where the client's versions are read"),
        field("tls13", &DecisionRules::tls13, "The order of the questions in TLS 1.3"),
        field("legacy", &DecisionRules::legacy, "The same up to TLS 1.2"),
        field("suite_needs_scheme", &DecisionRules::suite_needs_scheme,
              "Up to TLS 1.2: a suite counts only where the client takes a signature of its key"),
        field("suite_needs_curve", &DecisionRules::suite_needs_curve,
              "Up to TLS 1.2: an ECDSA suite counts only where the client offers the certificate's curve"),
        field("tls13_needs_certificate", &DecisionRules::tls13_needs_certificate,
              "Without a certificate the server leaves TLS 1.3 out"),
        field("asks_missing_name", &DecisionRules::asks_missing_name, "It can refuse a client that sends no name"),
    };
    return fields;
}

const Fields<Preferences>& preference_fields()
{
    static const Fields<Preferences> fields = {
        field("suites", &Preferences::suites, "Whose order of suites holds"),
        field("groups", &Preferences::groups, "How the group is chosen"),
        field("suite_list", &Preferences::suite_list, "Its suites, most preferred first"),
        field("group_list", &Preferences::group_list, "Its groups, most preferred first"),
        field("alpn", &Preferences::alpn, "The application protocols it speaks unless told others"),
        field("ffdhe", &Preferences::ffdhe, "DHE in the groups that the client names (RFC 7919)"),
        {"dh_bits", "Of its own DHE parameters, where it is given none",
         [](const TomlValue& value, Preferences& picks) {
             picks.dh_bits = static_cast<unsigned>(read_integer(value, 1024, 2048));
         },
         [] {
             return nlohmann::json{{"enum", {1024, 2048}}};
         }},
    };
    return fields;
}

/// No Codec: other readers of extension names have their own words around them.
std::vector<ExtensionType> read_extensions(const TomlValue& value)
{
    std::vector<ExtensionType> types;
    for (const auto& item : value.as_array())
        types.push_back(read_name(item, "extension", find_extension_type, all_extension_type_names()));
    return types;
}

const Fields<HelloManners>& hello_fields()
{
    static const Fields<HelloManners> fields = {
        {"extensions", "Of a ServerHello up to TLS 1.2, in order",
         [](const TomlValue& value, HelloManners& hello) { hello.extensions = read_extensions(value); },
         [] {
             return nlohmann::json{{"type", "array"}, {"items", names_schema(all_extension_type_names())}};
         }},
        field("change_cipher_spec", &HelloManners::change_cipher_spec,
              "TLS 1.3: whether one follows the ServerHello for a client with a session id"),
        {"padding", "Zero octets behind the content of encrypted records",
         [](const TomlValue& value, HelloManners& hello) {
             hello.padding = static_cast<unsigned>(read_integer(value, 0, 255));
         },
         [] {
             return nlohmann::json{{"type", "integer"}};
         }},
    };
    return fields;
}

template <class Part>
Field<Persona> part(std::string key, Part Persona::*member, const Fields<Part>& (*fields)(), std::string summary)
{
    return {std::move(key), std::move(summary),
            [member, fields](const TomlValue& value, Persona& persona) {
                persona.*member = read_table(value.as_table(), fields());
            },
            [fields] { return schema_of(fields()); }};
}

const Fields<Persona>& persona_fields()
{
    static const Fields<Persona> fields = {
        {"like", "The persona that says what this file does not", [](const TomlValue&, Persona&) {},
         [] { return Codec<std::string>::schema(); }},
        field("software", &Persona::software, "The server software, with versions").require(),
        field("source", &Persona::source, "Where its lines come from").require(),
        field("documented", &Persona::documented, "From documentation, not measured"),
        part("decides", &Persona::decides, decision_fields, "How it decides"),
        part("picks", &Persona::picks, preference_fields, "What it prefers"),
        part("hello", &Persona::hello, hello_fields, "What its ServerHello looks like"),
        {"refusal", "How one refusal shows",
         [](const TomlValue& value, Persona& persona) {
             for (const auto& item : value.as_array()) persona.refusals.push_back(read_refusal(item));
         },
         [] {
             return nlohmann::json{{"type", "array"}, {"items", schema_of(refusal_fields())}};
         }},
    };
    return fields;
}

/// The whole table of `name`, after what it is like; `path` holds the names on the way to it.
TomlTable resolve(const std::map<std::string, TomlTable>& files, const std::string& name, std::set<std::string> path)
{
    const TomlTable& own = files.at(name);
    const TomlValue* like = own.find("like");
    if (like == nullptr) return own;
    path.insert(name);
    const std::string& base = like->as_string();
    std::vector<std::string> names;
    for (const auto& [each, table] : files) names.push_back(each);
    if (!files.contains(base))
        throw InputError(like->where, fmt::format("unknown persona '{}'", base), hint_for(base, names));
    if (path.contains(base)) throw InputError(like->where, fmt::format("'{}' is like itself", base));
    return merge_persona(resolve(files, base, path), own);
}

void check_complete(const Persona& persona, const SourcePos& where)
{
    for (const auto& row : kReasons)
        if (std::none_of(persona.refusals.begin(), persona.refusals.end(),
                         [&](const Entry& entry) { return entry.reason == row.value && entry.versions.empty(); }))
            throw InputError(where, fmt::format("the persona {} has no answer to '{}'", persona.name, row.name),
                             "a [[refusal]] of this reason without versions");
}

} // namespace

std::string_view name(RefusalReason reason)
{
    return name_in(kReasons, reason);
}

bool is_about_client_certificate(RefusalReason reason)
{
    return reason >= RefusalReason::client_certificate_missing;
}

const RefusalAnswer& Persona::answer(RefusalReason reason, std::optional<ProtocolVersion> version) const
{
    for (const auto& entry : refusals) {
        if (entry.reason != reason) continue;
        const auto& versions = entry.versions;
        if (versions.empty() || (version && std::find(versions.begin(), versions.end(), *version) != versions.end()))
            return entry.answer;
    }
    throw std::logic_error(fmt::format("the persona {} has no answer to {}", this->name, alert40::name(reason)));
}

TomlTable merge_persona(const TomlTable& base, const TomlTable& own)
{
    TomlTable merged = overlay_toml(base, own);
    const TomlValue* theirs = base.find("refusal");
    const TomlValue* ours = own.find("refusal");
    if (theirs == nullptr || ours == nullptr) return merged;
    TomlArray all = ours->as_array();
    for (const auto& each : theirs->as_array()) all.push_back(each);
    merged.find("refusal")->content = std::move(all);
    return merged;
}

Persona read_persona(const TomlTable& table, std::string_view name)
{
    Persona persona = read_table(table, persona_fields());
    persona.name = name;
    check_complete(persona, table.where);
    return persona;
}

PersonaCatalogue load_personas(const std::filesystem::path& folder)
{
    std::map<std::string, TomlTable> files;
    for (const auto& path : toml_files(folder)) files.emplace(path.stem().string(), parse_toml_file(path));
    PersonaCatalogue personas;
    for (const auto& [name, table] : files)
        personas.emplace(name, std::make_shared<const Persona>(read_persona(resolve(files, name, {}), name)));
    return personas;
}

std::shared_ptr<const Persona> find_persona(const PersonaCatalogue& personas, const std::string& name,
                                            const SourcePos& where)
{
    const auto found = personas.find(name);
    if (found != personas.end()) return found->second;
    std::vector<std::string> names;
    for (const auto& [each, persona] : personas) names.push_back(each);
    throw InputError(where, fmt::format("unknown persona '{}'", name), hint_for(name, names));
}

} // namespace alert40
