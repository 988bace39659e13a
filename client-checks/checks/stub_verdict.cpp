// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/checks/stub_verdict.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

/// Takes the last line that is not empty off `text`.
std::string_view take_last_line(std::string_view& text)
{
    constexpr std::string_view kSpace = " \t\r\n";
    const auto last = text.find_last_not_of(kSpace);
    if (last == std::string_view::npos) return text = {};
    text = text.substr(0, last + 1);
    const auto begin = text.find_last_of('\n') + 1; // npos + 1 is 0
    auto line = text.substr(begin);
    line.remove_prefix(line.find_first_not_of(kSpace));
    text = text.substr(0, begin);
    return line;
}

} // namespace

StubVerdict read_stub_verdict(std::string_view output)
{
    constexpr std::size_t kMostQuoted = 200;
    const auto line = take_last_line(output);
    const auto kind = line == "ACCEPT"        ? StubVerdict::Kind::accept
                      : line == "REJECT"      ? StubVerdict::Kind::reject
                      : line == "UNSUPPORTED" ? StubVerdict::Kind::unsupported
                                              : StubVerdict::Kind::none;
    if (kind == StubVerdict::Kind::none)
        return {kind,
                fmt::format("(its last line is '{}', not ACCEPT, REJECT or UNSUPPORTED)", line.substr(0, kMostQuoted))};
    const auto context = take_last_line(output);
    return {kind, std::string(context.empty() ? line : context)};
}

} // namespace alert40
