// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/inspection.h"

#include <algorithm>
#include <cctype>

namespace alert40 {

std::string inspection_word(std::string_view issuer)
{
    constexpr std::string_view kWords[] = {"inspection",  "proxy",     "firewall",  "gateway",  "zscaler",
                                           "fortinet",    "fortigate", "squid",     "bluecoat", "forcepoint",
                                           "netskope",    "mitmproxy", "kaspersky", "avast",    "eset",
                                           "bitdefender", "sophos",    "palo alto", "filter",   "middlebox"};
    std::string lower(issuer);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const auto word : kWords)
        if (lower.find(word) != std::string::npos) return std::string(word);
    return "";
}

bool is_inspection_alone(std::string_view word)
{
    constexpr std::string_view kShared[] = {"", "proxy", "firewall", "gateway", "filter", "middlebox"};
    return std::find(std::begin(kShared), std::end(kShared), word) == std::end(kShared);
}

} // namespace alert40
