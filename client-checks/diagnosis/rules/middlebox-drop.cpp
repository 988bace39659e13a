// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/silence.h"
#include "client-checks/diagnosis/words.h"

#include <fmt/format.h>

namespace alert40 {

std::optional<Finding> rule_middlebox_drop(const Evidence& evidence)
{
    const std::string cause = "middlebox-drop";
    if (!evidence.has_wire())
        return evidence.means_only("timeout") ? std::optional(found(cause, Confidence::likely, evidence))
                                              : std::nullopt;
    const bool given_up = evidence.ended<PeerClosed>() || evidence.ended<PeerReset>() || evidence.ended<Expired>();
    const auto silence = silence_at_end(*evidence.wire);
    const bool waited_in_vain = silence >= kPatience || evidence.means_only("timeout");
    const bool before_answer = evidence.ended_before_server_hello() && evidence.client_hello() != nullptr;
    if (!given_up || (!waited_in_vain && !(before_answer && silence >= kShortPatience))) return std::nullopt;
    const auto waited = fmt::format("nothing came for {:.1f} s", std::chrono::duration<double>(silence).count());
    const bool heard = evidence.ended_before_server_hello() && server_heard_the_end(*evidence.wire);
    return found(cause, heard || !waited_in_vain ? Confidence::possible : Confidence::likely, evidence, {waited});
}

} // namespace alert40
