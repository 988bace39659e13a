// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/flights/extensions.h"

#include "server/flights/signing.h"
#include "server/wire/writer.h"

namespace alert40 {

void depart(std::vector<Extension>& extensions, const FlightMessage& departure)
{
    for (const auto& type : departure.without_extensions) remove_extension(extensions, type.value);
    for (const auto& extension : departure.extensions)
        set_extension(extensions, {extension.type.value, extension.body});
}

void depart(ServerHello& answer, const FlightMessage& departure, const FlightPlan& plan, const ClientHello& hello,
            ProtocolVersion version)
{
    if (departure.legacy_version) answer.legacy_version = *departure.legacy_version;
    if (departure.selected_version)
        set_extension(answer.extensions, selected_version_extension(*departure.selected_version));
    if (departure.cipher)
        answer.cipher_suite = settle(*departure.cipher, [&] { return unoffered_suite(plan, hello, version); });
    if (departure.session_id == SessionIdAnswer::empty) answer.session_id.clear();
    if (departure.session_id == SessionIdAnswer::other) answer.session_id = random_bytes(32);
    if (departure.compression) answer.compression_method = static_cast<std::uint8_t>(*departure.compression);
    if (departure.sentinel == Sentinel::tls12) answer.set_downgrade_sentinel(DowngradeSentinel::tls12);
    if (departure.sentinel == Sentinel::tls11) answer.set_downgrade_sentinel(DowngradeSentinel::tls11_or_below);
    depart(answer.extensions, departure);
}

std::optional<std::string> answered_alpn(const FlightPlan& plan, const ClientHello& hello,
                                         const FlightMessage& departure)
{
    if (!departure.alpn) return choose_alpn(plan, hello);
    return settle(*departure.alpn, [&]() -> std::string {
        for (const auto* protocol : {"h2", "http/1.1", "spdy/3.1"})
            if (!hello.offers_alpn(protocol)) return protocol;
        return "alert40/1";
    });
}

std::vector<Bytes> departed_chain(const FlightPlan& plan, const FlightMessage& departure)
{
    auto chain = departure.recipe ? plan.chains.at(departure.recipe->value) : plan.chain.certificates;
    switch (departure.chain) {
    case ChainAnswer::honest:
        break;
    case ChainAnswer::empty:
        chain.clear();
        break;
    case ChainAnswer::garbled: // the DER's outermost tag and length stay, what is inside is no certificate
        for (std::size_t octet = 4; octet < chain.front().size(); ++octet) chain.front()[octet] ^= 0x55;
        break;
    case ChainAnswer::truncated:
        chain.front().resize(chain.front().size() / 2);
        break;
    }
    return chain;
}

const Bytes& staple_of(const FlightPlan& plan, const FlightMessage& departure)
{
    return departure.staple ? *departure.staple : plan.staple;
}

Bytes certificate_status(ByteView staple)
{
    Writer writer;
    writer.u8(1); // ocsp
    writer.vector24(staple);
    return writer.take();
}

Bytes departed_signature(const FlightPlan& plan, const FlightMessage& departure, SignatureScheme scheme,
                         ByteView message)
{
    const bool other = departure.signature == SignatureAnswer::other_key && plan.other_key;
    Bytes signature = sign(other ? *plan.other_key : plan.chain.key, scheme, message);
    // In the last octet: an ECDSA-Sig-Value keeps its shape, an RSA signature its size.
    if (departure.signature == SignatureAnswer::corrupted) signature.back() ^= 0x01;
    return signature;
}

std::vector<SignatureScheme> accepted_client_schemes()
{
    return {SignatureScheme::ecdsa_secp256r1_sha256,
            SignatureScheme::ecdsa_secp384r1_sha384,
            SignatureScheme::ecdsa_secp521r1_sha512,
            SignatureScheme::ed25519,
            SignatureScheme::ed448,
            SignatureScheme::rsa_pss_rsae_sha256,
            SignatureScheme::rsa_pss_rsae_sha384,
            SignatureScheme::rsa_pss_rsae_sha512,
            SignatureScheme::rsa_pkcs1_sha256,
            SignatureScheme::rsa_pkcs1_sha384,
            SignatureScheme::rsa_pkcs1_sha512};
}

} // namespace alert40
