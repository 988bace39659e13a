// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/ranking.h"

#include "client-checks/diagnosis/client_certificate.h"
#include "client-checks/diagnosis/flight_lengths.h"
#include "client-checks/diagnosis/hidden_flight.h"
#include "client-checks/diagnosis/inspection.h"
#include "client-checks/diagnosis/offer.h"

#include <algorithm>

namespace alert40 {
namespace {

using Order = std::vector<std::string_view>;

/// handshake_failure (40) or insufficient_security (71) to the ClientHello. What the client lacks of what servers have
/// decides; a client that lacks nothing meets old suites, or a server that has no certificate for it.
Order refused_offer(const ClientHello& hello)
{
    // Whoever takes Ed25519 and RSA-PSS has TLS 1.3 (RFC 8446 section 9.1) and was told not to offer it.
    if (offers_at_most_tls12(hello) && !narrow_suites(hello) && !narrow_groups(hello) && offers_usual_schemes(hello))
        return {"version-mismatch", "cipher-mismatch", "server-certificate-missing"};
    // Who takes one type of certificate alone offers the suites for that type alone.
    if (narrow_schemes(hello)) return {"signature-scheme-mismatch", "cipher-mismatch"};
    if (!offers_usual_schemes(hello))
        return {"cipher-mismatch",  "signature-scheme-mismatch",  "group-mismatch",
                "version-mismatch", "server-certificate-missing", "middlebox-injected-alert"};
    if (!offers_usual_groups(hello))
        return {"cipher-mismatch",           "group-mismatch",           "server-certificate-missing",
                "signature-scheme-mismatch", "middlebox-injected-alert", "version-mismatch"};
    return {"cipher-mismatch", "server-certificate-missing", "middlebox-injected-alert",
            "group-mismatch",  "version-mismatch",           "signature-scheme-mismatch"};
}

/// A FIN before the ClientHello cannot be about what is in it.
Order never_listened()
{
    return {"server-certificate-corrupt", "not-tls", "middlebox-close", "middlebox-reset"};
}

/// IMAP and POP3 greet so: a mailbox's port without TLS asks for STARTTLS or STLS (RFC 9051, RFC 2595). "220" is that
/// of mail exchangers too, many of which have no TLS at all. PostgreSQL's error to what is none of its requests (56.7,
/// 'E', the length, 'S'): TLS is asked for there by SSLRequest, and in no other way before version 17.
bool asks_for_upgrade(const Transcript& wire)
{
    return std::any_of(wire.events.begin(), wire.events.end(), [](const auto& event) {
        const auto* bytes = std::get_if<OtherBytes>(&event);
        if (bytes == nullptr || bytes->direction != Direction::server_to_client) return false;
        const std::string text = to_text(bytes->first_bytes);
        const bool postgres = text.size() > 5 && text[0] == 'E' && text[1] == '\0' && text[5] == 'S';
        return postgres || text.starts_with("* OK") || text.starts_with("+OK");
    });
}

/// What the offer is short of, and its suites last: who takes one type of certificate alone offers the suites for that
/// type alone.
Order what_offer_lacks(const ClientHello& hello)
{
    Order order;
    if (narrow_schemes(hello)) order.push_back("signature-scheme-mismatch");
    if (narrow_groups(hello)) order.push_back("group-mismatch");
    if (narrow_suites(hello)) order.push_back("cipher-mismatch");
    return order;
}

/// The server ended the connection before its ServerHello, without an alert. A FIN is an application's way; devices
/// reset and drop.
Order ended_early(const Evidence& evidence, const ClientHello& hello)
{
    // That rule speaks of a ClientHello of more than one segment alone.
    if (evidence.ended<WeReset>())
        return {"large-client-hello-intolerance", "middlebox-reset", "not-tls", "server-certificate-corrupt",
                "sni-unknown-name"};
    Order order = what_offer_lacks(hello);
    order.insert(order.end(), {"sni-missing", "sni-unknown-name"});
    if (single_version(hello)) order.push_back("version-mismatch");
    order.insert(order.end(), {"middlebox-close", "cipher-mismatch", "not-tls", "server-certificate-missing",
                               "server-certificate-corrupt"});
    return order;
}

Order refused_hello(const Evidence& evidence, const ClientHello& hello)
{
    if (asks_for_upgrade(*evidence.wire)) return {"starttls-expected", "not-tls"};
    if (!evidence.alert && evidence.outcome->phase == Phase::before_client_hello) return never_listened();
    if (!evidence.alert) return ended_early(evidence, hello);
    const auto alert = evidence.alert->description;
    if (alert == AlertDescription::handshake_failure || alert == AlertDescription::insufficient_security)
        return refused_offer(hello);
    if (alert == AlertDescription::unrecognized_name || alert == AlertDescription::access_denied)
        return {"sni-missing", "sni-unknown-name", "server-certificate-missing", "wrong-server"};
    if (alert == AlertDescription::internal_error)
        return {"sni-missing", "sni-unknown-name", "signature-scheme-mismatch"};
    return {};
}

// A certificate that is refused for nothing that can be read, by how usual it is.
const Order kLoneCertificate = {"certificate-untrusted-root", "certificate-chain-incomplete", "tls-inspection",
                                "certificate-self-signed",    "certificate-expired",          "certificate-wrong-name"};
const Order kSmallCertificate = {"certificate-self-signed", "certificate-untrusted-root",
                                 "tls-inspection",          "certificate-chain-incomplete",
                                 "certificate-expired",     "certificate-wrong-name"};
const Order kWholeChain = {"certificate-wrong-name",     "wrong-server",
                           "certificate-untrusted-root", "certificate-expired",
                           "certificate-not-yet-valid",  "tls-inspection",
                           "intermediate-expired",       "certificate-wrong-usage",
                           "certificate-weak-signature", "server-key-mismatch",
                           "client-clock-wrong",         "sni-unknown-name",
                           "certificate-weak-key",       "certificate-chain-incomplete",
                           "certificate-self-signed"};

// A server that has not gone on to TLS 1.3 has old certificates more often than somebody else's.
const Order kOldServer = {"certificate-expired",
                          "certificate-wrong-name",
                          "certificate-not-yet-valid",
                          "certificate-weak-signature",
                          "wrong-server",
                          "certificate-untrusted-root",
                          "tls-inspection",
                          "intermediate-expired",
                          "certificate-wrong-usage",
                          "sni-unknown-name",
                          "server-key-mismatch",
                          "certificate-weak-key"};

Order refused_by_bad_certificate(const Evidence& evidence, const Order& otherwise)
{
    // In clear behind a ServerHello of TLS 1.3: OpenSSL's client, whose keys come later.
    const auto* hello = evidence.client_hello();
    if (!evidence.is_tls13() && (hello == nullptr || !alerts_name_reasons(*hello))) return otherwise;
    return {"certificate-wrong-name",
            "certificate-weak-signature",
            "certificate-not-yet-valid",
            "certificate-weak-key",
            "wrong-server",
            "sni-unknown-name"};
}

/// The causes whose own words are among the client's come before those that its words are only said to cover.
bool is_named(const Evidence& evidence, std::string_view cause)
{
    constexpr std::pair<std::string_view, std::string_view> kOwn[] = {
        {"certificate-self-signed", "verify:self-signed"},
        {"certificate-chain-incomplete", "verify:incomplete-chain"},
        {"certificate-untrusted-root", "verify:unknown-ca"},
        {"tls-inspection", "verify:unknown-ca"},
        {"certificate-expired", "verify:expired"},
        {"certificate-not-yet-valid", "verify:not-yet-valid"},
        {"certificate-wrong-name", "verify:name-mismatch"},
        {"wrong-server", "verify:name-mismatch"},
        {"sni-unknown-name", "verify:name-mismatch"},
        {"server-key-mismatch", "verify:bad-signature"}};
    const auto own =
        std::find_if(std::begin(kOwn), std::end(kOwn), [&](const auto& each) { return each.first == cause; });
    if (own == std::end(kOwn)) return true;
    const bool judged = std::any_of(evidence.symptoms.begin(), evidence.symptoms.end(), [](const Symptom& each) {
        return each.kind() == "verify" && each.reason() != "unspecified";
    });
    return !judged || evidence.can_mean(own->second);
}

/// The client lists the chain, and its issuer is neither the certificate itself nor named like a device that inspects.
bool is_issued_by_ordinary_ca(const Evidence& evidence)
{
    const auto& listed = evidence.account.chain;
    if (listed.size() != 1 || listed.front().issuer.empty()) return false;
    return listed.front().issuer != listed.front().subject && inspection_word(listed.front().issuer).empty();
}

/// One that a CA issued says where its issuer and its status are; one that signs itself has nothing of it.
const Order& refused_lone_certificate(std::size_t octets)
{
    constexpr std::size_t kSmall = 885; // an RSA key and signature of 2048 bits and two short names
    return octets < kSmall ? kSmallCertificate : kLoneCertificate;
}

Order refused_chain(const Evidence& evidence)
{
    const auto lone = lone_certificate_octets(evidence);
    const bool one = lone.has_value();
    if (one && is_issued_by_ordinary_ca(evidence))
        return {"certificate-chain-incomplete", "certificate-untrusted-root"};
    Order order = one ? refused_lone_certificate(*lone) : evidence.is_tls13() ? kWholeChain : kOldServer;
    // Few servers staple, and few clients refuse a chain whose server does, but for what the response says.
    if (server_sent_message(*evidence.wire, HandshakeType::certificate_status))
        order.insert(order.begin(), "certificate-revoked");
    if (evidence.client_sent(AlertDescription::certificate_expired))
        return {"certificate-expired", "intermediate-expired", "client-clock-wrong", "root-expired",
                "certificate-not-yet-valid"};
    // Java says "no path", whatever was wrong with each of them: most often the root.
    const bool by_root = evidence.client_sent(AlertDescription::unknown_ca) || evidence.can_mean("verify:unknown-ca");
    if (by_root && !one) return {"certificate-untrusted-root", "tls-inspection", "certificate-chain-incomplete"};
    if (evidence.client_sent(AlertDescription::bad_certificate)) return refused_by_bad_certificate(evidence, order);
    if (evidence.client_sent(AlertDescription::decrypt_error))
        return {"server-key-mismatch", "certificate-weak-signature"};
    return order;
}

/// A server of TLS 1.3 that had nothing to show, no signature for it, or none of the protocols.
const Order kNothingToShow = {"sni-missing", "alpn-mismatch", "signature-scheme-mismatch", "sni-unknown-name",
                              "server-certificate-missing"};

Order refused_client_certificate(const Evidence& evidence)
{
    // A certificate that comes alone is self-signed, or its issuer is not known to the server either.
    if (client_chain_length(evidence) == ChainLength::one)
        return {"client-certificate-untrusted", "client-certificate-expired", "client-certificate-wrong-usage",
                "client-certificate-not-yet-valid"};
    return {"client-certificate-required", "client-certificate-expired", "client-certificate-untrusted",
            "client-certificate-wrong-usage", "client-certificate-not-yet-valid"};
}

Order order_of(const Evidence& evidence)
{
    if (const auto* hello = evidence.client_hello(); hello != nullptr && evidence.ended_before_server_hello())
        return refused_hello(evidence, *hello);
    if (gave_up_behind_server_hello(*evidence.wire)) return kNothingToShow;
    const auto answer = client_answer(evidence);
    if (answer == ClientAnswer::certificate || answer == ClientAnswer::no_certificate)
        return refused_client_certificate(evidence);
    return refused_chain(evidence);
}

} // namespace

bool alerts_name_reasons(const ClientHello& hello)
{
    constexpr auto kSignallingSuite = static_cast<CipherSuite>(0x00FF); // TLS_EMPTY_RENEGOTIATION_INFO_SCSV
    return hello.offers(kSignallingSuite) && hello.has_extension(ExtensionType::encrypt_then_mac);
}

void rank_by_wire(std::vector<Finding>& findings, const Evidence& evidence)
{
    if (!evidence.has_wire()) return;
    const auto order = order_of(evidence);
    const auto place = [&](const Finding& finding) { return std::find(order.begin(), order.end(), finding.cause); };
    std::stable_sort(findings.begin(), findings.end(), [&](const Finding& left, const Finding& right) {
        if (left.confidence != right.confidence) return left.confidence < right.confidence;
        const bool named = is_named(evidence, left.cause);
        if (named != is_named(evidence, right.cause)) return named;
        return place(left) < place(right);
    });
}

} // namespace alert40
