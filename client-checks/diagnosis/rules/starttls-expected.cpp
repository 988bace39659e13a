// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/silence.h"
#include "client-checks/diagnosis/words.h"

#include <algorithm>

namespace alert40 {
namespace {

constexpr auto kCause = "starttls-expected";

/// Which protocol such bytes begin, where that one has a way to ask for TLS; empty: none that is known.
std::string greeting(ByteView bytes)
{
    const std::string text = to_text(bytes);
    if (text.starts_with("220")) return "a greeting of SMTP or FTP (RFC 5321, RFC 959)";
    if (text.starts_with("* OK")) return "a greeting of IMAP (RFC 9051)";
    if (text.starts_with("+OK")) return "a greeting of POP3 (RFC 1939)";
    if (text.starts_with("<stream:") || text.starts_with("<?xml")) return "a stream of XMPP (RFC 6120)";
    // Protocol::HandshakeV10: a length of 3 octets, sequence number 0, protocol version 10.
    if (bytes.size() > 5 && bytes[3] == 0 && bytes[4] == 10) return "a greeting of MySQL";
    // ErrorResponse: 'E', a length of 4 octets, then fields, the severity first.
    if (bytes.size() > 6 && bytes[0] == 'E' && bytes[1] == 0 && bytes[5] == 'S') return "an error of PostgreSQL";
    return "";
}

} // namespace

std::optional<Finding> rule_starttls_expected(const Evidence& evidence)
{
    if (!evidence.has_wire())
        return words(evidence, {"not-tls"}) >= Words::among
                   ? std::optional(found(kCause, Confidence::possible, evidence))
                   : std::nullopt;
    if (evidence.outcome->phase > Phase::before_server_hello) return std::nullopt;
    for (const auto& event : evidence.wire->events) {
        const auto* bytes = std::get_if<OtherBytes>(&event);
        if (bytes == nullptr || bytes->direction != Direction::server_to_client) continue;
        const auto known = greeting(bytes->first_bytes);
        if (!known.empty()) return found(kCause, Confidence::likely, evidence, {"the server sent " + known});
    }
    const bool silent = silence_at_end(*evidence.wire) >= kShortPatience || evidence.means_only("timeout");
    const bool ended = evidence.ended<PeerClosed>() || evidence.ended<PeerReset>() || evidence.ended<Expired>();
    if (silent && ended) return found(kCause, Confidence::possible, evidence);
    return std::nullopt;
}

} // namespace alert40
