// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/offer_rows.h"

#include <fmt/format.h>

namespace alert40 {

using namespace offers;

OfferRow server_name_row(const OfferFacts& facts)
{
    OfferRow row{"server name", {}, facts.policy.names, {}, false, {}};
    row.matters = facts.refused_for(RefusalReason::unknown_name) || facts.refused_for(RefusalReason::missing_name);
    const auto asked = facts.hello.server_name();
    if (asked) row.client = {*asked};
    const auto same = [&](const std::string& each) { return asked && same_name(each, *asked); };
    if (facts.policy.names.empty()) {
        row.server = {"every name"};
        row.common = row.client;
    } else if (std::any_of(facts.policy.names.begin(), facts.policy.names.end(), same)) {
        row.common = row.client;
    }
    // The certificate was for another name, and the client has left for it.
    const bool other_name = row.common.empty() && !facts.policy.names.empty();
    row.matters = row.matters || (other_name && (facts.client_left() || facts.decision.http_status));
    if (!asked)
        row.note = "the client sends no server_name";
    else if (row.common.empty())
        row.note = facts.decision.refusal || facts.decision.warning
                       ? "the server does not know this name"
                       : "the server does not know this name, and answers all the same";
    return row;
}

OfferRow alpn_row(const OfferFacts& facts)
{
    const auto offered = facts.hello.alpn_protocols();
    OfferRow row{"alpn",
                 offered,
                 facts.policy.alpn,
                 shared(offered, facts.policy.alpn),
                 facts.refused_for(RefusalReason::no_application_protocol),
                 {}};
    if (facts.policy.alpn.empty())
        row.note = "the server ignores ALPN";
    else if (offered.empty())
        row.note = "the client asks for no application protocol";
    else if (row.common.empty())
        row.note = "no application protocol is on both sides";
    else if (!facts.decision.agreed.alpn.empty())
        row.note = "the server takes " + facts.decision.agreed.alpn;
    return row;
}

std::optional<OfferRow> extended_master_secret_row(const OfferFacts& facts)
{
    if (!facts.policy.requires_extended_master_secret) return std::nullopt;
    OfferRow row{"extended_master_secret", {}, {"required"}, {}, false, {}};
    row.matters = facts.refused_for(RefusalReason::no_extended_master_secret);
    if (facts.hello.has_extended_master_secret()) {
        row.client = {"offered"};
        row.common = {"extended_master_secret"};
    } else {
        row.note = facts.is_tls13() ? "TLS 1.3 needs none" : "the client does not offer it (RFC 7627 section 5.3)";
    }
    return row;
}

/// Shown where the server sent parameters of its own.
std::optional<OfferRow> dh_row(const OfferFacts& facts)
{
    const auto bits = facts.wire.dh_bits;
    if (bits == 0) return std::nullopt;
    OfferRow row{"Diffie-Hellman prime", {}, {fmt::format("{} bits", bits)}, {}, false, {}};
    row.note = "up to TLS 1.2 no ClientHello tells the shortest that its client takes";
    constexpr std::size_t kShort = 2048; // what today's clients take at the least, or less
    row.matters = bits < kShort && facts.client_left_at_answer() && facts.client_refused_parameters();
    if (row.matters) row.note += ", and this one left at it";
    return row;
}

/// Shown where the server leaves out what the client asked for.
std::optional<OfferRow> renegotiation_info_row(const OfferFacts& facts)
{
    const auto& answer = facts.wire.server_hello;
    if (!answer || answer->selected_version() == ProtocolVersion::tls13 || !facts.hello.has_renegotiation_info() ||
        answer->has_extension(ExtensionType::renegotiation_info))
        return std::nullopt;
    OfferRow row{
        "renegotiation_info", {"asked for"}, {}, {}, false, "the server does not answer it (RFC 5746 section 4.1)"};
    const auto* alert = std::get_if<AlertReceived>(&facts.outcome.how);
    row.matters = facts.client_left_at_answer() && alert != nullptr &&
                  alert->alert.description == AlertDescription::handshake_failure;
    return row;
}

std::optional<OfferRow> fallback_row(const OfferFacts& facts)
{
    if (!facts.hello.has_fallback_scsv()) return std::nullopt;
    OfferRow row{"fallback", {name(CipherSuite::TLS_FALLBACK_SCSV)},     {},
                 {},         facts.refused_for(RefusalReason::fallback), {}};
    row.note = row.matters ? "the client says that it fell back, and the server has a higher version (RFC 7507)"
                           : "the client says that it fell back";
    return row;
}

std::optional<OfferRow> client_certificate_row(const OfferFacts& facts)
{
    if (facts.demand.client_certificate == ClientCertificate::none) return std::nullopt;
    const bool required = facts.demand.client_certificate == ClientCertificate::required;
    OfferRow row{"client certificate", {}, {required ? "required" : "optional"}, {}, false, {}};
    if (!facts.wire.client_chain.empty()) {
        row.client = {"sent"};
        row.note = "whether the server trusts it shows in how it ended";
    } else if (facts.wire.client_certificate_seen) {
        row.note = "the client sent an empty Certificate";
    }
    const bool in_time = facts.outcome.phase >= Phase::after_server_flight;
    row.matters = !facts.decision.refusal && in_time && std::holds_alternative<AlertSent>(facts.outcome.how);
    if (row.client.empty() && required && std::holds_alternative<Completed>(facts.outcome.how))
        row.matters = true; // HTTP 400
    return row;
}

} // namespace alert40
