// SPDX-License-Identifier: GPL-2.0-or-later
// Scenario -> BoundScenario: chains forged, names resolved, faults made, the engine's context built. All that blocks is
// done here, before listening.
#pragma once

#include "scenarios/loader/recipe_file.h"
#include "server/engine/identity.h"
#include "server/engine/upstream.h"
#include "server/faults/catalogue.h"
#include "server/flights/plan.h"
#include "server/wire/client_hello.h"

#include <atomic>
#include <functional>

namespace alert40 {

class Publication;

/// What binding needs beside the scenario. The state directory outlives what is bound.
struct BindContext {
    StateDirectory& state;
    const RecipeCatalogue& recipes;
    const PersonaCatalogue& personas;
    std::chrono::system_clock::time_point now;
    std::filesystem::path data = {};    // where scenarios are that server.upstream names; empty: there are none
    Publication* publication = nullptr; // of issuers, CRLs and OCSP responses; nullptr: certificates name none of them
};

/// What the threads that serve one scenario share: connections are counted over all of them, and a ticket of one thread
/// is read by another. All may use it at once.
struct SharedByThreads {
    SharedByThreads();
    std::atomic<std::size_t> connections{0};
    const Bytes ticket_secret; // made new for every run
};

/// One set of settings ready to answer: [server], or what a host or a back end puts over it. It belongs to one thread.
class BoundServer {
public:
    /// `names`: what its certificate is made for. `ticket_key`: what its tickets are sealed with, if it issues any.
    /// Throws InputError, with the position in the scenario file, for a name that does not exist and for what this
    /// build of the engine cannot serve.
    BoundServer(const ServerSettings& settings, std::vector<std::string> names, const TicketKey& ticket_key,
                const BindContext& context, const SourcePos& where);

    const ServerSettings& settings() const { return settings_; }
    const Policy& policy() const { return identities_.front().policy; }
    const std::optional<Chain>& chain() const { return identities_.front().chain; }
    const std::vector<std::unique_ptr<Fault>>& faults() const { return faults_; }
    std::shared_ptr<TlsContext> context() const { return identities_.front().context; }
    /// The certificate that answers this hello, and what goes with it.
    BoundIdentity& identity_for(const ClientHello& hello);
    /// The flight that alert40 composes for what was agreed on with this client: the scenario departs from an honest
    /// one, or the stack would not serve it as agreed. nullptr: the stack serves it.
    std::shared_ptr<const FlightPlan> flight_for(BoundIdentity& identity, const Agreed& agreed,
                                                 const ClientHello& hello);
    /// The context in which the stack serves exactly this. Throws std::runtime_error where it refuses to.
    std::shared_ptr<TlsContext> context_for(BoundIdentity& identity, const Agreed& agreed);
    /// The server behind, where this one is a middlebox; else nullptr.
    BoundUpstream* upstream() const { return upstream_.get(); }
    /// The alert of a broken server that meets a ticket or a PSK which it cannot read; nullopt where it goes on, be it
    /// with a full handshake (RFC 5077 section 3.4, RFC 8446 section 4.2.11).
    std::optional<AlertDescription> ticket_refusal(const ClientHello& hello) const;

    /// Fixes the lists that are left to the first ClientHello. Afterwards `not_applicable` says whether that worked.
    void meet(const ClientHello& hello);
    const std::optional<std::string>& not_applicable() const { return not_applicable_; }

    void forge_anew(const BindContext& context);

private:
    std::vector<BoundIdentity> forge_identities(const BindContext& context) const;
    void set_policies();
    FaultPlace fault_place() const;
    void build_contexts();
    void resolve_flight(const BindContext& context);
    TlsServerConfig config_of(const BoundIdentity& identity) const;
    void set_client_certificate(TlsServerConfig& config) const;
    FlightPlan plan_of(const BoundIdentity& identity, std::vector<FlightMessage> departures) const;

    ServerSettings settings_;
    std::vector<std::string> names_;
    SourcePos where_;
    TicketKey ticket_key_;
    std::vector<BoundIdentity> identities_; // one at least; the first is server.certificate's
    std::optional<DhParameters> dh_;
    std::vector<Bytes> client_anchors_;
    std::vector<std::unique_ptr<Fault>> faults_;
    std::unique_ptr<BoundUpstream> upstream_;
    std::map<std::string, std::vector<Bytes>> flight_chains_; // of the recipes that server.flight names
    std::shared_ptr<const FlightPlan> flight_;                // nullptr: the stack answers, as far as it can
    std::shared_ptr<const Persona> persona_;
    bool adaptive_ = false; // lists are still to be fixed
    std::optional<std::string> not_applicable_;
};

/// One back end: its default server and those of its hosts.
class BoundBackEnd {
public:
    BoundServer& server() { return *server_; }
    const BoundServer& server() const { return *server_; }
    /// The server that answers for the asked name; the default one where no host has it.
    BoundServer& server_for(const ClientHello& hello);
    /// Another server than `asked` answers for the name.
    bool has_own_settings(const std::string& name, const BoundServer& asked) const;

private:
    BoundServer& server_for(const std::string& name) const;

    friend class BoundScenario;
    std::unique_ptr<BoundServer> server_;
    std::vector<std::pair<std::string, std::unique_ptr<BoundServer>>> hosts_; // those that differ from the default
};

/// A scenario ready to answer. It belongs to one thread.
class BoundScenario {
public:
    /// `shared`: what the threads have in common that serve the same scenario; nullptr: this is the only one.
    /// Throws InputError as BoundServer does.
    BoundScenario(Scenario scenario, bool fixed, const BindContext& context,
                  std::shared_ptr<SharedByThreads> shared = nullptr);

    const Scenario& scenario() const { return scenario_; }
    bool fixed() const { return fixed_; }

    /// A whole HTTP response to a request that came inside TLS.
    using AnswerRequest = std::function<std::string(std::string_view request)>;
    /// Before it serves: requests get `answer` instead of the page that says how the handshake went.
    void answer_with(AnswerRequest answer) { own_answer_ = std::move(answer); }
    const AnswerRequest& own_answer() const { return own_answer_; }

    /// The addresses that want a listener each, in the order of the file: `otherwise` alone where it names none.
    std::vector<std::string> addresses(const std::string& otherwise = "127.0.0.1") const;
    /// Counts a connection, from 1 over all threads and listeners.
    std::size_t count_connection() { return ++shared_->connections; }
    /// Who answers connection `number` on this local address.
    BoundBackEnd& back_end_for(std::size_t number, const std::string& local_address);
    /// The first back end's default server: what there is, where nothing else is said.
    BoundServer& server() { return back_ends_.front().server(); }
    const BoundServer& server() const { return back_ends_.front().server(); }

    /// The reason why some server could not be what the scenario asks for its client; nullptr: there is none.
    const std::string* not_applicable() const;

    /// New certificates with dates around `context.now`, for connections from here on: a long serve never rots.
    void forge_anew(const BindContext& context);

private:
    BoundBackEnd bind_back_end(const ServerSettings& settings, std::size_t place, const BindContext& context);
    template <class Act> void for_each_server(Act act);

    Scenario scenario_;
    bool fixed_;
    AnswerRequest own_answer_;
    std::shared_ptr<SharedByThreads> shared_;
    std::vector<BoundBackEnd> back_ends_; // as server.addresses or server.in_turn; else one
};

/// The recipe that a setting means. Throws InputError for an unknown name.
ChainRecipe resolve_recipe(const CertificateSetting& setting, const RecipeCatalogue& recipes);

/// The chain of a client certificate setting, or nullopt for "none". Throws InputError.
std::optional<Chain> forge_client_chain(const CertificateSetting& setting, const BindContext& context);

/// The names that the certificate of such a server carries: its hosts, else the name the client asks for.
std::vector<std::string> certificate_names(const Scenario& scenario, const ServerSettings& server);

} // namespace alert40
