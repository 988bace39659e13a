// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/chain_faults.h"

#include "certs/algorithms.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

bool is_authority(const Certificate& certificate)
{
    return certificate.basic_constraints && certificate.basic_constraints->is_ca;
}

/// The certificates that lead from the leaf upwards, in that order, whatever stands between them.
std::vector<const Certificate*> path(const Evidence& evidence)
{
    std::vector<const Certificate*> links;
    const auto& chain = evidence.server_chain;
    if (chain.empty()) return links;
    links.push_back(&chain.front());
    for (std::size_t i = 0; i < chain.size(); ++i) { // at most one step for each certificate
        const auto above = std::find_if(chain.begin() + 1, chain.end(), [&](const Certificate& each) {
            return each.subject.der == links.back()->issuer.der && !is_self_issued(*links.back());
        });
        if (above == chain.end()) break;
        links.push_back(&*above);
    }
    return links;
}

bool is_below(std::string_view name, std::string_view suffix)
{
    if (suffix.starts_with('.')) return name.ends_with(suffix);
    return name == suffix || (name.ends_with(suffix) && name[name.size() - suffix.size() - 1] == '.');
}

bool permits(const Certificate& authority, const std::string& name)
{
    const auto covers = [&](const std::string& suffix) { return is_below(name, suffix); };
    const auto& permitted = authority.permitted_dns_names;
    const auto& excluded = authority.excluded_dns_names;
    if (std::any_of(excluded.begin(), excluded.end(), covers)) return false;
    return permitted.empty() || std::any_of(permitted.begin(), permitted.end(), covers);
}

bool has(const std::vector<std::string>& purposes, std::string_view purpose)
{
    return std::find(purposes.begin(), purposes.end(), purpose) != purposes.end();
}

} // namespace

std::optional<bool> chain_in_date(const Evidence& evidence)
{
    const auto links = path(evidence);
    if (links.empty() || !evidence.captured_at) return std::nullopt;
    return std::all_of(links.begin(), links.end(), [&](const Certificate* each) {
        return each->not_before <= *evidence.captured_at && *evidence.captured_at <= each->not_after;
    });
}

std::optional<std::string> expired_issuer(const Evidence& evidence)
{
    if (!evidence.captured_at) return std::nullopt;
    const auto links = path(evidence);
    for (std::size_t i = 1; i < links.size(); ++i)
        if (links[i]->not_after < *evidence.captured_at)
            return fmt::format("the issuer {} ended {}, before the capture, {}", links[i]->subject.text,
                               utc(links[i]->not_after), utc(*evidence.captured_at));
    return std::nullopt;
}

std::optional<std::string> wrong_usage(const Evidence& evidence)
{
    const auto* leaf = evidence.server_leaf();
    if (leaf == nullptr || misordered(evidence)) return std::nullopt; // it is not the server's
    constexpr std::string_view kAnyPurpose = "2.5.29.37.0";
    const auto& purposes = leaf->extended_key_usage;
    if (!purposes.empty() && !has(purposes, oid::kServerAuth) && !has(purposes, kAnyPurpose))
        return "the extended key usage of the server's certificate has no serverAuth";
    if (leaf->key_usage && (*leaf->key_usage & digital_signature) == 0)
        return "the key usage of the server's certificate has no digitalSignature";
    return std::nullopt;
}

std::optional<std::string> violated_constraint(const Evidence& evidence)
{
    const auto links = path(evidence);
    for (std::size_t i = 0; i < links.size(); ++i) {
        const Certificate& each = *links[i];
        if (!each.unknown_critical_extensions.empty())
            return fmt::format("{} has the critical extension {}, which nobody knows", each.subject.text,
                               each.unknown_critical_extensions.front());
        if (i == 0) continue;
        if (!is_authority(each)) return fmt::format("the issuer {} is no CA", each.subject.text);
        const auto limit = each.basic_constraints->path_length;
        // RFC 5280 leaves the last certificate out of the count; wolfSSL counts it where it is a CA's.
        const std::size_t below = i - (is_authority(*links.front()) ? 0 : 1);
        if (limit && below > *limit)
            return fmt::format("{} CAs stand below {}, which allows {}", below, each.subject.text, *limit);
        if (is_for_server_name(evidence) == false) continue; // certificate-wrong-name comes first
        for (const auto& name : links.front()->dns_names)
            if (!permits(each, name)) return fmt::format("{} may not issue for {}", each.subject.text, name);
    }
    return std::nullopt;
}

std::optional<std::string> weak_key(const Evidence& evidence)
{
    constexpr unsigned kLeastRsaBits = 2048; // NIST SP 800-131A; OpenSSL's security level 2
    for (const auto* each : path(evidence))
        if (each->public_key_algorithm == oid::kRsaEncryption && each->public_key_bits < kLeastRsaBits)
            return fmt::format("the RSA key of {} has {} bits", each->subject.text, each->public_key_bits);
    return std::nullopt;
}

std::optional<std::string> weak_signature(const Evidence& evidence)
{
    for (const auto* each : path(evidence)) {
        const auto algorithm = signature_hash(each->signature_algorithm);
        const bool weak = algorithm == HashAlgorithm::md5 || algorithm == HashAlgorithm::sha1;
        if (weak && !is_self_issued(*each)) // the root's own signature protects nothing
            return fmt::format("{} is signed with {}", each->subject.text,
                               algorithm == HashAlgorithm::md5 ? "MD5" : "SHA-1");
    }
    return std::nullopt;
}

std::optional<std::string> malformed(const Evidence& evidence)
{
    if (!evidence.has_wire() || evidence.wire->server_chain.empty()) return std::nullopt;
    try {
        const Certificate leaf = parse_certificate(evidence.wire->server_chain.front());
        if (leaf.not_after < leaf.not_before)
            return fmt::format("the server's certificate ends {}, before it begins, {}", utc(leaf.not_after),
                               utc(leaf.not_before));
        for (const auto& each : evidence.server_chain)
            if (each.subject.der == leaf.issuer.der && !is_signed_by(leaf, each))
                return "the signature in the server's certificate is not its issuer's";
    } catch (const CertificateError& error) {
        return fmt::format("the server's certificate cannot be read: {}", error.what());
    }
    return std::nullopt;
}

std::optional<std::string> misordered(const Evidence& evidence)
{
    const auto& chain = evidence.server_chain;
    const auto* hello = evidence.client_hello();
    const auto links = path(evidence);
    for (std::size_t i = 1; i < links.size(); ++i)
        if (links[i] < links[i - 1])
            return fmt::format("{} is sent before {}, which it issued", links[i]->subject.text,
                               links[i - 1]->subject.text);
    if (chain.size() < 2 || !is_authority(chain.front())) return std::nullopt;
    for (std::size_t i = 1; i < chain.size(); ++i) {
        const bool named = hello == nullptr || !hello->server_name() || names_match(chain[i], *hello->server_name());
        if (!is_authority(chain[i]) && named)
            return fmt::format("the first certificate is the CA {}; the server's own stands at place {}",
                               chain.front().subject.text, i + 1);
    }
    return std::nullopt;
}

std::optional<std::string> too_large(const Evidence& evidence)
{
    constexpr std::size_t kLeastLimit = 64 * 1024; // wolfSSL's; OpenSSL's is 100 KiB, GnuTLS's 128 KiB
    if (!evidence.has_wire()) return std::nullopt;
    std::size_t octets = 0;
    for (const auto& each : evidence.wire->server_chain) octets += each.size();
    if (octets > kLeastLimit) return fmt::format("the server's certificates have {} octets", octets);
    constexpr std::size_t kLeastDepth = 9; // wolfSSL's; GnuTLS's is 16, OpenSSL's 100
    const auto links = path(evidence);
    if (links.size() > kLeastDepth) return fmt::format("the server's chain has {} certificates", links.size());
    return std::nullopt;
}

std::optional<Finding> find_chain_fault(std::string cause, const Evidence& evidence, ChainFault fault,
                                        std::initializer_list<std::string_view> reasons,
                                        std::initializer_list<AlertDescription> alerts,
                                        std::optional<AlertDescription> own_alert, OwnWords own_words)
{
    const auto refusal = chain_refusal(evidence, reasons, alerts);
    if (refusal == ChainRefusal::no) return std::nullopt;
    const auto fact = fault(evidence);
    if (fact) return found(std::move(cause), Confidence::certain, evidence, {*fact});
    if (evidence.server_leaf() != nullptr) return std::nullopt;
    const bool by_own_alert = own_alert && evidence.client_sent(*own_alert);
    // Without a wire silence says nothing; on it, a refusal for no reason that can be read may be for this one.
    if (refusal < ChainRefusal::among && !evidence.has_wire()) return std::nullopt;
    // Without the chain only words for this fault alone make it likely; the others it shares with commoner ones.
    const bool said = reasons.size() > 0 && evidence.means_only(*reasons.begin());
    auto confidence = Confidence::possible;
    if (by_own_alert || said) confidence = Confidence::likely;
    if (said && own_words == OwnWords::certain) confidence = Confidence::certain;
    return found(std::move(cause), confidence, evidence);
}

} // namespace alert40
