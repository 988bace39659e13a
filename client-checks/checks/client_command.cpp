// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/checks/client_command.h"

#include "certs/certificate.h"
#include "certs/inspection.h"
#include "client-checks/clients/faketime.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

constexpr std::chrono::minutes kManualDeadline{2};

std::string base64(ByteView bytes)
{
    const auto pem = to_pem("X", bytes);
    std::string text = pem.substr(pem.find('\n') + 1, pem.rfind("\n-") - pem.find('\n'));
    std::erase(text, '\n');
    return text;
}

/// The key of client.pin: the server's where it has a certificate of that recipe, else another one; keys of one recipe
/// differ from chain to chain. As RFC 7469 section 2.4 pins it.
void pin(Target& target, const RunContext& context, const ServerFacts& server)
{
    const auto& recipe = server.scenario.client.pin;
    if (recipe.empty()) return;
    const auto pin_leaf = [&](const Chain& chain) {
        const auto key = parse_certificate(chain.certificates.front()).public_key_info;
        const auto digest = hash(HashAlgorithm::sha256, key);
        target.pin = base64(digest);
        target.pin_hex = to_hex(digest);
        target.pin_key = base64(key);
    };
    if (server.chain && server.recipe == recipe) return pin_leaf(*server.chain);
    const CertificateSetting setting{recipe, {}, server.scenario.where};
    pin_leaf(forge_chain(plan_chain(resolve_recipe(setting, context.bind.recipes), {"pinned.alert40.test"}, {}),
                         context.bind.state, context.bind.now));
}

std::filesystem::path anchors(const RunContext& context, const ServerFacts& server)
{
    const ClientSettings& client = server.scenario.client;
    const auto pem = [](const Bytes& root) { return to_pem("CERTIFICATE", root); };
    if (client.trust == Trust::nothing) // some root: a client with an empty file says that of the file
        return context.files.write(fmt::format("anchors-{}.pem", server.tag), pem(context.bind.state.stranger_root()));
    const auto& chain = server.chain;
    const bool own_roots = chain && !chain->anchors.empty();
    // GnuTLS and wolfSSL verify a CRL when they load it: whoever gives them an intermediate's gives them that as well.
    const bool with_issuer = chain && client.revocation == Revocation::crl;
    if (client.trust == Trust::run && !own_roots && !with_issuer) return context.ca;
    std::string text;
    if (own_roots)
        for (const Bytes& anchor : chain->anchors) text += pem(anchor);
    else
        text = pem(context.bind.state.root());
    if (with_issuer) text += pem(chain->issuer.certificate);
    if (client.trust != Trust::run) text += pem(InspectionAuthority::of_process(context.bind.now).root());
    return context.files.write(fmt::format("anchors-{}.pem", server.tag), text);
}

/// The CRLs that the client looks the server's chain up in; empty where it does not.
std::filesystem::path crls(const RunContext& context, const ServerFacts& server)
{
    if (server.scenario.client.revocation != Revocation::crl || !server.chain) return {};
    return context.files.write(fmt::format("crls-{}.pem", server.tag),
                               crls_pem(*server.chain, context.bind.state, context.bind.now));
}

/// The session to be resumed comes from another address, where server.addresses has one.
std::string first_address(const Scenario& scenario)
{
    if (scenario.client.resume != Resume::other_back_end) return {};
    for (const auto& back_end : scenario.server.addresses)
        if (back_end.address.value != scenario.client_address()) return back_end.address.value;
    return {};
}

Target make_target(const RunContext& context, const ServerFacts& server, const RosterEntry& client)
{
    const Scenario& scenario = server.scenario;
    Target target;
    target.host = server.address.empty() ? scenario.client_address() : server.address;
    if (!client.definition.listen.empty() && scenario.server.addresses.empty()) target.host = client.definition.listen;
    target.first_host = first_address(scenario);
    target.port = server.port;
    target.name =
        scenario.asked_name().empty() ? certificate_names(scenario, scenario.server).front() : scenario.asked_name();
    target.ca = anchors(context, server);
    target.crl = crls(context, server);
    target.run_directory = context.files.path();
    target.self = context.self;
    target.bin = client.bin;
    target.source = client.source;
    target.build = client.build;
    pin(target, context, server);
    if (scenario.client.clock.count() != 0) target.faketime = find_faketime();
    const auto& certificate = scenario.client.certificate;
    if (const auto chain = forge_client_chain(certificate, context.bind)) {
        // A command is shown to learners: the name of its file does not tell the recipe.
        const auto recipe = certificate.inline_recipe ? std::string() : certificate.recipe;
        const auto stem = fmt::format("client-{:04x}", std::hash<std::string>{}(recipe)&0xFFFF);
        target.client_chain = context.files.write(fmt::format("{}-{}.pem", stem, server.tag), chain_pem(*chain));
        target.client_key = context.files.write(fmt::format("{}-{}.key", stem, server.tag), chain->key.private_pem());
    }
    return target;
}

/// The builtin client has what this build of the stack has; nullopt where that is enough.
std::optional<Skip> lacking(const ClientDefinition& client, const ClientSettings& wishes)
{
    if (client.argv.front() != "{self}") return std::nullopt;
    const auto lacks = [&](std::string_view what) {
        return Skip{fmt::format("{} is not in this build of the TLS stack ({})", what, stack_version())};
    };
    for (const auto version : wishes.versions)
        if (!stack_serves(version)) return lacks(display_name(version));
    for (const auto suite : wishes.ciphers)
        if (!stack_serves(suite)) return lacks(name(suite));
    return std::nullopt;
}

/// Every server of the scenario serves none but these versions.
bool serves_only(const ServerSettings& server, const std::vector<ProtocolVersion>& versions)
{
    const auto is_among = [&](ProtocolVersion version) {
        return std::find(versions.begin(), versions.end(), version) != versions.end();
    };
    const auto fits = [&](const auto& each) { return serves_only(*each.server, versions); };
    return !server.versions_none_offered && std::all_of(server.versions.begin(), server.versions.end(), is_among) &&
           std::all_of(server.hosts.begin(), server.hosts.end(), fits) &&
           std::all_of(server.addresses.begin(), server.addresses.end(), fits) &&
           std::all_of(server.in_turn.begin(), server.in_turn.end(), fits);
}

/// Who cannot be asked for versions need not be where the server decides on them.
ClientSettings wishes_of(const Scenario& served, const ClientDefinition& client)
{
    ClientSettings wishes = served.client;
    const bool server_decides = served.family() != "version" && serves_only(served.server, wishes.versions);
    if (!client.versions.option && server_decides) wishes.versions.clear();
    return wishes;
}

/// Why this kind of client cannot be run against `target`; nullopt where it can.
std::optional<Skip> lacking_kind(const RunContext& context, const ClientDefinition& client, const Target& target)
{
    if (client.kind == ClientKind::manual && context.desk == nullptr)
        return Skip{"a manual client needs a terminal, or --answers FILE"};
    asio::error_code no_address;
    asio::ip::make_address(target.name, no_address);
    if (client.kind == ClientKind::trytls && (!no_address || target.name.ends_with('.')))
        return Skip{fmt::format("a TryTLS stub looks its name up, and '{}' is in no list of hosts", target.name)};
    return std::nullopt;
}

} // namespace

ServerFacts facts_of(const BoundScenario& bound, unsigned port)
{
    const auto& server = bound.server();
    return {bound.scenario(),    bound.fixed(), port, {}, server.chain(), server.settings().certificate.recipe,
            std::to_string(port)};
}

std::variant<ClientCommand, Skip> command_for(const RunContext& context, const ServerFacts& server,
                                              const RosterEntry& entry)
{
    const ClientDefinition& client = entry.definition;
    const Scenario& served = server.scenario;
    if (auto lacks = lacking(client, served.client)) return *std::move(lacks);
    ClientCommand command;
    command.target = make_target(context, server, entry);
    if (auto lacks = lacking_kind(context, client, command.target)) return *std::move(lacks);
    command.wishes = wishes_of(served, client);
    auto expanded = expand(client, command.wishes, command.target, served.server.starttls);
    if (auto* cannot = std::get_if<Skip>(&expanded)) return std::move(*cannot);
    command.invocation = std::get<Invocation>(std::move(expanded));
    // The scenario's own deadline is how long a silence lasts; where the client shall connect, it has all the time.
    const bool manual = client.kind == ClientKind::manual;
    command.usual = client.timeout.value_or(manual ? kManualDeadline : context.timeout);
    command.deadline = served.client.timeout.value_or(command.usual);
    if (server.fixed || served.expect.ends == Ending::connected || manual)
        command.deadline = std::max(command.deadline, command.usual);
    return command;
}

asio::awaitable<Observation> run_command(Invocation invocation, const ClientDefinition& client, WarmPool* warm,
                                         std::chrono::milliseconds deadline)
{
    Observation observation;
    observation.argv = invocation.command.argv;
    observation.environment = invocation.command.environment;
    observation.input = invocation.command.input;
    observation.connected_pattern = invocation.connected_pattern;
    if (invocation.before) co_await run_child(*invocation.before, deadline, client.input_policy);
    if (warm != nullptr && invocation.warm_prefix) {
        const std::string serve = client.program->warm.back();
        observation.child = co_await warm->run(invocation.command, *invocation.warm_prefix, serve, deadline);
    } else {
        observation.child = co_await run_child(invocation.command, deadline, client.input_policy);
    }
    co_return observation;
}

} // namespace alert40
