// SPDX-License-Identifier: GPL-2.0-or-later
// A scenario as it was written, checked as far as this room can: versions, suites, groups, schemes and alerts are
// values; names that other rooms own (faults, recipes, clients, causes) stay names with their positions, and are
// resolved where their catalogue lives.
#pragma once

#include "certs/recipe.h"
#include "scenarios/loader/expectation.h"
#include "scenarios/loader/toml_value.h"
#include "scenarios/vocabulary/alert.h"
#include "scenarios/vocabulary/cipher_suite.h"
#include "scenarios/vocabulary/handshake_type.h"
#include "scenarios/vocabulary/named_group.h"
#include "scenarios/vocabulary/protocol_version.h"
#include "scenarios/vocabulary/signature_scheme.h"

#include <chrono>
#include <map>
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

/// One name that a server answers for.
struct HostSettings {
    Located<std::string> name;
};

/// What an unknown or a missing SNI gets: the default certificate (nullopt), or this alert.
using NameRefusal = std::optional<AlertDescription>;

/// One fault as written; server/faults resolves `trigger`, `kind` and reads `settings` with the kind's own fields.
struct FaultSettings {
    Located<std::string> trigger; // at = "client:client_hello"
    Located<std::string> kind;    // do = "reset"
    TomlTable settings;           // the keys beside these two
};

/// One message of a flight composed by alert40 itself, with the fields in which it departs from an honest server's.
struct FlightMessage {
    Located<HandshakeType> message;
    std::vector<Located<std::string>> without_extensions;
};

struct ServerSettings {
    std::vector<ProtocolVersion> versions{ProtocolVersion::tls12, ProtocolVersion::tls13};
    std::optional<Selection<CipherSuite>> ciphers;
    std::optional<Selection<NamedGroup>> groups;
    CertificateSetting certificate;
    ClientCertificate client_certificate = ClientCertificate::none;
    std::vector<HostSettings> hosts; // empty: every name is served
    NameRefusal unknown_name;
    NameRefusal missing_name;
    std::optional<Located<unsigned>> dh_bits; // length of the prime of the DHE parameters
    std::vector<FaultSettings> faults;
    std::vector<FlightMessage> flight; // empty: the stack answers
};

struct ClientSettings {
    std::vector<ProtocolVersion> versions; // empty, here and below: the client's defaults
    std::vector<CipherSuite> ciphers;
    std::vector<NamedGroup> groups;
    std::vector<SignatureScheme> signature_schemes;
    std::string server_name; // empty: the scenario's own name; "none": no SNI is sent
    CertificateSetting certificate{"none", {}, {}};
    std::optional<std::chrono::milliseconds> timeout; // the client's deadline; where absent the checker's
};

/// The overlay that removes the cause and nothing else, already applied.
struct Fix {
    std::string summary;
    ServerSettings server;
    ClientSettings client;
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

    std::string family() const { return id.substr(0, id.find('/')); }
    /// "<name>.<family>.localhost": dotted, resolved to loopback by browsers and curl.
    std::string default_server_name() const;
    /// The name the client asks for, or empty where it sends none.
    std::string asked_name() const;
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
