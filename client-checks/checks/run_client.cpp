// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/checks/run_client.h"

#include "certs/certificate.h"
#include "certs/inspection.h"
#include "client-checks/checks/cell_server.h"
#include "client-checks/checks/manual_client.h"
#include "client-checks/checks/stub_verdict.h"
#include "client-checks/checks/trigger_client.h"
#include "client-checks/clients/faketime.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

std::string base64(ByteView bytes)
{
    const auto pem = to_pem("X", bytes);
    std::string text = pem.substr(pem.find('\n') + 1, pem.rfind("\n-") - pem.find('\n'));
    std::erase(text, '\n');
    return text;
}

/// The key of client.pin: the server's where it has a certificate of that recipe, else another one; keys of one recipe
/// differ from chain to chain. As RFC 7469 section 2.4 pins it.
void pin(Target& target, const RunContext& context, BoundScenario& bound)
{
    const auto& recipe = bound.scenario().client.pin;
    if (recipe.empty()) return;
    const auto pin_leaf = [&](const Chain& chain) {
        const auto key = parse_certificate(chain.certificates.front()).public_key_info;
        const auto digest = hash(HashAlgorithm::sha256, key);
        target.pin = base64(digest);
        target.pin_hex = to_hex(digest);
        target.pin_key = base64(key);
    };
    const auto& server = bound.server();
    if (server.chain() && server.settings().certificate.recipe == recipe) return pin_leaf(*server.chain());
    const CertificateSetting setting{recipe, {}, bound.scenario().where};
    pin_leaf(forge_chain(plan_chain(resolve_recipe(setting, context.bind.recipes), {"pinned.alert40.test"}, {}),
                         context.bind.state, context.bind.now));
}

std::filesystem::path anchors(const RunContext& context, const BoundScenario& bound, unsigned port)
{
    const Scenario& scenario = bound.scenario();
    const auto pem = [](const Bytes& root) { return to_pem("CERTIFICATE", root); };
    if (scenario.client.trust == Trust::nothing) // some root: a client with an empty file says that of the file
        return context.files.write(fmt::format("other-root-{}.pem", port), pem(context.bind.state.stranger_root()));
    const auto& chain = bound.server().chain();
    const bool own_roots = chain && !chain->anchors.empty();
    // GnuTLS and wolfSSL verify a CRL when they load it: whoever gives them an intermediate's gives them that as well.
    const bool with_issuer = chain && scenario.client.revocation == Revocation::crl;
    if (scenario.client.trust == Trust::run && !own_roots && !with_issuer) return context.ca;
    std::string text;
    if (own_roots)
        for (const Bytes& anchor : chain->anchors) text += pem(anchor);
    else
        text = pem(context.bind.state.root());
    if (with_issuer) text += pem(chain->issuer.certificate);
    if (scenario.client.trust != Trust::run) text += pem(InspectionAuthority::of_process(context.bind.now).root());
    return context.files.write(fmt::format("anchors-{}.pem", port), text);
}

/// The CRLs that the client looks the server's chain up in; empty where it does not.
std::filesystem::path crls(const RunContext& context, const BoundScenario& bound, unsigned port)
{
    const auto& chain = bound.server().chain();
    if (bound.scenario().client.revocation != Revocation::crl || !chain) return {};
    return context.files.write(fmt::format("crls-{}.pem", port),
                               crls_pem(*chain, context.bind.state, context.bind.now));
}

/// The session to be resumed comes from another address, where server.addresses has one.
std::string first_address(const Scenario& scenario)
{
    if (scenario.client.resume != Resume::other_back_end) return {};
    for (const auto& back_end : scenario.server.addresses)
        if (back_end.address.value != scenario.client_address()) return back_end.address.value;
    return {};
}

Target make_target(const RunContext& context, BoundScenario& bound, unsigned port, const ClientDefinition& client)
{
    const Scenario& scenario = bound.scenario();
    Target target;
    target.host = scenario.client_address();
    if (!client.listen.empty() && scenario.server.addresses.empty()) target.host = client.listen;
    target.first_host = first_address(scenario);
    target.port = port;
    target.name =
        scenario.asked_name().empty() ? certificate_names(scenario, scenario.server).front() : scenario.asked_name();
    target.ca = anchors(context, bound, port);
    target.crl = crls(context, bound, port);
    target.run_directory = context.files.path();
    target.self = context.self;
    pin(target, context, bound);
    if (scenario.client.clock.count() != 0) target.faketime = find_faketime();
    const auto& certificate = scenario.client.certificate;
    if (const auto chain = forge_client_chain(certificate, context.bind)) {
        const std::string stem = certificate.inline_recipe ? fmt::format("client-{}", port) : certificate.recipe;
        target.client_chain = context.files.write(fmt::format("{}-{}.pem", stem, port), chain_pem(*chain));
        target.client_key = context.files.write(fmt::format("{}-{}.key", stem, port), chain->key.private_pem());
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

constexpr std::chrono::minutes kManualDeadline{2};

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

/// Then what it offers by itself has to hold one of the versions that it was not asked for.
std::optional<std::string> offers_no_version(const Observation& seen, const Scenario& served)
{
    const auto& wished = served.client.versions;
    for (const auto& connection : seen.connections) {
        if (!connection.client_hello || wished.empty()) continue;
        const auto offers = [&](ProtocolVersion version) { return connection.client_hello->offers(version); };
        if (std::none_of(wished.begin(), wished.end(), offers))
            return fmt::format("it does not offer {}, and cannot be asked to", display_name(wished.front()));
    }
    return std::nullopt;
}

/// What a client that only tells success from failure says beside that.
void read_kind(Observation& seen, const ClientDefinition& client)
{
    seen.tells_no_cause = client.kind != ClientKind::command || client.library == kUnknownLibrary;
    if (client.kind == ClientKind::trytls) {
        const auto verdict = read_stub_verdict(seen.child.output);
        if (verdict.kind == StubVerdict::Kind::unsupported)
            seen.not_applicable = fmt::format("the stub says UNSUPPORTED: {}", verdict.text);
    }
    if (client.kind == ClientKind::manual && seen.child.exit_code == kManualSkip)
        seen.not_applicable = "skipped by hand";
}

/// A client that is no process of ours: its connections are ended here, because it cannot be.
asio::awaitable<ChildResult> run_elsewhere(const RunContext& context, CellServer& server,
                                           const ClientDefinition& client, const Invocation& invocation,
                                           const Target& target, std::chrono::milliseconds deadline)
{
    const Scenario& served = server.bound().scenario();
    const std::string open = invocation.command.argv.front();
    ManualDesk::Errand errand{client.name, served.id, server.bound().fixed(), open, target.host,
                              target.name, target.ca};
    ChildResult result;
    if (client.kind == ClientKind::trigger)
        result = co_await run_trigger(open, server, deadline);
    else
        result = co_await context.desk->run(std::move(errand), server, deadline);
    co_await server.cut();
    co_return result;
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

/// Everything but the connections.
asio::awaitable<Observation> run_once(const Invocation& invocation, const ClientDefinition& client, WarmPool* warm,
                                      std::chrono::milliseconds deadline)
{
    Observation observation;
    observation.argv = invocation.command.argv;
    observation.environment = invocation.command.environment;
    observation.input = invocation.command.input;
    observation.connected_pattern = invocation.connected_pattern;
    if (invocation.before) {
        const Command before = *invocation.before;
        co_await run_child(before, deadline, client.input_policy);
    }
    const Command command = invocation.command;
    if (warm != nullptr && invocation.warm_prefix) {
        const std::string serve = client.program->warm.back();
        observation.child = co_await warm->run(command, *invocation.warm_prefix, serve, deadline);
    } else {
        observation.child = co_await run_child(command, deadline, client.input_policy);
    }
    co_return observation;
}

/// Its deadline ended the client before it was where the scenario falls silent: it was slow to start, and shows
/// nothing.
bool too_early(const Observation& observation, const Scenario& served)
{
    if (!observation.child.timed_out || served.expect.ends != Ending::timeout) return false;
    const Phase silent_from = served.expect.phase.value_or(Phase::before_server_hello);
    return std::none_of(observation.connections.begin(), observation.connections.end(),
                        [&](const auto& wire) { return wire.phase >= silent_from; });
}

asio::awaitable<std::vector<Observation>> run_against(CellServer& server, const RunContext& context,
                                                      const RosterEntry& entry, Skip& skip)
{
    const ClientDefinition& client = entry.definition;
    const Scenario& served = server.bound().scenario();
    std::vector<Observation> observations;
    if (auto lacks = lacking(client, served.client)) {
        skip = *std::move(lacks);
        co_return observations;
    }
    auto target = make_target(context, server.bound(), server.port(), client);
    target.bin = entry.bin;
    target.source = entry.source;
    target.build = entry.build;
    if (auto lacks = lacking_kind(context, client, target)) {
        skip = *std::move(lacks);
        co_return observations;
    }
    const auto wishes = wishes_of(served, client);
    const auto expanded = expand(client, wishes, target, served.server.starttls);
    if (const auto* cannot = std::get_if<Skip>(&expanded)) {
        skip = *cannot;
        co_return observations;
    }
    // The scenario's own deadline is how long a silence lasts; where the client shall connect, it has all the time.
    const auto usual = client.timeout.value_or(client.kind == ClientKind::manual ? kManualDeadline : context.timeout);
    auto deadline = served.client.timeout.value_or(usual);
    if (server.bound().fixed() || served.expect.ends == Ending::connected || client.kind == ClientKind::manual)
        deadline = std::max(deadline, usual);
    for (unsigned number = 1; number <= served.client.connections; ++number) {
        const Invocation& invocation = std::get<Invocation>(expanded);
        Observation observation;
        if (client.kind == ClientKind::command || client.kind == ClientKind::trytls) {
            observation = co_await run_once(invocation, client, context.warm, deadline);
            observation.connections = co_await server.settle();
            if (deadline < usual && too_early(observation, served)) {
                observation = co_await run_once(invocation, client, context.warm, usual);
                observation.connections = co_await server.settle();
            }
        } else {
            observation.argv = invocation.command.argv;
            observation.child = co_await run_elsewhere(context, server, client, invocation, target, deadline);
            observation.connections = co_await server.settle();
        }
        read_kind(observation, client);
        observation.port = server.port();
        observation.resumes = served.client.resume != Resume::none;
        if (const auto* reason = server.bound().not_applicable()) observation.not_applicable = *reason;
        if (wishes.versions != served.client.versions && !observation.not_applicable)
            observation.not_applicable = offers_no_version(observation, served);
        observations.push_back(std::move(observation));
    }
    co_return observations;
}

} // namespace

asio::awaitable<std::vector<Observation>> run_client(const RunContext& context, const Scenario& scenario, bool fixed,
                                                     const RosterEntry& client, Skip& skip)
{
    const auto& address = client.definition.listen;
    CellServer server(context, scenario, fixed, client.definition.name, address.empty() ? "127.0.0.1" : address);
    std::vector<Observation> observations;
    std::exception_ptr failure;
    try {
        observations = co_await run_against(server, context, client, skip);
    } catch (...) { // the listener must not outlive the server, so it is ended before anything is thrown on
        failure = std::current_exception();
    }
    co_await server.finish();
    if (failure) std::rethrow_exception(failure);
    co_return observations;
}

} // namespace alert40
