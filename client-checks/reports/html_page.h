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

/// Of diagnoses: {{style}} (the two styles, one behind the other), {{title}}, {{notes}} and {{body}}, in this order.
struct DiagnosisPage {
    std::string_view page;
    std::string_view style;     // of the HTML report
    std::string_view own_style; // what is added to it
};

DiagnosisPage diagnosis_page();

} // namespace alert40
