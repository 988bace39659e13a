// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/offer_against_demand.h"

#include "scenarios/vocabulary/grease.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace alert40 {
namespace {

template <class T> bool contains(const std::vector<T>& values, const T& value)
{
    return std::find(values.begin(), values.end(), value) != values.end();
}

template <class T> std::vector<T> shared(const std::vector<T>& offered, const std::vector<T>& served)
{
    std::vector<T> both;
    for (const auto& value : offered)
        if (contains(served, value) && !contains(both, value)) both.push_back(value);
    return both;
}

template <class T> std::vector<T> without_grease(std::vector<T> values)
{
    std::erase_if(values, [](T value) { return is_grease(value); });
    return values;
}

template <class T> std::vector<std::string> names_of(const std::vector<T>& values)
{
    std::vector<std::string> names;
    for (const auto& value : values) names.push_back(name(value));
    return names;
}

std::vector<std::string> names_of(const std::vector<ProtocolVersion>& versions)
{
    std::vector<std::string> names;
    for (const auto version : versions) names.push_back(display_name(version));
    return names;
}

std::string name_of_key(const ServerKey& key)
{
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

/// One ClientHello before one server: a member function for each row.
class Comparison {
public:
    Comparison(const Transcript& wire, const Demand& demand)
        : wire_(wire),
          hello_(*wire.client_hello),
          demand_(demand),
          policy_(demand.policy),
          version_(negotiated_version(policy_, hello_)),
          decision_(decide(policy_, hello_)),
          outcome_(outcome_of(wire))
    {
    }

    OfferComparison compare()
    {
        OfferComparison all;
        all.rows = {versions(), suites(), groups(), schemes(), server_name(), alpn()};
        if (auto row = extended_master_secret()) all.rows.push_back(*std::move(row));
        if (auto row = renegotiation_info()) all.rows.push_back(*std::move(row));
        if (auto row = fallback()) all.rows.push_back(*std::move(row));
        if (auto row = client_certificate()) all.rows.push_back(*std::move(row));
        all.verdict = verdict(all.rows);
        return all;
    }

private:
    bool refused_for(RefusalReason reason) const { return decision_.refusal && decision_.refusal->reason == reason; }
    bool is_tls13() const { return version_ == ProtocolVersion::tls13; }

    OfferRow versions() const
    {
        const auto& speaks = policy_.persona->decides.speaks;
        auto served = policy_.versions;
        if (!speaks.empty()) std::erase_if(served, [&](ProtocolVersion each) { return !contains(speaks, each); });
        const auto offered = hello_.offered_versions();
        OfferRow row{"versions",
                     names_of(offered),
                     names_of(served),
                     names_of(shared(offered, served)),
                     refused_for(RefusalReason::no_shared_version),
                     {}};
        if (version_)
            row.note = fmt::format("the server goes on with {}", display_name(*version_));
        else if (!row.common.empty() && !policy_.key)
            row.note = "without a certificate the server leaves TLS 1.3 out";
        else if (!row.common.empty())
            row.note = "the server reads the client's highest version from legacy_version alone";
        else
            row.note = "no version is on both sides";
        return row;
    }

    OfferRow suites() const
    {
        std::vector<CipherSuite> offered = without_grease(hello_.cipher_suites);
        std::erase_if(offered, [](CipherSuite suite) { return is_signalling(suite); });
        const auto both = shared(offered, policy_.cipher_suites);
        std::vector<CipherSuite> usable;
        for (const auto suite : both)
            if (can_be_used(suite)) usable.push_back(suite);
        OfferRow row{"cipher suites",
                     names_of(offered),
                     names_of(policy_.cipher_suites),
                     names_of(usable),
                     refused_for(RefusalReason::no_shared_suite) && !is_groups_fault(both) && !is_schemes_fault(both),
                     {}};
        if (!version_)
            row.note = "without a version no suite can be chosen";
        else if (!usable.empty() && decision_.agreed.suite != CipherSuite{})
            row.note = fmt::format("the server takes {}", name(decision_.agreed.suite));
        else if (both.empty())
            row.note = "no suite is on both sides";
        else if (usable.empty())
            row.note = why_unusable(both);
        return row;
    }

    bool can_be_used(CipherSuite suite) const
    {
        const auto* info = find_cipher_suite(suite);
        if (!version_ || info == nullptr) return !version_;
        return is_tls13() ? fits(*info, *version_) : serves(policy_, hello_, suite);
    }

    /// Every shared suite of this version needs a group, and none is shared.
    bool is_groups_fault(const std::vector<CipherSuite>& both) const
    {
        if (is_tls13() || both.empty() || !hello_.has_extension(ExtensionType::supported_groups)) return false;
        if (!shared(without_grease(hello_.groups()), policy_.groups).empty()) return false;
        return std::all_of(both.begin(), both.end(), [&](CipherSuite suite) {
            const auto* info = find_cipher_suite(suite);
            return info != nullptr &&
                   (!version_ || !fits(*info, *version_) || info->key_exchange == KeyExchange::ecdhe);
        });
    }

    /// A suite for the server's kind of key is shared, and no scheme that the key can make.
    bool is_schemes_fault(const std::vector<CipherSuite>& both) const
    {
        if (is_tls13() || !policy_.key || is_groups_fault(both)) return false;
        const bool for_key = std::any_of(both.begin(), both.end(), [&](CipherSuite suite) {
            const auto* info = find_cipher_suite(suite);
            return info != nullptr && version_ && fits(*info, *version_) && fits_key(*info);
        });
        return for_key && version_ == ProtocolVersion::tls12 && shared(offered_schemes(), served_schemes()).empty();
    }

    bool fits_key(const CipherSuiteInfo& suite) const
    {
        if (!policy_.key) return false;
        const bool rsa = policy_.key->kind == SignatureKey::rsa || policy_.key->kind == SignatureKey::rsa_pss;
        return suite.authentication == (rsa ? Authentication::rsa : Authentication::ecdsa);
    }

    std::string why_unusable(const std::vector<CipherSuite>& both) const
    {
        std::vector<CipherSuite> of_version;
        bool one_fits_key = false;
        for (const auto suite : both) {
            const auto* info = find_cipher_suite(suite);
            if (info == nullptr || !fits(*info, *version_)) continue;
            of_version.push_back(suite);
            one_fits_key = one_fits_key || fits_key(*info);
        }
        const auto& told = of_version.empty() ? both : of_version;
        const auto shown =
            fmt::format("{} {} on both sides", fmt::join(names_of(told), ", "), told.size() == 1 ? "is" : "are");
        if (of_version.empty()) return fmt::format("{}, but not for {}", shown, display_name(*version_));
        if (!policy_.key) return shown + ", and the server has no usable certificate";
        if (!one_fits_key) return fmt::format("{}, and the server's key is {}", shown, name_of_key(*policy_.key));
        if (is_groups_fault(both)) return shown + ", and no group for its key exchange";
        if (is_schemes_fault(both)) return shown + ", and no signature scheme for the server's key";
        return shown + ", but key exchange, certificate and signature do not go together";
    }

    OfferRow groups() const
    {
        const auto offered = without_grease(hello_.groups());
        const auto both = shared(offered, policy_.groups);
        const bool decides = refused_for(RefusalReason::no_shared_group) ||
                             (refused_for(RefusalReason::missing_extension) && offered.empty()) ||
                             (refused_for(RefusalReason::no_shared_suite) && is_groups_fault(shared_suites()));
        OfferRow row{"groups", names_of(offered), names_of(policy_.groups), names_of(both), decides, {}};
        const auto& group = decision_.agreed.group;
        const auto shares = without_grease(hello_.key_share_groups());
        if (offered.empty())
            row.note = is_tls13() ? "the client sends no supported_groups (RFC 8446 section 9.2)"
                                  : "the client sends no supported_groups: every curve is taken for offered";
        else if (both.empty())
            row.note = "no group is on both sides";
        else if (group && decision_.agreed.retry)
            row.note = fmt::format("the server wants {}, of which the client sent no key share ({}): HelloRetryRequest",
                                   name(*group),
                                   shares.empty() ? "none" : fmt::format("{}", fmt::join(names_of(shares), ", ")));
        else if (group)
            row.note = fmt::format("the server takes {}", name(*group));
        return row;
    }

    std::vector<CipherSuite> shared_suites() const { return shared(hello_.cipher_suites, policy_.cipher_suites); }

    std::vector<SignatureScheme> offered_schemes() const { return without_grease(hello_.signature_schemes()); }

    /// What the server's key can make in this version, as far as it is set to.
    std::vector<SignatureScheme> served_schemes() const
    {
        std::vector<SignatureScheme> schemes;
        if (!policy_.key) return schemes;
        const auto version = version_.value_or(*std::max_element(policy_.versions.begin(), policy_.versions.end()));
        for (const auto& scheme : all_signature_schemes()) {
            const bool wanted = !policy_.signature_schemes || contains(*policy_.signature_schemes, scheme.value);
            if (wanted && can_sign(*policy_.key, scheme.value, version)) schemes.push_back(scheme.value);
        }
        return schemes;
    }

    OfferRow schemes() const
    {
        const auto offered = offered_schemes();
        const auto served = served_schemes();
        const auto both = shared(offered, served);
        const bool decides = refused_for(RefusalReason::no_shared_scheme) ||
                             refused_for(RefusalReason::no_certificate) ||
                             (refused_for(RefusalReason::missing_extension) && offered.empty()) ||
                             (refused_for(RefusalReason::no_shared_suite) && is_schemes_fault(shared_suites()));
        OfferRow row{"signature schemes", names_of(offered), names_of(served), names_of(both), decides, {}};
        if (!policy_.key)
            row.note = "the server has no usable certificate";
        else if (version_ && *version_ < ProtocolVersion::tls12)
            row.note = fmt::format("not negotiated before TLS 1.2; the server's key is {}", name_of_key(*policy_.key));
        else if (offered.empty() && !is_tls13())
            row.note = "the client sends no signature_algorithms: SHA-1 is meant (RFC 5246 section 7.4.1.4.1)";
        else
            row.note = fmt::format("the server's key is {}", name_of_key(*policy_.key));
        return row;
    }

    bool client_left() const
    {
        return std::holds_alternative<AlertReceived>(outcome_.how) ||
               std::holds_alternative<PeerClosed>(outcome_.how) || std::holds_alternative<PeerReset>(outcome_.how);
    }

    OfferRow server_name() const
    {
        OfferRow row{"server name", {}, policy_.names, {}, false, {}};
        row.matters = refused_for(RefusalReason::unknown_name) || refused_for(RefusalReason::missing_name);
        const auto asked = hello_.server_name();
        if (asked) row.client = {*asked};
        const auto same = [&](const std::string& each) { return asked && same_name(each, *asked); };
        if (policy_.names.empty()) {
            row.server = {"every name"};
            row.common = row.client;
        } else if (std::any_of(policy_.names.begin(), policy_.names.end(), same)) {
            row.common = row.client;
        }
        // The certificate was for another name, and the client has left for it.
        const bool other_name = row.common.empty() && !policy_.names.empty();
        row.matters = row.matters || (other_name && client_left() && outcome_.phase > Phase::before_server_hello);
        if (!asked)
            row.note = "the client sends no server_name";
        else if (row.common.empty())
            row.note = decision_.refusal || decision_.warning
                           ? "the server does not know this name"
                           : "the server does not know this name, and answers all the same";
        return row;
    }

    OfferRow alpn() const
    {
        const auto offered = hello_.alpn_protocols();
        OfferRow row{"alpn",
                     offered,
                     policy_.alpn,
                     shared(offered, policy_.alpn),
                     refused_for(RefusalReason::no_application_protocol),
                     {}};
        if (policy_.alpn.empty())
            row.note = "the server ignores ALPN";
        else if (offered.empty())
            row.note = "the client asks for no application protocol";
        else if (row.common.empty())
            row.note = "no application protocol is on both sides";
        else if (!decision_.agreed.alpn.empty())
            row.note = "the server takes " + decision_.agreed.alpn;
        return row;
    }

    std::optional<OfferRow> extended_master_secret() const
    {
        if (!policy_.requires_extended_master_secret) return std::nullopt;
        OfferRow row{"extended_master_secret", {}, {"required"}, {}, false, {}};
        row.matters = refused_for(RefusalReason::no_extended_master_secret);
        if (hello_.has_extended_master_secret()) {
            row.client = {"offered"};
            row.common = {"extended_master_secret"};
        } else {
            row.note = is_tls13() ? "TLS 1.3 needs none" : "the client does not offer it (RFC 7627 section 5.3)";
        }
        return row;
    }

    /// Shown where the server leaves out what the client asked for.
    std::optional<OfferRow> renegotiation_info() const
    {
        const auto& answer = wire_.server_hello;
        if (!answer || answer->selected_version() == ProtocolVersion::tls13 || !hello_.has_renegotiation_info() ||
            answer->has_extension(ExtensionType::renegotiation_info))
            return std::nullopt;
        OfferRow row{
            "renegotiation_info", {"asked for"}, {}, {}, false, "the server does not answer it (RFC 5746 section 4.1)"};
        const auto* alert = std::get_if<AlertReceived>(&outcome_.how);
        row.matters = outcome_.phase == Phase::after_server_hello && alert != nullptr &&
                      alert->alert.description == AlertDescription::handshake_failure;
        return row;
    }

    std::optional<OfferRow> fallback() const
    {
        if (!hello_.has_fallback_scsv()) return std::nullopt;
        OfferRow row{"fallback", {name(CipherSuite::TLS_FALLBACK_SCSV)}, {},
                     {},         refused_for(RefusalReason::fallback),   {}};
        row.note = row.matters ? "the client says that it fell back, and the server has a higher version (RFC 7507)"
                               : "the client says that it fell back";
        return row;
    }

    std::optional<OfferRow> client_certificate() const
    {
        if (demand_.client_certificate == ClientCertificate::none) return std::nullopt;
        const bool required = demand_.client_certificate == ClientCertificate::required;
        OfferRow row{"client certificate", {}, {required ? "required" : "optional"}, {}, false, {}};
        if (!wire_.client_chain.empty()) {
            row.client = {"sent"};
            row.note = "whether the server trusts it shows in how it ended";
        } else if (wire_.client_certificate_seen) {
            row.note = "the client sent an empty Certificate";
        }
        const bool in_time = outcome_.phase >= Phase::after_server_flight;
        row.matters = !decision_.refusal && in_time && std::holds_alternative<AlertSent>(outcome_.how);
        if (row.client.empty() && required && std::holds_alternative<Completed>(outcome_.how))
            row.matters = true; // HTTP 400
        return row;
    }

    std::string verdict(const std::vector<OfferRow>& rows) const
    {
        for (const auto& row : rows)
            if (row.matters) return fmt::format("it is decided by: {}", row.what);
        if (std::holds_alternative<Completed>(outcome_.how)) return "offer and demand agree, and it connected";
        return "offer and demand agree: what failed is not a matter of the offer";
    }

    const Transcript& wire_;
    const ClientHello& hello_;
    const Demand& demand_;
    const Policy& policy_;
    std::optional<ProtocolVersion> version_;
    Decision decision_;
    Outcome outcome_;
};

} // namespace

OfferComparison compare_offer(const Transcript& wire, const Demand& demand)
{
    if (!wire.client_hello) throw std::invalid_argument("there is no ClientHello to compare");
    return Comparison(wire, demand).compare();
}

nlohmann::ordered_json to_json(const OfferComparison& comparison)
{
    auto rows = nlohmann::ordered_json::array();
    for (const auto& row : comparison.rows)
        rows.push_back({{"what", row.what},
                        {"client", row.client},
                        {"server", row.server},
                        {"common", row.common},
                        {"matters", row.matters},
                        {"note", row.note}});
    return {{"rows", std::move(rows)}, {"verdict", comparison.verdict}};
}

} // namespace alert40
