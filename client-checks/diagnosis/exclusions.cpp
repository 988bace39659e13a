// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/exclusions.h"

#include "client-checks/diagnosis/client_certificate.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

using Exclusions = std::vector<std::pair<std::string_view, std::string>>; // the cause, and why not

void by_offer(const ClientHello& hello, Exclusions& out)
{
    if (const auto name = hello.server_name()) out.emplace_back("sni-missing", "the client asked for " + *name);
    if (hello.alpn_protocols().empty()) out.emplace_back("alpn-mismatch", "the client offers no protocol by ALPN");
    if (!hello.has_fallback_scsv())
        out.emplace_back("inappropriate-fallback", "the ClientHello carries no TLS_FALLBACK_SCSV");
}

/// It chose version, suite and group: these were common.
void by_answer(const ServerHello& answer, Exclusions& out)
{
    out.emplace_back("not-tls", "the server sent a ServerHello");
    out.emplace_back("cipher-mismatch", "the server chose " + name(answer.cipher_suite));
    const auto version = answer.selected_version();
    if (version == ProtocolVersion::tls13)
        out.emplace_back("version-mismatch", "the server chose TLS 1.3");
    else if (answer.has_renegotiation_info())
        out.emplace_back("secure-renegotiation-missing", "the ServerHello carries renegotiation_info");
    const auto* suite = find_cipher_suite(answer.cipher_suite);
    if (suite != nullptr && suite->key_exchange != KeyExchange::dhe)
        out.emplace_back("weak-dh", "the exchange is not one over a finite field with parameters of the server's");
}

Exclusions exclusions(const Evidence& evidence)
{
    Exclusions out;
    if (const auto* hello = evidence.client_hello()) by_offer(*hello, out);
    if (const auto& answer = evidence.wire->server_hello; answer && !answer->is_hello_retry_request())
        by_answer(*answer, out);
    if (evidence.ended_before_server_hello() && evidence.client_hello() != nullptr)
        out.emplace_back("certificate-expired", "no certificate had been sent; the same for all that a client refuses "
                                                "in a server's certificate");
    const bool readable = !evidence.is_tls13() && evidence.wire->server_hello.has_value();
    if (readable && client_answer(evidence) == ClientAnswer::not_asked)
        out.emplace_back("client-certificate-required", "the server asked for no certificate");
    return out;
}

} // namespace

void add_exclusions(std::vector<Finding>& findings, const Evidence& evidence)
{
    if (findings.empty() || !evidence.has_wire()) return;
    for (auto& [cause, reason] : exclusions(evidence)) {
        const bool found = std::any_of(findings.begin(), findings.end(),
                                       [name = cause](const Finding& each) { return each.cause == name; });
        if (!found) findings.front().excludes.push_back(fmt::format("{}: {}", cause, reason));
    }
}

} // namespace alert40
