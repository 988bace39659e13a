// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/client_state.h"

#include "certs/algorithms.h"
#include "certs/rsa_signatures.h"
#include "server/flights/signing.h"

#include <algorithm>
#include <array>

namespace alert40 {
namespace {

/// Whether the key is one that verify() knows how to use: what it does not know is no proof of anything.
bool can_be_judged(const Certificate& leaf)
{
    constexpr unsigned kMostRsaBits = 4096; // of the numbers that the crypto library is built for
    constexpr std::array<std::string_view, 3> kCurves = {"1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"};
    const auto& algorithm = leaf.public_key_algorithm;
    if (algorithm == oid::kRsaEncryption) return leaf.public_key_bits <= kMostRsaBits;
    if (algorithm == oid::kEcPublicKey)
        return std::find(kCurves.begin(), kCurves.end(), leaf.public_key_curve) != kCurves.end();
    return algorithm == oid::kEd25519 || algorithm == oid::kEd448;
}

bool verify_legacy(const Certificate& leaf, ByteView content, ByteView signature)
{
    if (leaf.public_key_algorithm == oid::kRsaEncryption)
        return verify_rsa_md5_sha1(leaf.public_key_info, content, signature);
    return verify_signature(leaf.public_key_info, HashAlgorithm::sha1, content, signature);
}

} // namespace

SignatureCheck ClientState::check_signature(std::optional<SignatureScheme> scheme, ByteView content,
                                            ByteView signature) const
{
    if (server.chain.empty()) return SignatureCheck::unknown;
    try {
        const Certificate leaf = parse_certificate(server.chain.front());
        const auto* info = scheme ? find_signature_scheme_info(*scheme) : nullptr;
        const bool known_scheme = !scheme || (info != nullptr && info->key != SignatureKey::other &&
                                              info->key != SignatureKey::dsa && info->hash != "sha224");
        if (!known_scheme || !can_be_judged(leaf)) return SignatureCheck::unknown;
        const bool good = scheme ? verify(leaf.public_key_info, *scheme, content, signature)
                                 : verify_legacy(leaf, content, signature);
        return good ? SignatureCheck::good : SignatureCheck::wrong;
    } catch (const CertificateError&) {
        return SignatureCheck::unknown;
    }
}

std::optional<SignatureScheme> ClientState::own_scheme(const CertificateRequest& request, bool tls13) const
{
    const auto& taken = request.signature_schemes;
    for (const bool with_pss : {tls13, true}) // TLS 1.2 takes PSS as well, where nothing else is asked for
        for (const auto scheme : schemes_of(offer.identity->key, with_pss))
            if (std::find(taken.begin(), taken.end(), scheme) != taken.end()) return scheme;
    return std::nullopt;
}

void ClientHandshake::send(HandshakeType type, ByteView body)
{
    const Bytes message = compose_handshake(type, body);
    append(state_.transcript, message);
    state_.records.send(ContentType::handshake, message);
}

Bytes read_staple(ByteView body)
{
    std::optional<WireError> error;
    Reader reader("CertificateStatus", body, error);
    const auto type = reader.u8("status_type");
    ByteView response;
    if (type == 1) response = reader.vector24("response", {.min = 1}).rest();
    if (type == 2) { // ocsp_multi: the leaf's is the first
        Reader list = reader.vector24("ocsp_response_list", {.min = 1});
        response = list.vector24("response").rest();
    }
    return error ? Bytes() : Bytes(response.begin(), response.end());
}

std::string read_selected_alpn(ByteView body)
{
    std::optional<WireError> error;
    Reader reader("application_layer_protocol_negotiation", body, error);
    Reader list = reader.vector16("protocol_name_list", {.min = 2});
    const auto protocol = list.vector8("protocol_name", {.min = 1}).rest();
    return error ? std::string() : to_text(protocol);
}

} // namespace alert40
