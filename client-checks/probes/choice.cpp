// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/choice.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

/// OpenSSL from 3.0 on, as distributions ship it (security level 2): no legacy renegotiation, no DH below 2048 bits, no
/// signature with SHA-1, and so neither TLS 1.1 nor 1.0.
bool is_openssl3(std::string_view library)
{
    return library.empty() || library == "openssl" || library == "node-openssl-3.0" || library == "node-openssl";
}

/// DH groups that are refused by everybody: 1024 bits and more are taken by GnuTLS, wolfSSL and mbedTLS (research).
constexpr std::size_t kLeastDhOfAll = 1024;
constexpr std::size_t kLeastDhOfOpenssl = 2048;

void judge_dh(ChoiceJudgement& judged, const Transcript& wire, std::string_view library)
{
    if (wire.dh_bits == 0) return;
    const auto sentence = fmt::format("the server's DH group has {} bits", wire.dh_bits);
    const auto least = is_openssl3(library) ? kLeastDhOfOpenssl : kLeastDhOfAll;
    if (wire.dh_bits < least)
        judged.findings.push_back(
            {"weak-dh", Confidence::certain, {sentence, fmt::format("this client takes {} at least", least)}});
    else if (wire.dh_bits < kLeastDhOfOpenssl)
        judged.notes.push_back(sentence + ": OpenSSL 3 refuses less than 2048");
}

void judge_renegotiation(ChoiceJudgement& judged, const Transcript& wire, std::string_view library)
{
    const ServerHello& hello = *wire.server_hello;
    if (hello.selected_version() > ProtocolVersion::tls12 || hello.has_renegotiation_info()) return;
    const std::string sentence = "the ServerHello has no renegotiation_info (RFC 5746)";
    if (is_openssl3(library))
        judged.findings.push_back({"secure-renegotiation-missing",
                                   Confidence::certain,
                                   {sentence, "OpenSSL 3 refuses that: 'unsafe legacy renegotiation disabled'"}});
    else
        judged.notes.push_back(sentence + ": OpenSSL 3 clients refuse it");
}

void judge_version(ChoiceJudgement& judged, const Transcript& wire, std::string_view library)
{
    const ServerHello& hello = *wire.server_hello;
    const auto version = hello.selected_version();
    if (version > ProtocolVersion::tls11) return;
    const auto sentence = fmt::format("the server chooses {}", display_name(version));
    if (is_openssl3(library))
        judged.findings.push_back({"version-mismatch",
                                   Confidence::likely,
                                   {sentence, "OpenSSL 3 offers it and refuses its SHA-1 signatures"}});
    else
        judged.notes.push_back(sentence + ": browsers and OpenSSL 3 refuse it");
}

/// RFC 8446 section 4.1.3: a server that has TLS 1.3 marks a ServerHello of less, so that a client that offered 1.3
/// knows that its offer did not arrive.
void judge_downgrade(ChoiceJudgement& judged, const Transcript& wire)
{
    const ServerHello& hello = *wire.server_hello;
    const auto sentinel = hello.downgrade_sentinel();
    const auto version = hello.selected_version();
    if (sentinel == DowngradeSentinel::none || version > ProtocolVersion::tls12) return;
    const bool offered_more = wire.client_hello->offers(ProtocolVersion::tls13) ||
                              (wire.client_hello->offers(ProtocolVersion::tls12) && version < ProtocolVersion::tls12);
    if (!offered_more) return;
    judged.findings.push_back(
        {"downgrade-tampering",
         Confidence::certain,
         {fmt::format("the server chose {} and marked its random as that of a server that has more (DOWNGRD)",
                      display_name(version)),
          "the ClientHello offered more: it did not arrive as it was sent"}});
}

} // namespace

ChoiceJudgement judge_choice(const Answer& answer, std::string_view library)
{
    ChoiceJudgement judged;
    const Transcript& wire = answer.transcript;
    if (!answer.has_server_hello() || !wire.client_hello) return judged;
    judge_downgrade(judged, wire);
    judge_version(judged, wire, library);
    judge_dh(judged, wire, library);
    judge_renegotiation(judged, wire, library);
    const ServerHello& hello = *wire.server_hello;
    if (hello.selected_version() == ProtocolVersion::tls12 && wire.client_hello->has_extended_master_secret() &&
        !hello.has_extended_master_secret())
        judged.notes.emplace_back("the ServerHello has no extended_master_secret (RFC 7627): FIPS clients refuse it");
    return judged;
}

} // namespace alert40
