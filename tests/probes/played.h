// SPDX-License-Identifier: GPL-2.0-or-later
// A composed client and a server's session that talk in memory.
//
//   Played played(usual_hello("www.alert40.test"), server);  played.handshake();  played.client.established()
#pragma once

#include "client-checks/probes/composed_client.h"
#include "server/wire/client_hello_extensions.h"
#include "tests/stack/exchange.h"

namespace alert40::test {

/// What a current OpenSSL client offers, TLS 1.0 to 1.3, with every group that is played.
inline ClientHello usual_hello(const std::string& name)
{
    using enum NamedGroup;
    using enum SignatureScheme;
    ClientHello hello;
    hello.session_id = Bytes(32, 0);
    hello.cipher_suites = {CipherSuite{0x1302}, CipherSuite{0x1303}, CipherSuite{0x1301}};
    for (const int each : {0xC02C, 0xC030, 0x009F, 0xCCA9, 0xCCA8, 0xCCAA, 0xC02B, 0xC02F, 0x009E, 0xC024,
                           0xC028, 0x006B, 0xC023, 0xC027, 0x0067, 0xC00A, 0xC014, 0x0039, 0xC009, 0xC013,
                           0x0033, 0x009D, 0x009C, 0x003D, 0x003C, 0x0035, 0x002F, 0x00FF})
        hello.cipher_suites.push_back(CipherSuite{static_cast<std::uint16_t>(each)});
    hello.extensions = {
        server_name_extension(name),
        ec_point_formats_extension(),
        supported_groups_extension({x25519, secp256r1, x448, secp521r1, secp384r1, ffdhe2048, ffdhe3072, ffdhe4096}),
        session_ticket_extension({}),
        {ExtensionType::encrypt_then_mac, {}},
        extended_master_secret_extension(),
        status_request_extension(),
        signature_algorithms_extension({ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384, ecdsa_secp521r1_sha512, ed25519,
                                        ed448, rsa_pss_rsae_sha256, rsa_pss_rsae_sha384, rsa_pss_rsae_sha512,
                                        rsa_pkcs1_sha256, rsa_pkcs1_sha384, rsa_pkcs1_sha512, ecdsa_sha1,
                                        rsa_pkcs1_sha1}),
        supported_versions_extension(
            {ProtocolVersion::tls13, ProtocolVersion::tls12, ProtocolVersion::tls11, ProtocolVersion::tls10}),
        psk_key_exchange_modes_extension(Bytes{1}),
        key_share_extension({{x25519, Bytes(32, 0)}}),
    };
    return hello;
}

class Played {
public:
    Played(ClientOffer offer, ServerSession& the_server) : client(std::move(offer)), server(the_server) {}

    void handshake()
    {
        for (bool moved = true; moved;) {
            moved = carry();
            if (server.advance() == TlsProgress::failed) carry();
        }
    }
    /// Moves what each side has to say to the other; false where that is nothing.
    bool carry()
    {
        const Bytes from_client = client.take_output();
        server.receive(from_client);
        server.advance();
        const Bytes from_server = server.take_output();
        client.receive(from_server);
        return !from_client.empty() || !from_server.empty();
    }
    /// "ping" one way, "pong" the other.
    std::string application_data()
    {
        client.write(to_bytes("ping"));
        carry();
        const std::string request = to_text(server.read());
        server.write(to_bytes("pong"));
        carry();
        return request + " " + to_text(client.read());
    }

    ComposedClient client;
    ServerSession& server;
};

} // namespace alert40::test
