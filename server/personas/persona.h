// SPDX-License-Identifier: GPL-2.0-or-later
// How each server software decides about a ClientHello and how its refusals show: one file server/personas/<name>.toml
// each, read with the strict reader. The file gives every answer with its source.
//
//   like = "openssl"                         what this file does not say is said there
//   [decides]  [picks]  [hello]              rules, preferences, extensions of its ServerHello
//   [[refusal]]  reason = "unknown-name"  does = "close"  source = "measured: ..."
#pragma once

#include "scenarios/loader/input_error.h"
#include "scenarios/loader/toml_value.h"
#include "scenarios/vocabulary/cipher_suite.h"
#include "scenarios/vocabulary/extension_type.h"
#include "scenarios/vocabulary/named_group.h"
#include "scenarios/vocabulary/protocol_version.h"
#include "server/wire/alert_message.h"

#include <map>
#include <memory>
#include <optional>

namespace alert40 {

enum class RefusalReason {
    no_shared_version,
    fallback,
    no_shared_suite, // up to TLS 1.2 also where groups, certificate and schemes leave none
    no_shared_group, // TLS 1.3
    no_shared_scheme,
    missing_extension, // RFC 8446, section 9.2
    no_certificate,
    no_application_protocol,
    no_extended_master_secret,
    unknown_name,
    missing_name,
    not_tls,
    client_certificate_missing,
    client_certificate_expired,
    client_certificate_not_yet_valid,
    client_certificate_untrusted,
    client_certificate_self_signed,
    client_certificate_unsuitable, // its purpose or constraints
    client_certificate_revoked,
    client_signature_wrong,
};

/// "no-shared-version", as the files spell it.
std::string_view name(RefusalReason reason);
bool is_about_client_certificate(RefusalReason reason);

/// What a client sees of a refusal.
enum class AnswerKind {
    alert,
    close, // no word
    serve, // no refusal: the default certificate, the protocol ignored
    http,  // the handshake completes; an HTTP error follows
};

/// How far the server's flight has got when the refusal comes.
enum class AnswerMoment {
    before_server_hello,
    after_server_hello,         // TLS 1.3: encrypted
    after_encrypted_extensions, // TLS 1.3: encrypted
    after_certificate,          // up to TLS 1.2: ServerHello and Certificate have gone out
};

struct RefusalAnswer {
    AnswerKind kind = AnswerKind::alert;
    Alert alert{AlertLevel::fatal, AlertDescription::handshake_failure};
    std::optional<ProtocolVersion>
        record_version;                    // before a version is agreed; absent: the server's highest, at most 1.2
    bool record_version_of_client = false; // then the ClientHello's legacy_version
    AnswerMoment moment = AnswerMoment::before_server_hello;
    bool reset = false;         // RST follows; else FIN
    unsigned http_status = 400; // with AnswerKind::http
    std::string source;         // who measured it where, or which document says so
};

/// What the server takes the client's versions from.
enum class VersionsFrom {
    supported_versions,        // where it is sent, else legacy_version (RFC 8446, section 4.2.1)
    legacy_version,            // a server older than TLS 1.3
    supported_versions_if_1_3, // legacy_version where the server has no TLS 1.3 or the client names none (GnuTLS)
};

enum class DecisionStep { name, version, fallback, suite, group, certificate, scheme, alpn };

struct DecisionRules {
    std::vector<ProtocolVersion> speaks; // the versions its software has; empty: all that it is set to
    VersionsFrom versions_from = VersionsFrom::supported_versions;
    std::vector<DecisionStep> tls13;      // the order of the questions in TLS 1.3
    std::vector<DecisionStep> legacy;     // and up to TLS 1.2, where `suite` holds group and certificate
    bool suite_needs_scheme = true;       // up to TLS 1.2: a suite whose signature the client does not take is left out
    bool suite_needs_curve = true;        // up to TLS 1.2: an ECDSA certificate's curve must be offered
    bool tls13_needs_certificate = false; // without one TLS 1.3 is left out
    bool asks_missing_name = false;       // "refuse" of server.missing_name means something to it
};

enum class Preference { client, server };

enum class GroupChoice {
    client_share, // the client's first key share that the server has; else the client's first group
    server_share, // the server's first group with a share; else its first group
    client_group, // the client's first group, share or not
};

struct Preferences {
    Preference suites = Preference::client;
    GroupChoice groups = GroupChoice::client_share;
    std::vector<CipherSuite> suite_list; // where the scenario names none; empty: all that the stack serves
    std::vector<NamedGroup> group_list;
    std::vector<std::string> alpn; // what it speaks where the scenario does not say; empty: it ignores the extension
    bool ffdhe = false;            // DHE in the groups that the client names (RFC 7919)
    unsigned dh_bits = 0;          // of its own DHE parameters, where it is given none; 0: it has none
};

/// Extensions of a ServerHello up to TLS 1.2, in order, each where the client asked for it.
struct HelloManners {
    std::vector<ExtensionType> extensions;
    bool change_cipher_spec = true; // TLS 1.3: for a client with a session id (RFC 8446, appendix D.4)
    unsigned padding = 0;           // zero octets behind the content of encrypted records
};

struct Persona {
    std::string name;
    std::string software;
    std::string source;
    bool documented = false; // from documentation, not measured
    DecisionRules decides;
    Preferences picks;
    HelloManners hello;

    /// The answer for `reason` in `version`; nullopt: none is agreed yet. Throws std::logic_error where there is none.
    const RefusalAnswer& answer(RefusalReason reason, std::optional<ProtocolVersion> version) const;

    struct Entry {
        RefusalReason reason{};
        std::vector<ProtocolVersion> versions; // empty: all
        RefusalAnswer answer;
    };
    std::vector<Entry> refusals; // the first that fits holds; those of this file before those it is like
};

using PersonaCatalogue = std::map<std::string, std::shared_ptr<const Persona>>;

/// Every *.toml of `folder`. Throws InputError, also where two are like each other or a reason has no answer.
PersonaCatalogue load_personas(const std::filesystem::path& folder);

/// Throws InputError at `where` with the nearest names.
std::shared_ptr<const Persona> find_persona(const PersonaCatalogue& personas, const std::string& name,
                                            const SourcePos& where);

/// One persona from the whole of its table, "like" already resolved.
Persona read_persona(const TomlTable& table, std::string_view name);

/// `own` put over what it is like: tables merged, its refusals before the others.
TomlTable merge_persona(const TomlTable& base, const TomlTable& own);

} // namespace alert40
