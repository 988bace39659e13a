// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/next_test.h"

#include <algorithm>

namespace alert40 {
namespace {

/// The class of `causes.front()` that holds the most of `causes`; the first among equals, nullptr where none holds two.
const IndistinguishableClass* widest_class(const std::vector<std::string>& causes,
                                           const std::vector<IndistinguishableClass>& classes, bool has_wire,
                                           bool has_text)
{
    const IndistinguishableClass* widest = nullptr;
    std::ptrdiff_t most = 1;
    for (const auto& each : classes) {
        if (!holds_for(each, has_wire, has_text) || !has_cause(each, causes.front())) continue;
        const auto held =
            std::count_if(causes.begin(), causes.end(), [&](const auto& cause) { return has_cause(each, cause); });
        if (held <= most) continue;
        most = held;
        widest = &each;
    }
    return widest;
}

} // namespace

std::string next_test(const std::vector<Finding>& findings, const std::vector<IndistinguishableClass>& classes,
                      const CauseCatalogue& causes, bool has_wire, bool has_text)
{
    if (findings.empty()) return {};
    const auto first = first_class(findings, classes, has_wire, has_text);
    if (first.size() > 1)
        if (const auto* widest = widest_class(first, classes, has_wire, has_text)) return widest->separate;
    const auto page = causes.find(findings.front().cause);
    return page == causes.end() || page->second.confirm.empty() ? std::string{} : page->second.confirm.front().command;
}

} // namespace alert40
