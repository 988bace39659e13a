// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/client_certificate.h"

#include "certs/algorithms.h"
#include "client-checks/diagnosis/hidden_flight.h"
#include "client-checks/diagnosis/silence.h"
#include "client-checks/diagnosis/words.h"

#include <algorithm>

namespace alert40 {
namespace {

ClientAnswer hidden_answer(const Transcript& wire)
{
    switch (hidden_client_flight(wire)) {
    case HiddenFlight::none:
    case HiddenFlight::alert:
    case HiddenFlight::finished:
        return ClientAnswer::not_asked;
    case HiddenFlight::empty_certificate:
        return ClientAnswer::no_certificate;
    case HiddenFlight::certificate:
        return ClientAnswer::certificate;
    case HiddenFlight::unknown:
        return ClientAnswer::unknown;
    }
    return ClientAnswer::unknown;
}

/// By the client's own account.
ClientAnswer told_answer(const Account& account)
{
    if (account.sent_no_certificate) return ClientAnswer::no_certificate;
    const bool early = account.phase && *account.phase <= Phase::before_server_hello;
    return early && !account.asked_for_certificate ? ClientAnswer::not_asked : ClientAnswer::unknown;
}

} // namespace

ClientAnswer client_answer(const Evidence& evidence)
{
    if (!evidence.has_wire()) return told_answer(evidence.account);
    const Transcript& wire = *evidence.wire;
    if (evidence.ended_before_server_hello()) return ClientAnswer::not_asked;
    if (wire.client_certificate_seen) {
        const bool empty = wire.client_chain.empty() && evidence.client_certificate_octets.empty();
        return empty ? ClientAnswer::no_certificate : ClientAnswer::certificate;
    }
    if (wire.certificate_request || server_sent_message(wire, HandshakeType::certificate_request))
        return ClientAnswer::unknown;
    const bool flight_was_read = !evidence.is_tls13() || wire.server_certificate_seen;
    return flight_was_read ? ClientAnswer::not_asked : hidden_answer(wire);
}

bool asks_anybody(const Evidence& evidence)
{
    if (!evidence.has_wire() || !evidence.wire->certificate_request) return false;
    return evidence.wire->certificate_request->authorities.empty();
}

bool refused_without_alert(const Evidence& evidence)
{
    if (evidence.alert) return false;
    const auto said = words(evidence, {"http-status:400", "http-status:403"}); // nginx; IIS
    if (said == Words::otherwise) return false; // the client knows of an alert, or judged by itself
    if (said != Words::silent) return true;
    if (!evidence.has_wire()) return evidence.can_mean("closed") || evidence.can_mean("reset");
    const bool by_server = evidence.ended<WeClosed>() || evidence.ended<WeReset>();
    return by_server || may_hide_alert(*evidence.wire, Direction::server_to_client);
}

bool certificate_refused(const Evidence& evidence)
{
    if (server_refused(evidence, {AlertDescription::bad_certificate, AlertDescription::certificate_unknown,
                                  AlertDescription::access_denied}) ||
        refused_without_alert(evidence))
        return true;
    if (!evidence.has_wire() || client_answer(evidence) != ClientAnswer::certificate) return false;
    if (evidence.server_sent(AlertDescription::handshake_failure)) return true;
    const bool given_up = evidence.ended<PeerClosed>() || evidence.ended<PeerReset>() || evidence.ended<Expired>();
    return given_up && silence_at_end(*evidence.wire) >= kPatience;
}

bool is_openssl_server(const Transcript& wire)
{
    if (!wire.server_hello || wire.server_hello->extensions.size() < 2) return false;
    const auto& extensions = wire.server_hello->extensions;
    return extensions.front().type == ExtensionType::renegotiation_info &&
           extensions.back().type == ExtensionType::extended_master_secret;
}

bool may_be_refused_by_page(const Evidence& evidence)
{
    constexpr std::size_t kLongest = 1024;
    if (!evidence.has_wire() || evidence.has_text() || !evidence.ended<Completed>()) return false;
    if (evidence.is_tls13() || client_answer(evidence) != ClientAnswer::no_certificate) return false;
    std::size_t answers = 0;
    for (const auto& event : evidence.wire->events) {
        const auto* record = std::get_if<RecordEvent>(&event);
        const auto* socket = std::get_if<SocketEvent>(&event);
        if (socket != nullptr) return answers == 1 && socket->kind == SocketEventKind::server_fin;
        if (record == nullptr) return false;
        if (record->direction == Direction::client_to_server || record->type != ContentType::application_data) continue;
        if (record->length >= kLongest) return false;
        ++answers;
    }
    return false;
}

std::optional<bool> client_certificate_in_date(const Evidence& evidence)
{
    if (evidence.client_chain.empty() || !evidence.captured_at) return std::nullopt;
    const Certificate& leaf = evidence.client_chain.front();
    return leaf.not_before <= *evidence.captured_at && *evidence.captured_at <= leaf.not_after;
}

bool says_foreign_key(const Evidence& evidence)
{
    // OpenSSL's reason, curl's and PHP's sentences for it, curl's for GnuTLS's, and Go's.
    constexpr std::string_view kWords[] = {"key values mismatch",
                                           "KEY_VALUES_MISMATCH",
                                           "KeyMismatch",
                                           "nable to set private key file",
                                           "error reading X.509 key or certificate file",
                                           "private key does not match public key",
                                           "inconsistencies between private key and certificate", // HAProxy
                                           "Invalid private key",                                 // redis-cli
                                           "given key do not match"};                             // GnuTLS
    const auto said = [&](std::string_view words) { return evidence.says.find(words) != std::string::npos; };
    return std::any_of(std::begin(kWords), std::end(kWords), said);
}

std::optional<std::string> wrong_client_usage(const Certificate& leaf)
{
    constexpr std::string_view kAnyPurpose = "2.5.29.37.0";
    const auto& purposes = leaf.extended_key_usage;
    const auto serves = [&](const std::string& purpose) {
        return purpose == oid::kClientAuth || purpose == kAnyPurpose;
    };
    if (!purposes.empty() && std::none_of(purposes.begin(), purposes.end(), serves))
        return "the extended key usage of the client's certificate has no clientAuth";
    if (leaf.key_usage && (*leaf.key_usage & digital_signature) == 0)
        return "the key usage of the client's certificate has no digitalSignature";
    return std::nullopt;
}

} // namespace alert40
