// SPDX-License-Identifier: GPL-2.0-or-later
// What a TryTLS stub prints (https://github.com/ouspg/trytls/tree/master/stubs): some context, and as its last line
// ACCEPT, REJECT or UNSUPPORTED.
#pragma once

#include <string>
#include <string_view>

namespace alert40 {

struct StubVerdict {
    enum class Kind { accept, reject, unsupported, none };
    Kind kind = Kind::none;
    std::string text; // the last line before the verdict; where there is no verdict, what was found in its place
};

StubVerdict read_stub_verdict(std::string_view output);

} // namespace alert40
