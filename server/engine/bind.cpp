// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/bind.h"

#include "scenarios/loader/input_error.h"
#include "server/engine/adaptive.h"
#include "server/engine/servable.h"
#include "server/flights/tls12_flight.h"
#include "server/stack/dh_parameters.h"

#include <algorithm>
#include <asio/ip/address.hpp>
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
    case KeyType::rsa_512:
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

void check_addresses(const Scenario& scenario)
{
    for (const auto& each : scenario.server.addresses) {
        asio::error_code invalid;
        const auto address = asio::ip::make_address(each.address.value, invalid);
        if (invalid || !address.is_loopback())
            throw InputError(each.address.where, fmt::format("'{}' is no loopback address", each.address.value),
                             "127.0.0.1, 127.0.0.2, ::1");
    }
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

std::vector<std::string> certificate_names(const Scenario& scenario, const ServerSettings& server)
{
    std::vector<std::string> names;
    for (const auto& host : server.hosts) names.push_back(host.name.value);
    if (names.empty())
        names.push_back(scenario.asked_name().empty() ? scenario.default_server_name() : scenario.asked_name());
    return names;
}

BoundServer::BoundServer(const ServerSettings& settings, std::vector<std::string> names, const BindContext& context,
                         const SourcePos& where)
    : settings_(settings),
      names_(std::move(names)),
      where_(where)
{
    check_servable(settings_, where_);
    resolve_certificate(context);
    check_flight(settings_.flight);
    for (const auto& fault : settings_.faults) faults_.push_back(make_fault(fault));
    if (settings_.dh_bits) dh_ = dh_parameters(settings_.dh_bits->value);
    if (settings_.client_certificate != ClientCertificate::none) client_anchors_ = {context.state.root()};

    policy_.versions = settings_.versions;
    policy_.has_dh_parameters = dh_.has_value();
    for (const auto& host : settings_.hosts) policy_.names.push_back(host.name.value);
    policy_.unknown_name = settings_.unknown_name;
    policy_.missing_name = settings_.missing_name;
    policy_.cipher_suites =
        settings_.ciphers ? settings_.ciphers->values : servable_suites(settings_.versions, policy_.key);
    policy_.groups = settings_.groups ? settings_.groups->values : servable_groups(settings_.versions);
    adaptive_ =
        (settings_.ciphers && settings_.ciphers->none_offered) || (settings_.groups && settings_.groups->none_offered);
    if (!adaptive_) build_context();
}

void BoundServer::resolve_certificate(const BindContext& context)
{
    const auto& setting = settings_.certificate;
    if (setting.none()) return;
    const auto recipe = resolve_recipe(setting, context.recipes);
    if (recipe.purpose != CertificatePurpose::server)
        throw InputError(setting.where, fmt::format("the recipe '{}' is for a client", setting.recipe),
                         "purpose = \"server\"");
    // No IP addresses: below a permitted DNS subtree wolfSSL 5.5.4 takes each for a DNS name that violates it (-198).
    const ChainPlan plan = plan_chain(recipe, names_, {});
    chain_ = forge_chain(plan, context.state, context.now);
    policy_.key = server_key(recipe.key);
}

void BoundServer::build_context()
{
    if (!chain_) return; // such a server refuses everybody
    TlsServerConfig config;
    config.versions = policy_.versions;
    config.cipher_suites = policy_.cipher_suites;
    config.groups = policy_.groups;
    config.chain = chain_;
    config.client_anchors = client_anchors_;
    config.dh = dh_;
    std::ranges::copy(random_bytes(TicketKey().size()), config.ticket_key.emplace().begin());
    const auto wanted = settings_.client_certificate;
    if (wanted == ClientCertificate::optional) config.client_certificate = PeerCertificate::optional;
    if (wanted == ClientCertificate::required) config.client_certificate = PeerCertificate::required;
    try {
        context_ = TlsContext::server(config);
    } catch (const std::runtime_error& error) {
        throw InputError(where_, error.what());
    }
}

void BoundServer::forge_anew(const BindContext& context)
{
    resolve_certificate(context);
    if (!client_anchors_.empty()) client_anchors_ = {context.state.root()};
    if (!adaptive_) build_context();
}

void BoundServer::meet(const ClientHello& hello)
{
    if (!adaptive_) return;
    adaptive_ = false;
    not_applicable_ = fix_lists(settings_, hello, policy_);
    if (!not_applicable_) build_context();
}

BoundServer& BoundBackEnd::server_for(const ClientHello& hello)
{
    const auto asked = hello.server_name();
    for (auto& [name, server] : hosts_)
        if (asked && same_name(name, *asked)) return *server;
    return *server_;
}

BoundScenario::BoundScenario(Scenario scenario, bool fixed, const BindContext& context)
    : scenario_(fixed ? fixed_twin(scenario) : std::move(scenario)),
      fixed_(fixed)
{
    const ServerSettings& server = scenario_.server;
    check_addresses(scenario_);
    const auto& several = server.addresses.empty() ? server.in_turn : server.addresses;
    for (const auto& each : several) back_ends_.push_back(bind_back_end(*each.server, context));
    if (several.empty()) back_ends_.push_back(bind_back_end(server, context));
}

BoundBackEnd BoundScenario::bind_back_end(const ServerSettings& settings, const BindContext& context)
{
    BoundBackEnd back_end;
    const auto bind = [&](const ServerSettings& each, std::vector<std::string> names) {
        return std::make_unique<BoundServer>(each, std::move(names), context, scenario_.where);
    };
    back_end.server_ = bind(settings, certificate_names(scenario_, settings));
    for (const auto& host : settings.hosts)
        if (host.differs) back_end.hosts_.emplace_back(host.name.value, bind(*host.server, {host.name.value}));
    return back_end;
}

std::vector<std::string> BoundScenario::addresses(const std::string& otherwise) const
{
    if (scenario_.server.addresses.empty()) return {otherwise};
    std::vector<std::string> addresses;
    for (const auto& each : scenario_.server.addresses) addresses.push_back(each.address.value);
    return addresses;
}

BoundBackEnd& BoundScenario::next_back_end(const std::string& local_address)
{
    const auto& addresses = scenario_.server.addresses;
    for (std::size_t index = 0; index < addresses.size(); ++index)
        if (addresses[index].address.value == local_address) return back_ends_[index];
    const std::size_t index = addresses.empty() ? turn_++ % back_ends_.size() : 0;
    return back_ends_[index];
}

template <class Act> void BoundScenario::for_each_server(Act act)
{
    for (auto& back_end : back_ends_) {
        act(*back_end.server_);
        for (auto& [name, server] : back_end.hosts_) act(*server);
    }
}

const std::string* BoundScenario::not_applicable() const
{
    for (const auto& back_end : back_ends_) {
        if (const auto& reason = back_end.server_->not_applicable()) return &*reason;
        for (const auto& [name, server] : back_end.hosts_)
            if (const auto& reason = server->not_applicable()) return &*reason;
    }
    return nullptr;
}

void BoundScenario::forge_anew(const BindContext& context)
{
    for_each_server([&](BoundServer& server) { server.forge_anew(context); });
}

} // namespace alert40
