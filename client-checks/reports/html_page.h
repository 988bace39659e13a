// SPDX-License-Identifier: GPL-2.0-or-later
// The HTML report's page as the build takes it from html/: {{style}}, {{script}} and {{data}} stand for what goes
// there.
#pragma once

#include <string_view>

namespace alert40 {

struct HtmlPage {
    std::string_view page;
    std::string_view style;
    std::string_view script;
};

HtmlPage html_page();

} // namespace alert40
