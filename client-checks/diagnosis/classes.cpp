// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/classes.h"

#include <algorithm>

namespace alert40 {

bool holds_for(const IndistinguishableClass& each, bool has_wire, bool has_text)
{
    if (each.evidence == "text") return has_text && !has_wire;
    if (each.evidence == "wire") return has_wire && !has_text;
    return true; // what both together cannot separate, neither can alone
}

bool has_cause(const IndistinguishableClass& each, std::string_view cause)
{
    return std::any_of(each.causes.begin(), each.causes.end(), [&](const auto& known) { return known.value == cause; });
}

std::vector<std::string> first_class(const std::vector<Finding>& findings,
                                     const std::vector<IndistinguishableClass>& classes, bool has_wire, bool has_text)
{
    std::vector<std::string> causes;
    if (findings.empty()) return causes;
    const Finding& top = findings.front();
    const auto beside = [&](const Finding& other) {
        if (other.confidence == top.confidence) return true;
        if (top.confidence == Confidence::certain) return false; // no other cause leaves this evidence
        return std::any_of(classes.begin(), classes.end(), [&](const auto& each) {
            return holds_for(each, has_wire, has_text) && has_cause(each, top.cause) && has_cause(each, other.cause);
        });
    };
    for (const auto& finding : findings)
        if (beside(finding)) causes.push_back(finding.cause);
    return causes;
}

bool falsely_certain(const std::vector<Finding>& findings, std::string_view cause)
{
    return std::any_of(findings.begin(), findings.end(), [&](const auto& finding) {
        return finding.confidence == Confidence::certain && finding.cause != cause;
    });
}

} // namespace alert40
