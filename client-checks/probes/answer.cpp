// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/answer.h"

#include "certs/crypto.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

/// EncryptedExtensions and an alert stay below 100 octets; a certificate does not (the smallest chain of one P-256 leaf
/// has some 300, with CertificateVerify and Finished above 400). No probe resumes a session.
constexpr std::size_t kLeastHiddenFlight = 250;

std::size_t hidden_octets(const Transcript& transcript)
{
    std::size_t octets = 0;
    for (const auto& event : transcript.events) {
        const auto* record = std::get_if<RecordEvent>(&event);
        if (record != nullptr && record->direction == Direction::server_to_client && record->encrypted)
            octets += record->length;
    }
    return octets;
}

const RecordEvent* last_alert(const Transcript& transcript)
{
    const RecordEvent* found = nullptr;
    for (const auto& event : transcript.events) {
        const auto* record = std::get_if<RecordEvent>(&event);
        if (record != nullptr && record->direction == Direction::server_to_client && record->alert) found = record;
    }
    return found;
}

const OtherBytes* other_bytes(const Transcript& transcript)
{
    for (const auto& event : transcript.events) {
        const auto* other = std::get_if<OtherBytes>(&event);
        if (other != nullptr && other->direction == Direction::server_to_client && other->total > 0) return other;
    }
    return nullptr;
}

AnswerEnd end_of(Received last)
{
    switch (last) {
    case Received::closed:
        return AnswerEnd::closed;
    case Received::reset:
        return AnswerEnd::reset;
    case Received::silent:
    case Received::bytes: // more was expected and not waited for
        return AnswerEnd::silent;
    }
    return AnswerEnd::silent;
}

std::string describe_hello(const Transcript& transcript)
{
    const ServerHello& hello = *transcript.server_hello;
    std::string text = fmt::format("{} ({}, {}", hello.is_hello_retry_request() ? "HelloRetryRequest" : "ServerHello",
                                   display_name(hello.selected_version()), name(hello.cipher_suite));
    if (transcript.group) text += ", " + name(*transcript.group);
    if (transcript.dh_bits != 0) text += fmt::format(", {}-bit DH", transcript.dh_bits);
    return text + ")";
}

std::string describe_end(const Answer& answer)
{
    switch (answer.end) {
    case AnswerEnd::flight:
    case AnswerEnd::retry:
        return {};
    case AnswerEnd::alert:
        return fmt::format("{} ({})", name(answer.alert->description), static_cast<int>(answer.alert->description));
    case AnswerEnd::closed:
        return answer.alert ? "a warning " + display_name(*answer.alert) + " and a close" : "a close";
    case AnswerEnd::reset:
        return "a reset";
    case AnswerEnd::silent:
        return "silence";
    case AnswerEnd::not_tls:
        return "octets that are no TLS";
    case AnswerEnd::no_connection:
        if (answer.connect == ConnectEnd::silent) return "no answer to the connection";
        return fmt::format("connection {}", name(answer.connect));
    }
    return {};
}

/// "421 Too many concurrent connections" in clear, on a port of TLS, too: a mail exchanger's or an FTP server's limit
/// (RFC 5321 section 4.2.3, RFC 959 section 4.2). It is no answer to the ClientHello.
std::optional<std::string> says_too_many(const Bytes& octets)
{
    const std::string text = to_text(octets);
    if (!text.starts_with("421 ") && !text.starts_with("421-")) return std::nullopt;
    return text.substr(0, text.find_first_of("\r\n"));
}

} // namespace

bool flight_is_whole(const Transcript& transcript)
{
    if (!transcript.server_hello || transcript.server_hello->is_hello_retry_request()) return false;
    if (transcript.server_hello->selected_version() < ProtocolVersion::tls13)
        return transcript.phase >= Phase::after_server_flight;
    return hidden_octets(transcript) >= kLeastHiddenFlight;
}

std::string unoffered_choice(const Transcript& transcript)
{
    if (!transcript.server_hello || !transcript.client_hello) return {};
    const ClientHello& offer = *transcript.client_hello;
    const ServerHello& choice = *transcript.server_hello;
    if (!offer.offers(choice.selected_version())) return display_name(choice.selected_version());
    if (!offer.offers(choice.cipher_suite)) return name(choice.cipher_suite);
    if (transcript.group && !offer.groups().empty() && !offer.offers(*transcript.group)) return name(*transcript.group);
    return {};
}

bool negotiates(const Answer& answer)
{
    return answer.end == AnswerEnd::flight && unoffered_choice(answer.transcript).empty();
}

void read_end(Answer& answer, Received last)
{
    const Transcript& transcript = answer.transcript;
    if (const auto* record = last_alert(transcript)) {
        answer.alert = record->alert;
        answer.alert_record_version = record->version;
    }
    if (const auto* other = other_bytes(transcript)) answer.other_bytes = other->first_bytes;
    if (flight_is_whole(transcript))
        answer.end = AnswerEnd::flight;
    else if (answer.alert && answer.alert->level == AlertLevel::fatal)
        answer.end = AnswerEnd::alert;
    else if (const auto limit = says_too_many(answer.other_bytes)) {
        answer.end = AnswerEnd::no_connection;
        answer.connect = ConnectEnd::before_tls;
        answer.connect_why = "the server says: " + *limit;
    } else if (!answer.other_bytes.empty())
        answer.end = AnswerEnd::not_tls;
    else
        answer.end = end_of(last);
}

std::string describe(const Answer& answer)
{
    const std::string end = describe_end(answer);
    if (!answer.transcript.server_hello) return end;
    const std::string hello = describe_hello(answer.transcript);
    return end.empty() ? hello : hello + ", then " + end;
}

std::string fingerprint(const Answer& answer)
{
    std::string text = describe(answer);
    for (const auto& certificate : answer.transcript.server_chain)
        text += " " + to_hex(hash(HashAlgorithm::sha256, certificate)).substr(0, 16);
    return text;
}

} // namespace alert40
