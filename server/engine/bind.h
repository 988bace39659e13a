// SPDX-License-Identifier: GPL-2.0-or-later
// Scenario -> BoundScenario: chains forged, names resolved, faults made, the engine's context built. All that blocks is
// done here, before listening.
#pragma once

#include "scenarios/loader/recipe_file.h"
#include "server/engine/policy.h"
#include "server/faults/catalogue.h"
#include "server/stack/tls_context.h"

namespace alert40 {

/// What binding needs beside the scenario. The state directory outlives what is bound.
struct BindContext {
    StateDirectory& state;
    const RecipeCatalogue& recipes;
    const PersonaCatalogue& personas;
    std::chrono::system_clock::time_point now;
};

/// One set of settings ready to answer: [server], or what a host or a back end puts over it. It belongs to one thread.
class BoundServer {
public:
    /// `names`: what its certificate is made for. Throws InputError, with the position in the scenario file, for a name
    /// that does not exist and for what this build of the engine cannot serve.
    BoundServer(const ServerSettings& settings, std::vector<std::string> names, const BindContext& context,
                const SourcePos& where);

    const ServerSettings& settings() const { return settings_; }
    const Policy& policy() const { return policy_; }
    const std::optional<Chain>& chain() const { return chain_; }
    const std::vector<std::unique_ptr<Fault>>& faults() const { return faults_; }
    std::shared_ptr<TlsContext> context() const { return context_; }
    /// The context that serves exactly this choice. Throws std::runtime_error where the stack refuses it.
    std::shared_ptr<TlsContext> context_for(const Choice& choice);

    /// Fixes the lists that are left to the first ClientHello. Afterwards `not_applicable` says whether that worked.
    void meet(const ClientHello& hello);
    const std::optional<std::string>& not_applicable() const { return not_applicable_; }

    void forge_anew(const BindContext& context);

private:
    void resolve_certificate(const BindContext& context);
    void set_policy();
    TlsServerConfig config() const;
    void set_client_certificate(TlsServerConfig& config) const;
    void build_context();

    ServerSettings settings_;
    std::vector<std::string> names_;
    SourcePos where_;
    Policy policy_;
    std::optional<Chain> chain_;
    std::optional<DhParameters> dh_;
    std::vector<Bytes> client_anchors_;
    std::vector<std::unique_ptr<Fault>> faults_;
    TicketKey ticket_key_{};
    std::shared_ptr<TlsContext> context_;
    std::map<Choice, std::shared_ptr<TlsContext>> contexts_; // those that were chosen
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

private:
    friend class BoundScenario;
    std::unique_ptr<BoundServer> server_;
    std::vector<std::pair<std::string, std::unique_ptr<BoundServer>>> hosts_; // those that differ from the default
};

/// A scenario ready to answer. It belongs to one thread.
class BoundScenario {
public:
    /// Throws InputError as BoundServer does.
    BoundScenario(Scenario scenario, bool fixed, const BindContext& context);

    const Scenario& scenario() const { return scenario_; }
    bool fixed() const { return fixed_; }

    /// The addresses that want a listener each, in the order of the file: `otherwise` alone where it names none.
    std::vector<std::string> addresses(const std::string& otherwise = "127.0.0.1") const;
    /// Who answers the next connection on this local address.
    BoundBackEnd& next_back_end(const std::string& local_address);
    /// The first back end's default server: what there is, where nothing else is said.
    BoundServer& server() { return back_ends_.front().server(); }
    const BoundServer& server() const { return back_ends_.front().server(); }

    /// The reason why some server could not be what the scenario asks for its client; nullptr: there is none.
    const std::string* not_applicable() const;

    /// New certificates with dates around `context.now`, for connections from here on: a long serve never rots.
    void forge_anew(const BindContext& context);

private:
    BoundBackEnd bind_back_end(const ServerSettings& settings, const BindContext& context);
    template <class Act> void for_each_server(Act act);

    Scenario scenario_;
    bool fixed_;
    std::vector<BoundBackEnd> back_ends_; // as server.addresses or server.in_turn; else one
    std::size_t turn_ = 0;
};

/// The recipe that a setting means. Throws InputError for an unknown name.
ChainRecipe resolve_recipe(const CertificateSetting& setting, const RecipeCatalogue& recipes);

/// The chain of a client certificate setting, or nullopt for "none". Throws InputError.
std::optional<Chain> forge_client_chain(const CertificateSetting& setting, const BindContext& context);

/// The names that the certificate of such a server carries: its hosts, else the name the client asks for.
std::vector<std::string> certificate_names(const Scenario& scenario, const ServerSettings& server);

} // namespace alert40
