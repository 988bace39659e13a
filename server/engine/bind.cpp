// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/bind.h"

#include "scenarios/loader/input_error.h"
#include "server/engine/adaptive.h"
#include "server/engine/publication.h"
#include "server/engine/servable.h"
#include "server/engine/staple.h"
#include "server/engine/tickets.h"
#include "server/stack/dh_parameters.h"

#include <algorithm>
#include <asio/ip/address.hpp>
#include <fmt/format.h>

namespace alert40 {
namespace {

Chain forge(const ChainPlan& plan, const BindContext& context)
{
    if (context.publication == nullptr) return forge_chain(plan, context.state, context.now);
    return context.publication->forge(plan, context.state, context.now);
}

/// Names that are numeric become IP addresses. No scenario has one: below a permitted DNS subtree wolfSSL 5.5.4 takes
/// each for a DNS name that violates it (-198).
ChainPlan plan_with_names(const ChainRecipe& recipe, const std::vector<std::string>& names)
{
    std::vector<std::string> dns_names;
    std::vector<std::string> addresses;
    for (const auto& each : names) {
        asio::error_code no_address;
        asio::ip::make_address(each, no_address);
        (no_address ? dns_names : addresses).push_back(each);
    }
    return plan_chain(recipe, dns_names, addresses);
}

ServerKey server_key(KeyType type)
{
    switch (type) {
    case KeyType::ec_p256:
        return {SignatureKey::ecdsa, NamedGroup::secp256r1};
    case KeyType::ec_p384:
        return {SignatureKey::ecdsa, NamedGroup::secp384r1};
    case KeyType::ec_p521:
        return {SignatureKey::ecdsa, NamedGroup::secp521r1};
    case KeyType::ec_secp256k1:
        return {SignatureKey::ecdsa, NamedGroup::secp256k1};
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

/// Each back end seals its tickets with a key of its own unless they share one.
TicketKey ticket_key(ByteView secret, std::size_t back_end)
{
    Bytes input(secret.begin(), secret.end());
    input.push_back(static_cast<std::uint8_t>(back_end));
    const Bytes digest = hash(HashAlgorithm::sha256, input);
    TicketKey key{};
    std::copy_n(digest.begin(), key.size(), key.begin());
    return key;
}

/// The suites of a server that names none: what each of its keys serves.
std::vector<CipherSuite> usual_suites(const ServerSettings& settings, const std::vector<BoundIdentity>& identities)
{
    std::vector<CipherSuite> suites;
    for (const auto& identity : identities)
        for (const auto suite : servable_suites(settings.versions, identity.policy.key))
            if (std::find(suites.begin(), suites.end(), suite) == suites.end()) suites.push_back(suite);
    return suites;
}

/// The persona's list as far as it can be served; where it has none, everything.
template <class T> std::vector<T> own_of(const std::vector<T>& list, const std::vector<T>& servable)
{
    std::vector<T> own;
    for (const auto& each : list)
        if (std::ranges::find(servable, each) != servable.end()) own.push_back(each);
    return own.empty() ? servable : own;
}

template <class T> void move_to_front(std::vector<T>& values, const T& value)
{
    std::erase(values, value);
    values.insert(values.begin(), value);
}

/// wolfSSL 5.5.4 puts a group of RFC 7919 that the client offers in the place of the server's own parameters.
bool would_replace_dh_parameters(const Agreed& agreed, const ClientHello& hello)
{
    const auto* suite = find_cipher_suite(agreed.suite);
    return suite != nullptr && suite->key_exchange == KeyExchange::dhe && suite->bulk == BulkKind::aead &&
           (agreed.group || hello.offers(NamedGroup::ffdhe2048));
}

void check_starttls(const ServerSettings& server)
{
    for (const auto& host : server.hosts)
        if (host.server->starttls != server.starttls)
            throw InputError(host.name.where, "server.hosts cannot differ in starttls",
                             "the dialogue comes before the name");
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
    return forge(plan_chain(recipe, {"client.alert40.test"}, {}), context);
}

std::vector<std::string> certificate_names(const Scenario& scenario, const ServerSettings& server)
{
    std::vector<std::string> names;
    for (const auto& host : server.hosts) names.push_back(host.name.value);
    if (names.empty())
        names.push_back(scenario.asked_name().empty() ? scenario.default_server_name() : scenario.asked_name());
    return names;
}

SharedByThreads::SharedByThreads() : ticket_secret(random_bytes(TicketKey().size())) {}

BoundServer::BoundServer(const ServerSettings& settings, std::vector<std::string> names, const TicketKey& ticket_key,
                         const BindContext& context, const SourcePos& where)
    : settings_(settings),
      names_(std::move(names)),
      where_(where),
      ticket_key_(ticket_key)
{
    check_servable(settings_, where_);
    check_starttls(settings_);
    identities_ = forge_identities(context);
    persona_ = find_persona(context.personas, settings_.persona.value, settings_.persona.where);
    resolve_flight(context);
    if (settings_.upstream) upstream_ = std::make_unique<BoundUpstream>(*settings_.upstream, names_, context);
    faults_ = make_faults(settings_.faults, fault_place());
    const unsigned bits = settings_.dh_bits ? settings_.dh_bits->value : 0;
    dh_ = dh_parameters(bits != 0 ? bits : persona_->picks.dh_bits);
    if (settings_.client_certificate != ClientCertificate::none) client_anchors_ = {context.state.root()};
    set_policies();
    adaptive_ = leaves_lists_open(settings_);
    if (!adaptive_) build_contexts();
}

FaultPlace BoundServer::fault_place() const
{
    FaultPlace place;
    if (upstream_ && !upstream_->inspects()) { // what passes is another server's
        place.sees_inside = false;
        return place;
    }
    if (!settings_.versions_none_offered) place.versions = settings_.versions;
    place.asks_client_certificate = settings_.client_certificate != ClientCertificate::none;
    return place;
}

BoundIdentity& BoundServer::identity_for(const ClientHello& hello)
{
    BoundIdentity& usual = identities_[choose_identity(identities_, hello)];
    if (!upstream_ || !upstream_->inspects() || !usual.context) return usual;
    return upstream_->identity_for(hello.server_name().value_or(names_.front()), usual);
}

std::vector<BoundIdentity> BoundServer::forge_identities(const BindContext& context) const
{
    std::vector<BoundIdentity> identities;
    auto settings = settings_.more_certificates;
    settings.insert(settings.begin(), settings_.certificate);
    for (const auto& setting : settings) {
        BoundIdentity& identity = identities.emplace_back();
        if (setting.none()) continue;
        const auto recipe = resolve_recipe(setting, context.recipes);
        if (recipe.purpose != CertificatePurpose::server)
            throw InputError(setting.where, fmt::format("the recipe '{}' is for a client", setting.recipe),
                             "purpose = \"server\"");
        identity.chain = forge(plan_with_names(recipe, names_), context);
        identity.staple = make_staple(settings_.staple, *identity.chain, context.now);
        identity.policy.key = server_key(recipe.key);
    }
    return identities;
}

void BoundServer::set_policies()
{
    const auto& picks = persona_->picks;
    auto suites = own_of(picks.suite_list, usual_suites(settings_, identities_));
    if (is_composed(settings_) && !picks.suite_list.empty()) suites = picks.suite_list; // it has them all
    if (settings_.ciphers) suites = settings_.ciphers->values;
    const auto groups =
        settings_.groups ? settings_.groups->values : own_of(picks.group_list, servable_groups(settings_.versions));
    const auto bits = [](const FlightMessage& entry) { return entry.dh_bits.has_value(); };
    for (auto& identity : identities_) {
        Policy& policy = identity.policy;
        policy.persona = persona_;
        policy.versions = settings_.versions;
        policy.has_dh_parameters = dh_ || std::ranges::any_of(settings_.flight, bits) ||
                                   (is_composed(settings_) && settings_.dh_bits && settings_.dh_bits->value != 0);
        policy.requires_extended_master_secret = settings_.require_extended_master_secret;
        for (const auto& host : settings_.hosts) policy.names.push_back(host.name.value);
        policy.unknown_name = settings_.unknown_name;
        policy.missing_name = settings_.missing_name;
        policy.cipher_suites = suites;
        policy.groups = groups;
        if (settings_.signature_schemes) policy.signature_schemes = settings_.signature_schemes->values;
        policy.alpn = settings_.alpn ? settings_.alpn->values : picks.alpn;
    }
}

/// Checks server.flight, and forges the chains of the recipes that it names.
void BoundServer::resolve_flight(const BindContext& context)
{
    check_flight(settings_.flight, settings_.versions);
    for (const auto& entry : settings_.flight) {
        if (!entry.recipe) continue;
        const auto recipe = resolve_recipe({entry.recipe->value, {}, entry.recipe->where}, context.recipes);
        flight_chains_[entry.recipe->value] = forge(plan_chain(recipe, names_, {}), context).certificates;
    }
}

FlightPlan BoundServer::plan_of(const BoundIdentity& identity, std::vector<FlightMessage> departures) const
{
    FlightPlan plan{.departures = std::move(departures), .chain = *identity.chain};
    if (identity.staple) plan.staple = *identity.staple;
    plan.cipher_suites = identity.policy.cipher_suites;
    plan.groups = identity.policy.groups;
    if (settings_.signature_schemes) plan.signature_schemes = settings_.signature_schemes->values;
    plan.alpn = identity.policy.alpn;
    plan.client_certificate = settings_.client_certificate;
    plan.client_anchors = client_anchors_;
    plan.chains = flight_chains_;
    plan.early_data = settings_.early_data;
    plan.ticket_key.assign(ticket_key_.begin(), ticket_key_.end());
    plan.issues_tickets = settings_.tickets ? settings_.tickets->issued : settings_.early_data != EarlyData::none;
    if (dh_) plan.dh = DhGroup{dh_->prime, dh_->generator};
    const bool makes_dh = !dh_ && settings_.dh_bits && settings_.dh_bits->value != 0;
    prepare(plan, makes_dh ? std::optional(settings_.dh_bits->value) : std::nullopt);
    return plan;
}

TlsServerConfig BoundServer::config_of(const BoundIdentity& identity) const
{
    TlsServerConfig config;
    config.versions = identity.policy.versions;
    config.cipher_suites = identity.policy.cipher_suites;
    config.groups = identity.policy.groups;
    config.chain = identity.chain;
    config.client_anchors = client_anchors_;
    config.dh = dh_;
    if (identity.policy.signature_schemes) config.signature_schemes = *identity.policy.signature_schemes;
    if (!settings_.tickets || settings_.tickets->issued) config.ticket_key = ticket_key_;
    set_client_certificate(config);
    return config;
}

/// Where the persona lets the handshake complete before it refuses, the stack must not refuse.
void BoundServer::set_client_certificate(TlsServerConfig& config) const
{
    if (settings_.client_certificate == ClientCertificate::none) return;
    const auto kind = [&](RefusalReason reason) { return persona_->answer(reason, std::nullopt).kind; };
    config.takes_any_certificate = kind(RefusalReason::client_certificate_expired) != AnswerKind::alert;
    const bool goes_on_without = kind(RefusalReason::client_certificate_missing) == AnswerKind::http;
    const bool required = settings_.client_certificate == ClientCertificate::required && !goes_on_without;
    config.client_certificate = required ? PeerCertificate::required : PeerCertificate::optional;
}

void BoundServer::build_contexts()
{
    flight_.reset();
    if (is_composed(settings_) && identities_.front().chain) // check_servable() says so where it has none
        flight_ = std::make_shared<const FlightPlan>(plan_of(identities_.front(), settings_.flight));
    for (auto& identity : identities_) {
        identity.contexts.clear();
        identity.flights.clear();
        if (!identity.chain || flight_) continue; // one without refuses everybody
        try {
            identity.context = TlsContext::server(config_of(identity));
        } catch (const std::runtime_error& error) {
            throw InputError(where_, error.what());
        }
    }
}

std::shared_ptr<const FlightPlan> BoundServer::flight_for(BoundIdentity& identity, const Agreed& agreed,
                                                          const ClientHello& hello)
{
    if (!flight_ && !would_replace_dh_parameters(agreed, hello)) return nullptr;
    auto& flight = identity.flights[agreed];
    if (flight) return flight;
    FlightPlan plan = flight_ ? *flight_ : plan_of(identity, {});
    move_to_front(plan.cipher_suites, agreed.suite);
    if (agreed.group) move_to_front(plan.groups, *agreed.group);
    if (!agreed.alpn.empty()) move_to_front(plan.alpn, agreed.alpn);
    const auto named = agreed.group == NamedGroup::ffdhe2048 ? dh_parameters(2048) : std::nullopt;
    if (named) plan.dh = DhGroup{named->prime, named->generator};
    flight = std::make_shared<const FlightPlan>(std::move(plan));
    return flight;
}

std::shared_ptr<TlsContext> BoundServer::context_for(BoundIdentity& identity, const Agreed& agreed)
{
    auto& context = identity.contexts[agreed];
    if (context) return context;
    TlsServerConfig exact = config_of(identity);
    exact.cipher_suites = {agreed.suite};
    if (agreed.fallback) exact.versions = {agreed.version}; // else wolfSSL refuses it
    if (agreed.group) exact.groups = {*agreed.group};
    if (!agreed.alpn.empty()) exact.alpn = {agreed.alpn};
    context = TlsContext::server(exact);
    return context;
}

void BoundServer::forge_anew(const BindContext& context)
{
    auto anew = forge_identities(context);
    for (std::size_t index = 0; index < anew.size(); ++index) {
        identities_[index].chain = std::move(anew[index].chain);
        identities_[index].staple = std::move(anew[index].staple);
    }
    resolve_flight(context);
    if (upstream_) upstream_->forge_anew(context);
    if (!client_anchors_.empty()) client_anchors_ = {context.state.root()};
    if (!adaptive_) build_contexts();
}

void BoundServer::meet(const ClientHello& hello)
{
    if (!adaptive_) return;
    adaptive_ = false;
    for (auto& identity : identities_) {
        not_applicable_ = fix_lists(settings_, hello, identity.policy);
        if (not_applicable_) return;
    }
    build_contexts();
}

std::optional<AlertDescription> BoundServer::ticket_refusal(const ClientHello& hello) const
{
    if (!settings_.tickets || !settings_.tickets->unreadable) return std::nullopt;
    const auto tickets = offered_tickets(hello);
    const auto readable = [&](const Bytes& ticket) { return settings_.tickets->issued && opens(ticket_key_, ticket); };
    if (tickets.empty() || std::any_of(tickets.begin(), tickets.end(), readable)) return std::nullopt;
    return settings_.tickets->unreadable;
}

bool BoundBackEnd::has_own_settings(const std::string& name, const BoundServer& asked) const
{
    const auto known = [&](const auto& host) { return same_name(host.first, name); };
    return std::any_of(hosts_.begin(), hosts_.end(), known) && &server_for(name) != &asked;
}

BoundServer& BoundBackEnd::server_for(const std::string& name) const
{
    for (const auto& [known, server] : hosts_)
        if (same_name(known, name)) return *server;
    return *server_;
}

BoundServer& BoundBackEnd::server_for(const ClientHello& hello)
{
    const auto asked = hello.server_name();
    return asked ? server_for(*asked) : *server_;
}

BoundScenario::BoundScenario(Scenario scenario, bool fixed, const BindContext& context,
                             std::shared_ptr<SharedByThreads> shared)
    : scenario_(fixed ? fixed_twin(scenario) : std::move(scenario)),
      fixed_(fixed),
      shared_(shared ? std::move(shared) : std::make_shared<SharedByThreads>())
{
    const ServerSettings& server = scenario_.server;
    check_addresses(scenario_);
    const auto& several = server.addresses.empty() ? server.in_turn : server.addresses;
    for (const auto& each : several) back_ends_.push_back(bind_back_end(*each.server, back_ends_.size(), context));
    if (several.empty()) back_ends_.push_back(bind_back_end(server, 0, context));
}

BoundBackEnd BoundScenario::bind_back_end(const ServerSettings& settings, std::size_t place, const BindContext& context)
{
    const bool shares = !settings.tickets || settings.tickets->shared_keys;
    const auto key = ticket_key(shared_->ticket_secret, shares ? 0 : place + 1);
    const auto bind = [&](const ServerSettings& each, std::vector<std::string> names) {
        return std::make_unique<BoundServer>(each, std::move(names), key, context, scenario_.where);
    };
    BoundBackEnd back_end;
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

BoundBackEnd& BoundScenario::back_end_for(std::size_t number, const std::string& local_address)
{
    const auto& addresses = scenario_.server.addresses;
    for (std::size_t index = 0; index < addresses.size(); ++index)
        if (addresses[index].address.value == local_address) return back_ends_[index];
    return back_ends_[addresses.empty() ? (number - 1) % back_ends_.size() : 0];
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
