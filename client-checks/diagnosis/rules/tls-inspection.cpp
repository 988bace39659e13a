// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_refusal.h"

#include <algorithm>

namespace alert40 {
namespace {

/// A word in an issuer's name by which inspecting products and their administrators name their roots.
std::string product_word(std::string_view issuer)
{
    constexpr std::string_view kWords[] = {"inspection",  "proxy",     "firewall",  "gateway",  "zscaler",
                                           "fortinet",    "fortigate", "squid",     "bluecoat", "forcepoint",
                                           "netskope",    "mitmproxy", "kaspersky", "avast",    "eset",
                                           "bitdefender", "sophos",    "palo alto", "filter",   "middlebox"};
    std::string lower(issuer);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const auto word : kWords)
        if (lower.find(word) != std::string::npos) return std::string(word);
    return "";
}

} // namespace

std::optional<Finding> rule_tls_inspection(const Evidence& evidence)
{
    const std::string cause = "tls-inspection";
    const auto refusal = chain_refusal(
        evidence, {"verify:unknown-ca", "verify:self-signed", "verify:pin-mismatch"},
        {AlertDescription::unknown_ca, AlertDescription::bad_certificate, AlertDescription::certificate_unknown});
    if (refusal == ChainRefusal::no) return std::nullopt;
    const auto* leaf = evidence.server_leaf();
    if (leaf == nullptr) return found(cause, Confidence::possible, evidence);
    if (is_self_issued(*leaf)) return std::nullopt;
    const auto& issuer = evidence.server_chain.back().issuer.text;
    const auto word = product_word(leaf->issuer.text + issuer);
    // Made for the asked name a moment ago: nothing but the issuer tells it from the server's own.
    const bool fits = is_for_server_name(evidence).value_or(true);
    if (word.empty() || !fits) return found(cause, Confidence::possible, evidence);
    return found(cause, Confidence::likely, evidence, {"the issuer is named " + issuer});
}

} // namespace alert40
