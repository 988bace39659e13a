// SPDX-License-Identifier: GPL-2.0-or-later
// Two sessions of the stack that talk in memory; what went over is kept, with the secrets that belong to it.
//
//   Exchange exchange(TlsContext::client(client_config(...)), TlsContext::server(server_config(...)));
//   exchange.handshake();  exchange.application_data();  exchange.flights
#pragma once

#include "server/stack/tls_session.h"
#include "tests/certs/support.h"

namespace alert40::test {

/// Bytes that one side sent at once, and the traffic secrets that the server had derived by then.
struct Flight {
    Direction direction{};
    Bytes bytes;
    std::vector<KeyLogEntry> secrets;
};

class Exchange {
public:
    Exchange(std::shared_ptr<TlsContext> client_context, std::shared_ptr<TlsContext> server_context)
        : client(std::move(client_context)),
          server(std::move(server_context))
    {
    }

    /// Drives both sides until neither has anything to say.
    void handshake()
    {
        bool moved = true;
        while (moved) {
            if (client_progress == TlsProgress::wants_input) client_progress = client.advance();
            moved = carry(Direction::client_to_server);
            if (server_progress == TlsProgress::wants_input) server_progress = server.advance();
            moved = carry(Direction::server_to_client) || moved;
        }
    }

    bool established() const
    {
        return client_progress == TlsProgress::established && server_progress == TlsProgress::established;
    }

    /// "ping" one way, "pong" the other; what arrived, joined with a space.
    std::string application_data()
    {
        client.write(to_bytes("ping"));
        carry(Direction::client_to_server);
        const auto request = to_text(server.read());
        server.write(to_bytes("pong"));
        carry(Direction::server_to_client);
        return request + " " + to_text(client.read());
    }

    /// Moves what `direction`'s sender has to say; false where that is nothing.
    bool carry(Direction direction)
    {
        const bool from_client = direction == Direction::client_to_server;
        Flight flight{direction, (from_client ? client : server).take_output(), server.take_secrets()};
        (from_client ? server : client).receive(flight.bytes);
        const bool moved = !flight.bytes.empty();
        if (moved || !flight.secrets.empty()) flights.push_back(std::move(flight));
        return moved;
    }

    TlsSession client;
    TlsSession server;
    TlsProgress client_progress = TlsProgress::wants_input;
    TlsProgress server_progress = TlsProgress::wants_input;
    std::vector<Flight> flights;
};

/// One state directory for all cases of a program.
inline StateDirectory& shared_state()
{
    static const TemporaryDirectory directory;
    static StateDirectory state(directory.path() / "state", now());
    return state;
}

/// A chain for www.alert40.test. It has no IP addresses: wolfSSL 5.5.4 takes each for a DNS name, which violates the
/// name constraints of our authorities.
inline Chain forge_named(const std::string& defect, KeyType key = KeyType::ec_p256,
                         CertificatePurpose purpose = CertificatePurpose::server)
{
    ChainRecipe recipe;
    recipe.defect = defect;
    recipe.key = key;
    recipe.purpose = purpose;
    return forge_chain(plan_chain(recipe, {"www.alert40.test"}, {}), shared_state(), now());
}

/// A server with a healthy P-256 certificate for www.alert40.test, unless `defect` says otherwise.
inline TlsServerConfig server_config(std::vector<ProtocolVersion> versions, const std::string& defect = "")
{
    TlsServerConfig config;
    config.versions = std::move(versions);
    config.groups = {NamedGroup::x25519, NamedGroup::secp256r1};
    config.chain = forge_named(defect);
    return config;
}

inline TlsClientConfig client_config(std::vector<ProtocolVersion> versions)
{
    TlsClientConfig config;
    config.versions = std::move(versions);
    config.anchors_pem = to_pem("CERTIFICATE", shared_state().root());
    config.server_name = "www.alert40.test";
    return config;
}

/// Lets the server ask for a client certificate, and the client send one with this defect.
inline void make_mutual(TlsServerConfig& server, TlsClientConfig& client, const std::string& defect = "")
{
    server.client_certificate = PeerCertificate::required;
    server.client_anchors = {shared_state().root()};
    const Chain chain = forge_named(defect, KeyType::ec_p256, CertificatePurpose::client);
    client.chain_pem = chain_pem(chain);
    client.key_pem = chain.key.private_pem();
}

} // namespace alert40::test
