// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/silence.h"
#include "client-checks/diagnosis/words.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

// What a TCP segment carries on Ethernet: 1500 less 40 of headers and 12 of timestamps (RFC 7323).
constexpr std::size_t kOneSegment = 1448;
constexpr std::size_t kRecordHeader = 5;

/// What the client sent until somebody else did something, headers of the records included.
std::size_t octets_of_hello(const Transcript& wire)
{
    std::size_t octets = 0;
    for (const auto& event : wire.events) {
        const auto* record = std::get_if<RecordEvent>(&event);
        if (record == nullptr || record->direction != Direction::client_to_server) break;
        if (record->type == ContentType::handshake) octets += record->length + kRecordHeader;
    }
    return octets;
}

} // namespace

/// Every browser of today sends such a ClientHello (a key share of X25519MLKEM768 alone has 1,216 octets): it says
/// little where a server closes, which is how an application refuses; what cannot take two segments resets or waits for
/// ever.
std::optional<Finding> rule_large_client_hello_intolerance(const Evidence& evidence)
{
    if (evidence.client_hello() == nullptr || !evidence.ended_before_server_hello()) return std::nullopt;
    const bool lost =
        evidence.ended<WeReset>() || silence_at_end(*evidence.wire) >= kPatience || evidence.means_only("timeout");
    const auto length = octets_of_hello(*evidence.wire);
    if ((!lost && !evidence.ended<WeClosed>()) || length <= kOneSegment) return std::nullopt;
    return found("large-client-hello-intolerance", lost ? Confidence::likely : Confidence::possible, evidence,
                 {fmt::format("the ClientHello has {} octets, more than one segment carries", length)});
}

} // namespace alert40
