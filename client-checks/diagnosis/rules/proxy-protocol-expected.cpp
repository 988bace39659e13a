// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/words.h"

namespace alert40 {

std::optional<Finding> rule_proxy_protocol_expected(const Evidence& evidence)
{
    // The PROXY header comes before TLS. A server that waits for it takes the ClientHello for a broken one: nginx
    // resets, HAProxy and others close. Neither says why.
    const bool ended = evidence.ended<WeClosed>() || evidence.ended<WeReset>();
    if (evidence.client_hello() == nullptr || !evidence.ended_before_server_hello() || !ended) return std::nullopt;
    return found("proxy-protocol-expected", Confidence::possible, evidence);
}

} // namespace alert40
