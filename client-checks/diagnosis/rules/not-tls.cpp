// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/silence.h"
#include "client-checks/diagnosis/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace alert40 {
namespace {

constexpr auto kCause = "not-tls";

const OtherBytes* first_other_bytes(const Evidence& evidence)
{
    for (const auto& event : evidence.wire->events)
        if (const auto* bytes = std::get_if<OtherBytes>(&event))
            if (bytes->direction == Direction::server_to_client) return bytes;
    return nullptr;
}

/// A line in print, or nothing where the bytes are not text.
std::string first_line(ByteView bytes)
{
    const std::string text = to_text(bytes);
    const std::string line = text.substr(0, text.find_first_of("\r\n"));
    const bool printable = std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; });
    return printable && !line.empty() ? "it begins: " + line : "";
}

/// A greeting before STARTTLS (RFC 3207, 3501, 1939; those of databases are not text), or a page such as a box or a
/// portal serves: what stands behind the port, or beyond the box, may speak TLS.
bool has_another_reading(ByteView bytes)
{
    const std::string text = to_text(bytes);
    if (first_line(bytes).empty()) return true;
    for (const auto* greeting : {"220", "* OK", "+OK"})
        if (text.starts_with(greeting)) return true;
    const bool bad_request = text.starts_with("HTTP/") && text.find(" 400") == text.find(' ');
    return text.starts_with("HTTP/") && !bad_request;
}

std::optional<Finding> by_silence_or_end(const Evidence& evidence)
{
    if (!evidence.ended_before_server_hello() || evidence.client_hello() == nullptr) return std::nullopt;
    const bool ended = evidence.ended<WeClosed>() || evidence.ended<WeReset>();
    const auto silence = silence_at_end(*evidence.wire);
    const bool waited = !ended && silence >= kPatience;
    if (waited && server_heard_the_end(*evidence.wire))
        return found(kCause, Confidence::likely, evidence,
                     {"the server said nothing and answered the client's FIN: it waited for something else"});
    if (ended || silence >= kShortPatience) return found(kCause, Confidence::possible, evidence);
    return std::nullopt;
}

} // namespace

std::optional<Finding> rule_not_tls(const Evidence& evidence)
{
    if (!evidence.has_wire()) {
        if (words(evidence, {"not-tls"}) >= Words::among)
            return found(kCause, unless_vague(evidence, Confidence::likely), evidence);
        const bool may_be = words(evidence, {"closed", "reset", "timeout"}) == Words::exact;
        return may_be ? std::optional(found(kCause, Confidence::possible, evidence)) : std::nullopt;
    }
    if (const auto& client = evidence.wire->not_tls) {
        const bool plain = client->kind == NotTlsKind::http;
        return found(
            kCause, plain ? Confidence::certain : Confidence::possible, evidence,
            {fmt::format("the client sent no TLS record ({})", name(client->kind)), first_line(client->first_bytes)});
    }
    const auto* bytes = first_other_bytes(evidence);
    if (bytes == nullptr) return by_silence_or_end(evidence);
    if (bytes->phase > Phase::before_server_hello) return std::nullopt; // the service began in TLS
    // What the server says then answers the client's own alert: it gave up before it had offered anything.
    if (evidence.client_hello() == nullptr && evidence.alert && evidence.alert_from == Direction::client_to_server)
        return std::nullopt;
    return found(kCause, has_another_reading(bytes->first_bytes) ? Confidence::likely : Confidence::certain, evidence,
                 {fmt::format("the server answered with {} bytes that are no TLS record", bytes->total),
                  first_line(bytes->first_bytes)});
}

} // namespace alert40
