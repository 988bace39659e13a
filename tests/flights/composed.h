// SPDX-License-Identifier: GPL-2.0-or-later
// A client of the stack and a composed session that talk in memory.
//
//   Composed pair(plan_of("[server]\nversions = [\"1.3\"]\nflight = [...]"), client_config(kTls13));
//   pair.handshake();  pair.application_data()
#pragma once

#include "scenarios/loader/scenario.h"
#include "server/flights/composed_session.h"
#include "server/wire/hello_gatherer.h"
#include "tests/stack/exchange.h"

namespace alert40::test {

/// The settings of a server for www.alert40.test, as a scenario has them.
inline ServerSettings server_of(const std::string& sections)
{
    const std::string text = "title = \"One\"\ncause = \"none\"\nstory = \"s\"\nlesson = \"l\"\n" + sections +
                             "\n[expect]\nends = \"connected\"\n";
    return parse_scenario(text, "one.toml", "test/one").server;
}

/// What a bound server composes from: as the engine does it, with P-256 or RSA-2048 keys.
inline FlightPlan plan_of(const std::string& sections, KeyType key = KeyType::ec_p256)
{
    const auto server = server_of(sections);
    check_flight(server.flight, server.versions);
    FlightPlan plan{.departures = server.flight, .chain = forge_named("", key)};
    for (const auto& suite : all_cipher_suites())
        if (suite.bulk == BulkKind::aead) plan.cipher_suites.push_back(suite.value);
    if (server.ciphers) plan.cipher_suites = server.ciphers->values;
    plan.groups = server.groups ? server.groups->values
                                : std::vector{NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1};
    plan.client_certificate = server.client_certificate;
    if (server.client_certificate != ClientCertificate::none) plan.client_anchors = {shared_state().root()};
    if (server.alpn) plan.alpn = server.alpn->values;
    plan.issues_tickets = server.tickets && server.tickets->issued;
    plan.early_data = server.early_data;
    prepare(plan, server.dh_bits ? std::optional(server.dh_bits->value) : std::nullopt);
    return plan;
}

class Composed {
public:
    Composed(const FlightPlan& the_plan, ProtocolVersion the_version, const TlsClientConfig& config)
        : client(TlsContext::client(config)),
          plan_(the_plan),
          version_(the_version)
    {
    }

    void handshake()
    {
        client_progress = client.advance();
        begin();
        bool moved = true;
        while (moved) {
            if (server->advance() != TlsProgress::wants_input && client_progress != TlsProgress::wants_input) break;
            moved = carry();
        }
    }

    /// Moves what each side has to say to the other; false where that is nothing.
    bool carry()
    {
        for (auto& entry : server->take_secrets()) secrets.push_back(std::move(entry));
        const Bytes from_server = server->take_output();
        append(sent, from_server);
        client.receive(from_server);
        if (client_progress == TlsProgress::wants_input) client_progress = client.advance();
        const Bytes from_client = client.take_output();
        server->receive(from_client);
        server->advance();
        return !from_server.empty() || !from_client.empty();
    }

    bool established()
    {
        return client_progress == TlsProgress::established && server->advance() == TlsProgress::established;
    }

    /// "ping" one way, "pong" the other; what arrived, joined with a space.
    std::string application_data()
    {
        client.write(to_bytes("ping"));
        server->receive(client.take_output());
        const auto request = to_text(server->read());
        server->write(to_bytes("pong"));
        client.receive(server->take_output());
        return request + " " + to_text(client.read());
    }

    TlsSession client;
    std::optional<ComposedSession> server;
    TlsProgress client_progress = TlsProgress::wants_input;
    std::vector<KeyLogEntry> secrets;
    Bytes sent; // by the server

private:
    void begin()
    {
        ClientHelloGatherer gatherer;
        auto gathered = std::get<GatheredClientHello>(gatherer.feed(client.take_output()));
        server.emplace(plan_, version_, ReceivedHello{std::move(gathered.hello), std::move(gathered.message)});
        server->receive(gathered.left_over);
    }

    const FlightPlan& plan_;
    ProtocolVersion version_;
};

} // namespace alert40::test
