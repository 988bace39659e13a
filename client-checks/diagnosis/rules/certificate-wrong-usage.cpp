// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_faults.h"

#include <algorithm>

namespace alert40 {
namespace {

/// Words for the extended key usage alone: a CA's certificate in the server's place, which has none, is refused in
/// others.
bool names_extended_key_usage(const Evidence& evidence)
{
    constexpr std::string_view kWords[] = {"xtended key usage",       // Java, wolfSSL
                                           "extendedKeyUsage",        // mbedTLS
                                           "RequiredEkuNotFound",     // rustls
                                           "invalid_ext_key_usage",   // Erlang
                                           "incompatible key usage"}; // Go
    return std::any_of(std::begin(kWords), std::end(kWords),
                       [&](auto words) { return evidence.says.find(words) != std::string::npos; });
}

/// The client lists the server's certificate, and it is for the name that was asked for: it is no CA's.
bool lists_the_servers_own(const Evidence& evidence)
{
    const auto* hello = evidence.client_hello();
    const auto& listed = evidence.account.chain;
    if (hello == nullptr || !hello->server_name() || listed.empty()) return false;
    const std::string common_name = "CN=" + *hello->server_name();
    std::string subject = listed.front().subject;
    std::erase(subject, ' ');
    return (subject + ",").find(common_name + ",") != std::string::npos;
}

} // namespace

std::optional<Finding> rule_certificate_wrong_usage(const Evidence& evidence)
{
    // Measured: 43 (OpenSSL, mbedTLS, deno), 42 (GnuTLS, Go, rustls, wolfSSL), 46 (NSS, Chromium, Java), 80 (GnuTLS for
    // the key usage).
    auto finding = find_chain_fault("certificate-wrong-usage", evidence, wrong_usage, {"verify:wrong-usage"},
                                    {AlertDescription::unsupported_certificate, AlertDescription::bad_certificate,
                                     AlertDescription::certificate_unknown, AlertDescription::internal_error},
                                    AlertDescription::unsupported_certificate);
    const bool said = evidence.means_only("verify:wrong-usage") &&
                      (names_extended_key_usage(evidence) || lists_the_servers_own(evidence));
    if (finding && said) finding->confidence = Confidence::certain;
    return finding;
}

} // namespace alert40
