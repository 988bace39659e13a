// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/silence.h"
#include "client-checks/diagnosis/words.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

// What a TCP segment carries on Ethernet: 1500 less 40 of headers and 12 of timestamps (RFC 7323).
constexpr std::size_t kOneSegment = 1448;
constexpr std::size_t kHeaders = 9; // of the record and of the handshake message

} // namespace

std::optional<Finding> rule_large_client_hello_intolerance(const Evidence& evidence)
{
    const auto* hello = evidence.client_hello();
    if (hello == nullptr || !evidence.ended_before_server_hello()) return std::nullopt;
    const bool refused = evidence.ended<WeClosed>() || evidence.ended<WeReset>() ||
                         silence_at_end(*evidence.wire) >= kPatience || evidence.means_only("timeout");
    const auto length = compose_client_hello(*hello).size() + kHeaders;
    if (!refused || length <= kOneSegment) return std::nullopt;
    return found("large-client-hello-intolerance", Confidence::likely, evidence,
                 {fmt::format("the ClientHello has {} octets, more than one segment carries", length)});
}

} // namespace alert40
