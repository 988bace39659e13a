// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/bind.h"

#include "scenarios/loader/input_error.h"
#include "server/engine/adaptive.h"
#include "server/engine/servable.h"
#include "server/flights/tls12_flight.h"
#include "server/stack/dh_parameters.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

ServerKey server_key(KeyType type)
{
    switch (type) {
    case KeyType::ec_p256:
        return {SignatureKey::ecdsa, NamedGroup::secp256r1};
    case KeyType::ec_p384:
        return {SignatureKey::ecdsa, NamedGroup::secp384r1};
    case KeyType::ec_p521:
        return {SignatureKey::ecdsa, NamedGroup::secp521r1};
    case KeyType::ed25519:
        return {SignatureKey::ed25519, {}};
    case KeyType::ed448:
        return {SignatureKey::ed448, {}};
    case KeyType::rsa_1024:
    case KeyType::rsa_2048:
    case KeyType::rsa_3072:
    case KeyType::rsa_4096:
        break;
    }
    return {SignatureKey::rsa, {}};
}

std::vector<std::string> recipe_names(const RecipeCatalogue& recipes)
{
    std::vector<std::string> names;
    for (const auto& [id, recipe] : recipes) names.push_back(id);
    names.emplace_back("none");
    return names;
}

} // namespace

ChainRecipe resolve_recipe(const CertificateSetting& setting, const RecipeCatalogue& recipes)
{
    if (setting.inline_recipe) return *setting.inline_recipe;
    const auto found = recipes.find(setting.recipe);
    if (found != recipes.end()) return found->second;
    throw InputError(setting.where, fmt::format("unknown certificate recipe '{}'", setting.recipe),
                     hint_for(setting.recipe, recipe_names(recipes)));
}

std::optional<Chain> forge_client_chain(const CertificateSetting& setting, const BindContext& context)
{
    if (setting.none()) return std::nullopt;
    const auto recipe = resolve_recipe(setting, context.recipes);
    if (recipe.purpose != CertificatePurpose::client)
        throw InputError(setting.where, fmt::format("the recipe '{}' is for a server", setting.recipe),
                         "purpose = \"client\"");
    return forge_chain(plan_chain(recipe, {"client.alert40.test"}, {}), context.state, context.now);
}

std::vector<std::string> certificate_names(const Scenario& scenario)
{
    std::vector<std::string> names;
    for (const auto& host : scenario.server.hosts) names.push_back(host.name.value);
    if (names.empty())
        names.push_back(scenario.asked_name().empty() ? scenario.default_server_name() : scenario.asked_name());
    return names;
}

BoundScenario::BoundScenario(Scenario scenario, bool fixed, const BindContext& context)
    : scenario_(fixed ? fixed_twin(scenario) : std::move(scenario)),
      fixed_(fixed)
{
    const ServerSettings& server = scenario_.server;
    check_servable(server, scenario_.where);
    resolve_certificate(context);
    check_flight(server.flight);
    for (const auto& fault : server.faults) faults_.push_back(make_fault(fault));
    if (server.dh_bits) dh_ = dh_parameters(server.dh_bits->value);
    if (server.client_certificate != ClientCertificate::none) client_anchors_ = {context.state.root()};

    policy_.versions = server.versions;
    policy_.has_dh_parameters = dh_.has_value();
    for (const auto& host : server.hosts) policy_.names.push_back(host.name.value);
    policy_.unknown_name = server.unknown_name;
    policy_.missing_name = server.missing_name;
    policy_.cipher_suites = server.ciphers ? server.ciphers->values : servable_suites(server.versions, policy_.key);
    policy_.groups = server.groups ? server.groups->values : servable_groups(server.versions);
    adaptive_ = (server.ciphers && server.ciphers->none_offered) || (server.groups && server.groups->none_offered);
    if (!adaptive_) build_context();
}

void BoundScenario::resolve_certificate(const BindContext& context)
{
    const auto& setting = scenario_.server.certificate;
    if (setting.none()) return;
    const auto recipe = resolve_recipe(setting, context.recipes);
    if (recipe.purpose != CertificatePurpose::server)
        throw InputError(setting.where, fmt::format("the recipe '{}' is for a client", setting.recipe),
                         "purpose = \"server\"");
    // No IP addresses: below a permitted DNS subtree wolfSSL 5.5.4 takes each for a DNS name that violates it (-198).
    const ChainPlan plan = plan_chain(recipe, certificate_names(scenario_), {});
    chain_ = forge_chain(plan, context.state, context.now);
    policy_.key = server_key(recipe.key);
}

void BoundScenario::build_context()
{
    if (!chain_) return; // such a server refuses everybody
    TlsServerConfig config;
    config.versions = policy_.versions;
    config.cipher_suites = policy_.cipher_suites;
    config.groups = policy_.groups;
    config.chain = chain_;
    config.client_anchors = client_anchors_;
    config.dh = dh_;
    const auto wanted = scenario_.server.client_certificate;
    if (wanted == ClientCertificate::optional) config.client_certificate = PeerCertificate::optional;
    if (wanted == ClientCertificate::required) config.client_certificate = PeerCertificate::required;
    try {
        context_ = TlsContext::server(config);
    } catch (const std::runtime_error& error) {
        throw InputError(scenario_.where, error.what());
    }
}

void BoundScenario::forge_anew(const BindContext& context)
{
    resolve_certificate(context);
    if (!client_anchors_.empty()) client_anchors_ = {context.state.root()};
    if (!adaptive_) build_context();
}

void BoundScenario::meet(const ClientHello& hello)
{
    if (!adaptive_) return;
    adaptive_ = false;
    not_applicable_ = fix_lists(scenario_.server, hello, policy_);
    if (!not_applicable_) build_context();
}

} // namespace alert40
