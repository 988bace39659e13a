// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/policy.h"

#include "server/flights/choices.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace alert40 {
namespace {

template <class T> bool contains(const std::vector<T>& values, const T& value)
{
    return std::find(values.begin(), values.end(), value) != values.end();
}

/// The first of `preferred` that is also in `other`.
template <class T> std::optional<T> first_shared(const std::vector<T>& preferred, const std::vector<T>& other)
{
    const auto found =
        std::find_if(preferred.begin(), preferred.end(), [&](const T& each) { return contains(other, each); });
    return found == preferred.end() ? std::nullopt : std::optional<T>(*found);
}

/// Its highest version: of those that its software has, where it has any of them.
ProtocolVersion highest_version(const Policy& policy)
{
    std::optional<ProtocolVersion> highest;
    for (const auto version : policy.versions) {
        const auto& speaks = policy.persona->decides.speaks;
        if (speaks.empty() || contains(speaks, version)) highest = std::max(highest.value_or(version), version);
    }
    return highest.value_or(*std::max_element(policy.versions.begin(), policy.versions.end()));
}

bool knows_name(const Policy& policy, const std::string& asked)
{
    const auto known = [&](const std::string& name) { return same_name(name, asked); };
    return policy.names.empty() || std::any_of(policy.names.begin(), policy.names.end(), known);
}

/// The questions to one ClientHello, one member function each; the persona gives their order.
class Decider {
public:
    Decider(const Policy& policy, const ClientHello& hello)
        : policy_(policy),
          persona_(*policy.persona),
          hello_(hello),
          version_(negotiated_version(policy, hello))
    {
    }

    Decision decide()
    {
        const bool tls13 = version_ == ProtocolVersion::tls13;
        for (const auto step : tls13 ? persona_.decides.tls13 : persona_.decides.legacy) {
            ask(step);
            if (decision_.refusal) return std::move(decision_);
        }
        return std::move(decision_);
    }

    /// Up to TLS 1.2.
    bool serves(CipherSuite suite) const
    {
        return version_ && contains(policy_.cipher_suites, suite) && hello_.offers(suite) && fitting(suite);
    }

private:
    void ask(DecisionStep step)
    {
        switch (step) {
        case DecisionStep::name:
            return ask_name();
        case DecisionStep::version:
            return ask_version();
        case DecisionStep::fallback: // RFC 7507, section 3
            decision_.agreed.fallback = hello_.has_fallback_scsv() && *version_ < highest_version(policy_);
            if (decision_.agreed.fallback) refuse(RefusalReason::fallback, "fallback from a version that is supported");
            return;
        case DecisionStep::suite:
            return ask_suite();
        case DecisionStep::group:
            return ask_group();
        case DecisionStep::certificate:
            if (!policy_.key) refuse(RefusalReason::no_certificate, "no usable certificate");
            return;
        case DecisionStep::scheme:
            return ask_scheme();
        case DecisionStep::alpn:
            return ask_alpn();
        }
    }

    void ask_version()
    {
        if (!version_) return refuse(RefusalReason::no_shared_version, "no shared protocol version");
        const bool extends = *version_ == ProtocolVersion::tls13 || hello_.has_extended_master_secret();
        if (policy_.requires_extended_master_secret && !extends)
            refuse(RefusalReason::no_extended_master_secret, "no extended_master_secret");
    }

    void refuse(RefusalReason reason, std::string because)
    {
        refuse(reason, persona_.answer(reason, version_), std::move(because));
    }

    void refuse(RefusalReason reason, RefusalAnswer answer, std::string because)
    {
        if (answer.kind == AnswerKind::serve) return;
        if (answer.kind == AnswerKind::http) {
            decision_.http_status = answer.http_status;
            return;
        }
        if (answer.kind == AnswerKind::alert && answer.alert.level == AlertLevel::warning) {
            decision_.warning = answer.alert.description;
            return;
        }
        if (version_) answer.record_version = std::min(*version_, ProtocolVersion::tls12);
        if (!answer.record_version && answer.record_version_of_client)
            answer.record_version = std::min(hello_.legacy_version, ProtocolVersion::tls12);
        if (!answer.record_version) answer.record_version = std::min(highest_version(policy_), ProtocolVersion::tls12);
        const bool chosen = decision_.agreed.version != ProtocolVersion{};
        decision_.refusal = Refusal{reason, std::move(answer), std::move(because),
                                    chosen ? std::optional(decision_.agreed) : std::nullopt};
    }

    void ask_name()
    {
        const auto asked = hello_.server_name();
        if (!asked) {
            const bool cares =
                policy_.missing_name.kind != NameAnswer::Kind::as_persona || persona_.decides.asks_missing_name;
            if (cares) refuse_name(RefusalReason::missing_name, policy_.missing_name, "no server name");
        } else if (!knows_name(policy_, *asked)) {
            refuse_name(RefusalReason::unknown_name, policy_.unknown_name, "unknown server name");
        }
    }

    void refuse_name(RefusalReason reason, const NameAnswer& wanted, std::string because)
    {
        RefusalAnswer answer = persona_.answer(reason, version_);
        switch (wanted.kind) {
        case NameAnswer::Kind::default_certificate:
            return;
        case NameAnswer::Kind::as_persona:
            break;
        case NameAnswer::Kind::close:
            answer.kind = AnswerKind::close;
            break;
        case NameAnswer::Kind::alert:
            answer.kind = AnswerKind::alert;
            answer.moment = AnswerMoment::before_server_hello;
            answer.alert = {wanted.level, wanted.alert};
            break;
        }
        refuse(reason, std::move(answer), std::move(because));
    }

    bool takes_signature() const
    {
        const auto& key = *policy_.key;
        // RFC 5246, section 7.4.1.4.1: without the extension, SHA-1 with the suite's kind of key is meant.
        std::vector<SignatureScheme> offered = hello_.signature_schemes();
        if (version_ != ProtocolVersion::tls13 && !hello_.has_extension(ExtensionType::signature_algorithms))
            offered = {SignatureScheme::rsa_pkcs1_sha1, SignatureScheme::ecdsa_sha1};
        return std::any_of(offered.begin(), offered.end(), [&](auto scheme) {
            return can_sign(key, scheme, *version_) &&
                   (!policy_.signature_schemes || contains(*policy_.signature_schemes, scheme));
        });
    }

    /// Up to TLS 1.2: what a suite needs of key, groups and parameters.
    bool usable(const CipherSuiteInfo& suite) const
    {
        if (suite.key_exchange == KeyExchange::ecdhe && hello_.has_extension(ExtensionType::supported_groups) &&
            !legacy_group())
            return false;
        if (suite.key_exchange == KeyExchange::dhe && !policy_.has_dh_parameters && !named_dh_group()) return false;
        if (suite.authentication == Authentication::none || is_plain_psk(suite)) return true;
        if (!policy_.key) return false;
        const auto& key = *policy_.key;
        const bool rsa = key.kind == SignatureKey::rsa || key.kind == SignatureKey::rsa_pss;
        const bool key_fits = (suite.authentication == Authentication::ecdsa && !rsa) ||
                              (suite.authentication == Authentication::rsa && key.kind == SignatureKey::rsa);
        if (!key_fits) return false;
        const bool curve_counts =
            persona_.decides.suite_needs_curve && key.curve && hello_.has_extension(ExtensionType::supported_groups);
        if (curve_counts && !hello_.offers(*key.curve)) return false;
        // Before TLS 1.2 the hash is fixed, and there is nothing to agree (RFC 4346, section 7.4.3).
        if (suite.key_exchange == KeyExchange::rsa || *version_ < ProtocolVersion::tls12) return true;
        return !persona_.decides.suite_needs_scheme || takes_signature();
    }

    bool fitting(CipherSuite suite) const
    {
        const auto* info = find_cipher_suite(suite);
        if (info == nullptr || !fits(*info, *version_)) return false;
        return *version_ == ProtocolVersion::tls13 || usable(*info);
    }

    void ask_suite()
    {
        std::vector<CipherSuite> ours;
        for (const auto suite : policy_.cipher_suites)
            if (fitting(suite)) ours.push_back(suite);
        const bool client_first = persona_.picks.suites == Preference::client;
        const auto suite =
            client_first ? first_shared(hello_.cipher_suites, ours) : first_shared(ours, hello_.cipher_suites);
        if (!suite)
            return refuse(RefusalReason::no_shared_suite,
                          "no shared cipher suite that the groups, the certificate and the signature schemes allow");
        decision_.agreed.version = *version_;
        decision_.agreed.suite = *suite;
        if (*version_ == ProtocolVersion::tls13) return;
        const auto exchange = find_cipher_suite(*suite)->key_exchange;
        if (exchange == KeyExchange::ecdhe) decision_.agreed.group = legacy_group();
        if (exchange == KeyExchange::dhe) decision_.agreed.group = named_dh_group();
    }

    /// RFC 7919: the finite-field group that both name; the one of 2048 bits, which every such client has.
    std::optional<NamedGroup> named_dh_group() const
    {
        const bool both = persona_.picks.ffdhe && hello_.offers(NamedGroup::ffdhe2048);
        return both ? std::optional(NamedGroup::ffdhe2048) : std::nullopt;
    }

    /// Up to TLS 1.2. The ffdhe groups of the same extension serve DHE (RFC 7919, section 2), not ECDHE.
    std::optional<NamedGroup> legacy_group() const
    {
        std::vector<NamedGroup> ours;
        for (const auto group : policy_.groups)
            if (is_elliptic_curve(group)) ours.push_back(group);
        if (!hello_.has_extension(ExtensionType::supported_groups))
            return ours.empty() ? std::nullopt : std::optional(ours.front());
        const bool client_first = persona_.picks.suites == Preference::client;
        return client_first ? first_shared(hello_.groups(), ours) : first_shared(ours, hello_.groups());
    }

    void ask_group()
    {
        // RFC 8446, section 9.2: without PSK both extensions must be there.
        if (!hello_.has_extension(ExtensionType::supported_groups) ||
            !hello_.has_extension(ExtensionType::signature_algorithms))
            return refuse(RefusalReason::missing_extension, "no supported_groups or signature_algorithms");
        const auto shares = hello_.key_share_groups();
        const auto offered = hello_.groups();
        const bool server_first = persona_.picks.groups == GroupChoice::server_share;
        auto group = server_first ? first_shared(policy_.groups, shares) : first_shared(shares, policy_.groups);
        if (!group || persona_.picks.groups == GroupChoice::client_group)
            group = server_first ? first_shared(policy_.groups, offered) : first_shared(offered, policy_.groups);
        if (!group) return refuse(RefusalReason::no_shared_group, "no shared group");
        decision_.agreed.group = group;
        decision_.agreed.retry = !contains(shares, *group);
    }

    void ask_scheme()
    {
        const auto* suite = find_cipher_suite(decision_.agreed.suite);
        const bool signs = suite->key_exchange != KeyExchange::rsa && suite->authentication != Authentication::none;
        if (!policy_.key || !signs || *version_ < ProtocolVersion::tls12) return;
        if (!takes_signature()) refuse(RefusalReason::no_shared_scheme, "no shared signature scheme");
    }

    void ask_alpn()
    {
        const auto offered = hello_.alpn_protocols();
        if (policy_.alpn.empty() || offered.empty()) return;
        const auto protocol = first_shared(policy_.alpn, offered);
        if (!protocol) return refuse(RefusalReason::no_application_protocol, "no shared application protocol");
        decision_.agreed.alpn = *protocol;
    }

    const Policy& policy_;
    const Persona& persona_;
    const ClientHello& hello_;
    std::optional<ProtocolVersion> version_;
    Decision decision_;
};

std::vector<ProtocolVersion> offered_legacy_versions(const ClientHello& hello)
{
    std::vector<ProtocolVersion> versions;
    for (const auto version : all_protocol_versions())
        if (version <= std::min(hello.legacy_version, ProtocolVersion::tls12)) versions.push_back(version);
    return versions;
}

} // namespace

bool same_name(std::string_view left, std::string_view right)
{
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

bool can_sign(const ServerKey& key, SignatureScheme scheme, ProtocolVersion version)
{
    const auto* info = find_signature_scheme_info(scheme);
    if (info == nullptr || info->key != key.kind) return false;
    if (version < ProtocolVersion::tls13) return true;
    return info->tls13_certificate_verify && (!info->curve || info->curve == key.curve);
}

std::optional<ProtocolVersion> negotiated_version(const Policy& policy, const ClientHello& hello)
{
    const auto& rules = policy.persona->decides;
    const bool has_tls13 = contains(policy.versions, ProtocolVersion::tls13);
    const bool named = hello.has_extension(ExtensionType::supported_versions);
    const bool from_legacy = rules.versions_from == VersionsFrom::legacy_version ||
                             (rules.versions_from == VersionsFrom::supported_versions_if_1_3 && !(named && has_tls13));
    const auto offered = from_legacy ? offered_legacy_versions(hello) : hello.offered_versions();
    // GnuTLS takes TLS 1.2 for supported wherever it has a later version (_gnutls_negotiate_version()): no suite of
    // TLS 1.2 is enabled then, and that is what it refuses.
    if (rules.versions_from == VersionsFrom::supported_versions_if_1_3 && !named && has_tls13 &&
        contains(offered, ProtocolVersion::tls12) && !contains(policy.versions, ProtocolVersion::tls12))
        return ProtocolVersion::tls12;
    const auto speaks = [&](ProtocolVersion version) {
        const bool left_out = version == ProtocolVersion::tls13 && rules.tls13_needs_certificate && !policy.key;
        const bool has = rules.speaks.empty() || contains(rules.speaks, version);
        return has && contains(policy.versions, version) && !left_out;
    };
    std::optional<ProtocolVersion> best;
    for (const auto version : offered)
        if (is_known(version) && speaks(version) && (!best || version > *best)) best = version;
    return best;
}

Decision decide(const Policy& policy, const ClientHello& hello)
{
    return Decider(policy, hello).decide();
}

bool serves(const Policy& policy, const ClientHello& hello, CipherSuite suite)
{
    return Decider(policy, hello).serves(suite);
}

std::optional<Refusal> refuse(const Policy& policy, const ClientHello& hello)
{
    return decide(policy, hello).refusal;
}

} // namespace alert40
