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
    std::chrono::system_clock::time_point now;
};

/// A server ready to answer. It belongs to one thread.
class BoundScenario {
public:
    /// Throws InputError, with the position in the scenario file, for a name that does not exist and for what this
    /// build of the engine cannot serve.
    BoundScenario(Scenario scenario, bool fixed, const BindContext& context);

    const Scenario& scenario() const { return scenario_; }
    bool fixed() const { return fixed_; }
    const Policy& policy() const { return policy_; }
    const std::optional<Chain>& chain() const { return chain_; }
    const std::vector<std::unique_ptr<Fault>>& faults() const { return faults_; }
    std::shared_ptr<TlsContext> context() const { return context_; }

    /// Fixes the lists that are left to the first ClientHello. Afterwards `not_applicable` says whether that worked.
    void meet(const ClientHello& hello);
    const std::optional<std::string>& not_applicable() const { return not_applicable_; }

    /// New certificates with dates around `context.now`, for connections from here on: a long serve never rots.
    void forge_anew(const BindContext& context);

private:
    void resolve_certificate(const BindContext& context);
    void build_context();

    Scenario scenario_;
    bool fixed_;
    Policy policy_;
    std::optional<Chain> chain_;
    std::optional<DhParameters> dh_;
    std::vector<Bytes> client_anchors_;
    std::vector<std::unique_ptr<Fault>> faults_;
    std::shared_ptr<TlsContext> context_;
    bool adaptive_ = false; // lists are still to be fixed
    std::optional<std::string> not_applicable_;
};

/// The recipe that a setting means. Throws InputError for an unknown name.
ChainRecipe resolve_recipe(const CertificateSetting& setting, const RecipeCatalogue& recipes);

/// The chain of a client certificate setting, or nullopt for "none". Throws InputError.
std::optional<Chain> forge_client_chain(const CertificateSetting& setting, const BindContext& context);

/// The names a scenario's certificate carries: its hosts, else the name the client asks for.
std::vector<std::string> certificate_names(const Scenario& scenario);

} // namespace alert40
