// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/offer_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace alert40 {

using namespace offers;

namespace {

std::string why_unusable(const OfferFacts& facts, const std::vector<CipherSuite>& both)
{
    std::vector<CipherSuite> of_version;
    bool one_fits_key = false;
    for (const auto suite : both) {
        const auto* info = find_cipher_suite(suite);
        if (info == nullptr || !fits(*info, *facts.version)) continue;
        of_version.push_back(suite);
        one_fits_key = one_fits_key || facts.fits_key(*info);
    }
    const auto& told = of_version.empty() ? both : of_version;
    const auto shown =
        fmt::format("{} {} on both sides", fmt::join(names_of(told), ", "), told.size() == 1 ? "is" : "are");
    if (of_version.empty()) return fmt::format("{}, but not for {}", shown, display_name(*facts.version));
    if (!facts.policy.key) return shown + ", and the server has no usable certificate";
    if (!one_fits_key) return fmt::format("{}, and the server's key is {}", shown, facts.name_of_key());
    if (facts.is_groups_fault(both)) return shown + ", and no group for its key exchange";
    if (facts.is_schemes_fault(both)) return shown + ", and no signature scheme for the server's key";
    return shown + ", but key exchange, certificate and signature do not go together";
}

/// The group of the server's key share or of its ECDHE parameters; nullopt where the client names no groups at all.
std::optional<NamedGroup> answered_group(const OfferFacts& facts)
{
    const auto& answer = facts.wire.server_hello;
    if (!answer || !facts.hello.has_extension(ExtensionType::supported_groups)) return std::nullopt;
    if (const auto group = answer->key_share_group()) return group;
    const auto* suite = find_cipher_suite(answer->cipher_suite);
    const bool by_curve = suite != nullptr && suite->key_exchange == KeyExchange::ecdhe;
    return by_curve ? facts.wire.group : std::nullopt;
}

bool is_weak(SignatureScheme scheme)
{
    const auto text = name(scheme);
    return text.ends_with("sha1") || text.ends_with("md5");
}

bool is_for_certificates_only(SignatureScheme scheme)
{
    const auto* info = find_signature_scheme_info(scheme);
    return info != nullptr && !info->tls13_certificate_verify;
}

/// What the client could not take in the server's signature; empty: nothing, or it did not leave for that.
std::string what_client_refused(const OfferFacts& facts, const std::vector<SignatureScheme>& offered)
{
    const auto& signature = facts.wire.server_signature;
    if (!signature || !facts.client_left_at_answer() || !facts.hello.has_extension(ExtensionType::signature_algorithms))
        return {};
    if (!contains(offered, *signature))
        return fmt::format("the server signs with {}, which the client did not offer", name(*signature));
    if (is_weak(*signature) && facts.client_refused_parameters())
        return fmt::format("the server signs with {}: the client offers it, and left at it", name(*signature));
    if (facts.is_tls13() && is_for_certificates_only(*signature))
        return fmt::format("the server signs with {}, which TLS 1.3 has for certificates only (RFC 8446 section 4.2.3)",
                           name(*signature));
    return {};
}

} // namespace

OfferRow suites_row(const OfferFacts& facts)
{
    std::vector<CipherSuite> offered = without_grease(facts.hello.cipher_suites);
    std::erase_if(offered, [](CipherSuite suite) { return is_signalling(suite); });
    const auto both = shared(offered, facts.policy.cipher_suites);
    std::vector<CipherSuite> usable;
    for (const auto suite : both)
        if (facts.can_be_used(suite)) usable.push_back(suite);
    OfferRow row{"cipher suites",
                 names_of(offered),
                 names_of(facts.policy.cipher_suites),
                 names_of(usable),
                 facts.refused_for(RefusalReason::no_shared_suite) && !facts.is_groups_fault(both) &&
                     !facts.is_schemes_fault(both),
                 {}};
    if (!facts.version)
        row.note = "without a version no suite can be chosen";
    else if (!usable.empty() && facts.decision.agreed.suite != CipherSuite{})
        row.note = fmt::format("the server takes {}", name(facts.decision.agreed.suite));
    else if (both.empty())
        row.note = "no suite is on both sides";
    else if (usable.empty())
        row.note = why_unusable(facts, both);
    const auto& answer = facts.wire.server_hello;
    if (!facts.client_left_at_answer()) return row;
    const auto* chosen = find_cipher_suite(answer->cipher_suite);
    const bool is_offered = contains(offered, answer->cipher_suite);
    const bool is_of_version = chosen == nullptr || fits(*chosen, answer->selected_version());
    if (is_offered && is_of_version) return row;
    row.matters = true;
    row.note = is_offered
                   ? fmt::format("the ServerHello says {}, which is not for {}", name(answer->cipher_suite),
                                 display_name(answer->selected_version()))
                   : fmt::format("the ServerHello says {}, which the client did not offer", name(answer->cipher_suite));
    return row;
}

OfferRow groups_row(const OfferFacts& facts)
{
    const auto offered = without_grease(facts.hello.groups());
    const auto both = shared(offered, facts.policy.groups);
    const bool decides =
        facts.refused_for(RefusalReason::no_shared_group) ||
        (facts.refused_for(RefusalReason::missing_extension) && offered.empty()) ||
        (facts.refused_for(RefusalReason::no_shared_suite) && facts.is_groups_fault(facts.shared_suites()));
    OfferRow row{"groups", names_of(offered), names_of(facts.policy.groups), names_of(both), decides, {}};
    const auto& group = facts.decision.agreed.group;
    const auto shares = without_grease(facts.hello.key_share_groups());
    if (offered.empty())
        row.note = facts.is_tls13() ? "the client sends no supported_groups (RFC 8446 section 9.2)"
                                    : "the client sends no supported_groups: every curve is taken for offered";
    else if (both.empty())
        row.note = "no group is on both sides";
    else if (group && facts.decision.agreed.retry)
        row.note =
            fmt::format("the server wants {}, of which the client sent no key share ({}): HelloRetryRequest",
                        name(*group), shares.empty() ? "none" : fmt::format("{}", fmt::join(names_of(shares), ", ")));
    else if (group)
        row.note = fmt::format("the server takes {}", name(*group));
    if (const auto used = answered_group(facts); used && !contains(offered, *used) && facts.client_left_at_answer()) {
        row.matters = true;
        row.note = fmt::format("the server wants {}, which the client did not offer", name(*used));
    }
    return row;
}

OfferRow schemes_row(const OfferFacts& facts)
{
    const auto offered = facts.offered_schemes();
    const auto served = facts.served_schemes();
    const auto both = shared(offered, served);
    const bool decides =
        facts.refused_for(RefusalReason::no_shared_scheme) || facts.refused_for(RefusalReason::no_certificate) ||
        (facts.refused_for(RefusalReason::missing_extension) && offered.empty()) ||
        (facts.refused_for(RefusalReason::no_shared_suite) && facts.is_schemes_fault(facts.shared_suites()));
    OfferRow row{"signature schemes", names_of(offered), names_of(served), names_of(both), decides, {}};
    if (!facts.policy.key)
        row.note = "the server has no usable certificate";
    else if (facts.version && *facts.version < ProtocolVersion::tls12)
        row.note = fmt::format("not negotiated before TLS 1.2; the server's key is {}", facts.name_of_key());
    else if (offered.empty() && !facts.is_tls13())
        row.note = "the client sends no signature_algorithms: SHA-1 is meant (RFC 5246 section 7.4.1.4.1)";
    else
        row.note = fmt::format("the server's key is {}", facts.name_of_key());
    if (auto refused = what_client_refused(facts, offered); !refused.empty()) {
        row.matters = true;
        row.note = std::move(refused);
    }
    return row;
}

} // namespace alert40
