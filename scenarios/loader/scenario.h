// SPDX-License-Identifier: GPL-2.0-or-later
// A scenario as it was written, checked as far as this room can: versions, suites, groups, schemes and alerts are
// values; names that other rooms own (faults, recipes, clients, causes) stay names with their positions, and are
// resolved where their catalogue lives.
#pragma once

#include "certs/recipe.h"
#include "scenarios/loader/expectation.h"
#include "scenarios/loader/flight.h"
#include "scenarios/loader/toml_value.h"
#include "scenarios/vocabulary/alert.h"
#include "scenarios/vocabulary/cipher_suite.h"
#include "scenarios/vocabulary/handshake_type.h"
#include "scenarios/vocabulary/named_group.h"
#include "scenarios/vocabulary/protocol_version.h"
#include "scenarios/vocabulary/signature_scheme.h"

#include <chrono>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>

namespace alert40 {

/// A list, or the words "none-offered": from the first ClientHello one concrete list is fixed that shares nothing with
/// it, and kept; the real intersection is run on it ever after.
template <class T> struct Selection {
    bool none_offered = false;
    std::vector<T> values;
    SourcePos where;
};

/// The name of a recipe, an inline recipe, or "none".
struct CertificateSetting {
    std::string recipe = "leaf";
    std::optional<ChainRecipe> inline_recipe;
    SourcePos where;

    bool none() const { return !inline_recipe && recipe == "none"; }
};

enum class ClientCertificate { none, optional, required };

struct ServerSettings;

/// One name that a server answers for, with the whole settings that hold for it: [server] and what the entry puts over.
struct HostSettings {
    Located<std::string> name;
    std::shared_ptr<const ServerSettings> server;
    bool differs = false; // the entry puts something over [server]
};

/// One back end behind the scenario's name, with its whole settings. By address: it has a listener of its own there.
/// In turn: connections go round over the entries of the list.
struct BackEndSettings {
    Located<std::string> address; // empty in server.in_turn
    std::shared_ptr<const ServerSettings> server;
    bool differs = false; // the entry puts something over [server]
};

/// What an unreadable ticket gets: nothing worse than a full handshake (nullopt), or this alert.
using NameRefusal = std::optional<AlertDescription>;

/// What an unknown or a missing SNI gets: the default certificate, what server.persona does to it, no word, or this
/// alert. A warning does not end the handshake (RFC 6066, section 3).
struct NameAnswer {
    enum class Kind { default_certificate, as_persona, close, alert };
    Kind kind = Kind::default_certificate;
    AlertDescription alert{};
    AlertLevel level = AlertLevel::fatal;

    bool operator==(const NameAnswer&) const = default;
};

/// One fault as written; server/faults resolves `trigger`, `kind` and reads `settings` with the kind's own fields.
struct FaultSettings {
    Located<std::string> trigger; // at = "client:client_hello"
    Located<std::string> kind;    // do = "reset"
    TomlTable settings;           // the keys beside these two
};

/// The protocol that is spoken before TLS, until the client asks for it.
enum class Starttls { none, smtp, imap, pop3, ftp, postgres, mysql, ldap, xmpp };

/// The OCSP response in the server's flight.
enum class Staple { none, good, revoked, stale, other_certificate, malformed };

/// Session tickets and PSKs: who may read them, and what happens to one that cannot be read or does not fit.
struct TicketSettings {
    bool issued = true;
    bool shared_keys = true; // among back ends and restarts; false: each back end has a key of its own
    NameRefusal unreadable;  // nullopt: a full handshake (RFC 5077 section 3.4, RFC 8446 section 4.2.11)
};

/// 0-RTT data: "refuse" skips it (RFC 8446 section 4.2.10), "425" takes it and answers HTTP 425 (RFC 8470).
enum class EarlyData { none, accept, refuse, too_early };

/// Where alert40 stands as a middlebox in front of another server.
struct UpstreamSettings {
    Located<std::string> to; // a scenario's id, or HOST:PORT on loopback
    bool inspect = false;    // ends TLS itself, with certificates of its own root made for the asked name
};

struct ServerSettings {
    Located<std::string> persona{"openssl", {}}; // with which alerts and manners its refusals show
    std::vector<ProtocolVersion> versions{ProtocolVersion::tls12, ProtocolVersion::tls13};
    bool versions_none_offered = false; // then `versions` is fixed by the first ClientHello
    std::optional<Selection<CipherSuite>> ciphers;
    std::optional<Selection<NamedGroup>> groups;
    std::optional<Selection<SignatureScheme>> signature_schemes; // it signs with
    std::optional<Selection<std::string>> alpn;                  // absent: the extension is ignored
    CertificateSetting certificate;
    std::vector<CertificateSetting> more_certificates; // of other key types, chosen by suite and signature scheme
    Staple staple = Staple::none;
    ClientCertificate client_certificate = ClientCertificate::none;
    std::vector<HostSettings> hosts;        // empty: every name is served
    std::vector<BackEndSettings> addresses; // empty: one listener, on the address that is served
    std::vector<BackEndSettings> in_turn;   // empty: every connection meets the same settings
    std::optional<TicketSettings> tickets;  // absent: the stack's own, never shared
    EarlyData early_data = EarlyData::none;
    Starttls starttls = Starttls::none;
    std::optional<UpstreamSettings> upstream;
    bool require_extended_master_secret = false; // it refuses a client up to TLS 1.2 that does not offer it
    std::optional<unsigned> http_status;         // of the answer after the handshake; absent: 200
    NameAnswer unknown_name;
    NameAnswer missing_name;
    std::optional<Located<unsigned>> dh_bits; // length of the prime of the DHE parameters
    std::vector<FaultSettings> faults;
    std::vector<FlightMessage> flight; // empty: the stack answers
    bool listens = true;               // false: it has refused to start, so connections to its port are refused
};

/// Which roots the client trusts: the run's own, that and the inspecting middlebox's, or none of them.
enum class Trust { run, inspection, nothing };

/// Whether the client connects a first time to get a session that the connection which counts resumes.
enum class Resume { none, same_server, other_back_end };

/// How the client learns whether the server's certificate was revoked.
enum class Revocation { none, staple, crl };

/// What the client's own configuration gets wrong, so that it has nothing to put into a ClientHello.
enum class Misconfiguration { none, unknown_ciphers, empty_version_range };

struct ClientSettings {
    std::vector<ProtocolVersion> versions; // empty, here and below: the client's defaults
    std::vector<CipherSuite> ciphers;
    std::vector<NamedGroup> groups;
    std::vector<SignatureScheme> signature_schemes;
    std::vector<std::string> alpn;
    std::string server_name; // empty: the scenario's own name; "none": no SNI is sent
    std::string connect_to;  // one of server.addresses; empty: the first
    CertificateSetting certificate{"none", {}, {}};
    Trust trust = Trust::run;
    std::chrono::seconds clock{}; // how far its clock is wrong
    Resume resume = Resume::none;
    bool early_data = false;
    Revocation revocation = Revocation::none;
    std::string pin; // a recipe: the key that the client insists on is another one's where it does not fit
    bool require_extended_master_secret = false;
    bool extended_master_secret = true;
    bool fallback_scsv = false; // TLS_FALLBACK_SCSV (RFC 7507): it repeats a failed connection with a lower version
    Misconfiguration misconfigured = Misconfiguration::none;
    unsigned connections = 1;                         // it is run so often, one run after the other
    std::optional<unsigned> hello_size;               // least octets of its ClientHello
    std::optional<std::chrono::milliseconds> timeout; // the client's deadline; where absent the checker's
};

/// The overlay that removes the cause and nothing else, already applied.
struct Fix {
    std::string summary;
    ServerSettings server;
    ClientSettings client;
    TomlTable server_table; // as written, the overlay put over it
    TomlTable client_table;
};

struct Scenario {
    std::string id; // "cipher/no-shared-cipher-tls12", from the path
    SourcePos where;
    std::string title;
    Located<std::string> cause; // "none" for a control
    std::string story;
    std::string lesson;
    ServerSettings server;
    ClientSettings client;
    Expectation expect;
    std::optional<Fix> fix;
    TomlTable server_table; // each section as written: what there is to show
    TomlTable client_table;
    TomlTable expect_table;

    std::string family() const { return id.substr(0, id.find('/')); }
    /// "<name>.<family>.localhost": dotted, resolved to loopback by browsers and curl.
    std::string default_server_name() const;
    /// The name the client asks for, or empty where it sends none.
    std::string asked_name() const;
    /// The address the client goes to.
    std::string client_address() const;
};

/// The scenario with its fix applied, expecting `connected`. Throws std::logic_error where there is none.
Scenario fixed_twin(const Scenario& scenario);

/// Reads one scenario. The id is <last folder>/<stem> of `path`. Throws InputError.
Scenario load_scenario(const std::filesystem::path& path);

/// The same from text; `name` is used in positions, `id` as given.
Scenario parse_scenario(std::string_view text, std::string_view name, std::string_view id);

/// The JSON Schema (2020-12) of a scenario file, from the tables that read it. `fault_schema` is what the room of the
/// faults says of one entry of server.faults.
nlohmann::json scenario_schema(const nlohmann::json& fault_schema);

} // namespace alert40
