// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/offer_facts.h"

namespace alert40 {

using namespace offers;

OfferFacts::OfferFacts(const Transcript& from, const Demand& what)
    : wire(from),
      hello(*from.client_hello),
      demand(what),
      policy(what.policy),
      version(negotiated_version(policy, hello)),
      decision(decide(policy, hello)),
      outcome(outcome_of(from))
{
}

bool OfferFacts::client_left() const
{
    const bool by_client = std::holds_alternative<AlertReceived>(outcome.how) ||
                           std::holds_alternative<PeerClosed>(outcome.how) ||
                           std::holds_alternative<PeerReset>(outcome.how);
    return by_client && outcome.phase > Phase::before_server_hello;
}

bool OfferFacts::client_left_at_answer() const
{
    if (!client_left() || !wire.server_hello) return false;
    return contains(hello.offered_versions(), wire.server_hello->selected_version());
}

bool OfferFacts::client_refused_parameters() const
{
    const auto* received = std::get_if<AlertReceived>(&outcome.how);
    if (received == nullptr || outcome.phase <= Phase::before_server_hello) return false;
    constexpr AlertDescription kOfParameters[] = {
        AlertDescription::protocol_version, AlertDescription::handshake_failure, AlertDescription::illegal_parameter,
        AlertDescription::insufficient_security,
        AlertDescription::internal_error}; // OpenSSL, of a TLS 1.0 signature that its security level forbids
    return std::ranges::find(kOfParameters, received->alert.description) != std::end(kOfParameters);
}

std::vector<SignatureScheme> OfferFacts::offered_schemes() const
{
    return without_grease(hello.signature_schemes());
}

std::vector<CipherSuite> OfferFacts::shared_suites() const
{
    return shared(hello.cipher_suites, policy.cipher_suites);
}

bool OfferFacts::can_be_used(CipherSuite suite) const
{
    const auto* info = find_cipher_suite(suite);
    if (!version || info == nullptr) return !version;
    return is_tls13() ? fits(*info, *version) : serves(policy, hello, suite);
}

bool OfferFacts::is_groups_fault(const std::vector<CipherSuite>& both) const
{
    if (is_tls13() || both.empty() || !hello.has_extension(ExtensionType::supported_groups)) return false;
    if (!shared(without_grease(hello.groups()), policy.groups).empty()) return false;
    return std::all_of(both.begin(), both.end(), [&](CipherSuite suite) {
        const auto* info = find_cipher_suite(suite);
        return info != nullptr && (!version || !fits(*info, *version) || info->key_exchange == KeyExchange::ecdhe);
    });
}

bool OfferFacts::is_schemes_fault(const std::vector<CipherSuite>& both) const
{
    if (is_tls13() || !policy.key || is_groups_fault(both)) return false;
    const bool for_key = std::any_of(both.begin(), both.end(), [&](CipherSuite suite) {
        const auto* info = find_cipher_suite(suite);
        return info != nullptr && version && fits(*info, *version) && fits_key(*info);
    });
    return for_key && version == ProtocolVersion::tls12 && shared(offered_schemes(), served_schemes()).empty();
}

bool OfferFacts::fits_key(const CipherSuiteInfo& suite) const
{
    if (!policy.key) return false;
    const bool rsa = policy.key->kind == SignatureKey::rsa || policy.key->kind == SignatureKey::rsa_pss;
    return suite.authentication == (rsa ? Authentication::rsa : Authentication::ecdsa);
}

std::vector<SignatureScheme> OfferFacts::served_schemes() const
{
    std::vector<SignatureScheme> schemes;
    if (!policy.key) return schemes;
    const auto of = version.value_or(*std::max_element(policy.versions.begin(), policy.versions.end()));
    for (const auto& scheme : all_signature_schemes()) {
        const bool wanted = !policy.signature_schemes || contains(*policy.signature_schemes, scheme.value);
        if (wanted && can_sign(*policy.key, scheme.value, of)) schemes.push_back(scheme.value);
    }
    return schemes;
}

std::string OfferFacts::name_of_key() const
{
    const ServerKey& key = *policy.key;
    switch (key.kind) {
    case SignatureKey::rsa:
        return "RSA";
    case SignatureKey::rsa_pss:
        return "RSASSA-PSS";
    case SignatureKey::ecdsa:
        return key.curve ? "ECDSA on " + name(*key.curve) : "ECDSA";
    case SignatureKey::ed25519:
        return "Ed25519";
    case SignatureKey::ed448:
        return "Ed448";
    case SignatureKey::dsa:
        return "DSA";
    case SignatureKey::other:
        return "unknown";
    }
    return {};
}

} // namespace alert40
