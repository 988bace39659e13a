// SPDX-License-Identifier: GPL-2.0-or-later
// Written here and not by a script in the page, as the result of a run is: there is little of it, and it can be mailed
// to somebody whose reader runs none. Every text goes through escaped().
#include "client-checks/reports/diagnosis_html.h"

#include "client-checks/reports/diagnosis_report.h"
#include "client-checks/reports/html_page.h"
#include "client-checks/reports/printable.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <nlohmann/json.hpp>

namespace alert40 {
namespace {

/// What others wrote need not be UTF-8: such octets become U+FFFD.
std::string utf8(const std::string& text)
{
    const auto quoted = nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return nlohmann::json::parse(quoted).get<std::string>();
}

std::string escaped(const std::string& text)
{
    std::string safe;
    for (const char letter : utf8(printable(text))) {
        switch (letter) {
        case '&':
            safe += "&amp;";
            break;
        case '<':
            safe += "&lt;";
            break;
        case '>':
            safe += "&gt;";
            break;
        case '"':
            safe += "&quot;";
            break;
        case '\'':
            safe += "&#39;";
            break;
        default:
            safe += letter;
        }
    }
    return safe;
}

std::string_view badge_of(DiagnosisState state)
{
    switch (state) {
    case DiagnosisState::healthy:
        return "pass";
    case DiagnosisState::cause_found:
        return "fail";
    case DiagnosisState::undetermined:
        return "known";
    }
    return "";
}

std::string title_of(const std::string& cause, const Knowledge& knowledge)
{
    const auto page = knowledge.causes.find(cause);
    return page == knowledge.causes.end() ? cause : page->second.title;
}

void write_list(std::string_view title, const std::vector<std::string>& sentences, std::ostream& out)
{
    if (sentences.empty()) return;
    fmt::print(out, "<section><h3>{}</h3><ul>\n", title);
    for (const auto& sentence : sentences) fmt::print(out, "<li>{}</li>\n", escaped(sentence));
    fmt::print(out, "</ul></section>\n");
}

void write_reasons(std::string_view word, const std::vector<std::string>& sentences, std::ostream& out)
{
    for (const auto& sentence : sentences)
        fmt::print(out, "<li><span class=\"quiet\">{}</span> {}</li>\n", word, escaped(sentence));
}

void write_findings(const Diagnosis& diagnosis, const Knowledge& knowledge, std::ostream& out)
{
    if (diagnosis.findings.empty()) return;
    fmt::print(out, "<section><h3>Causes, the most likely first</h3><ol class=\"causes\">\n");
    for (const auto& finding : diagnosis.findings) {
        const auto confidence = std::string(name(finding.confidence));
        fmt::print(out, "<li><b>{}</b> <code>{}</code> <span class=\"badge {}\">{}</span>\n<ul>\n",
                   escaped(title_of(finding.cause, knowledge)), escaped(finding.cause), confidence, confidence);
        write_reasons("because", finding.because, out);
        write_reasons("not", finding.excludes, out);
        fmt::print(out, "</ul></li>\n");
    }
    fmt::print(out, "</ol></section>\n");
}

/// A step begins with > for the client's, < for the server's, and with dots where nothing happened.
void write_ladder(const std::vector<std::string>& ladder, std::ostream& out)
{
    if (ladder.empty()) return;
    fmt::print(out, "<section><h3>The wire</h3><ol class=\"ladder\">"
                    "<li class=\"ends\"><span>client</span><span>server</span></li>\n");
    for (const auto& step : ladder) {
        const bool client = step.starts_with("> ");
        const bool server = step.starts_with("< ");
        fmt::print(out, "<li class=\"step {}\"><span>{}</span><i></i></li>\n",
                   client   ? "client"
                   : server ? "server"
                            : "pause",
                   escaped(client || server ? step.substr(2) : step));
    }
    fmt::print(out, "</ol></section>\n");
}

void write_rests_on(const Diagnosis& diagnosis, std::ostream& out)
{
    if (diagnosis.rests_on.empty()) return;
    fmt::print(out, "<section><h3>Rests on</h3><ul>\n");
    for (const auto& each : diagnosis.rests_on)
        fmt::print(out, "<li><code>{}:{}</code> <span class=\"words\">{}</span></li>\n", escaped(each.file), each.line,
                   escaped(each.text));
    fmt::print(out, "</ul></section>\n");
}

void write_says(const Diagnosis& diagnosis, std::ostream& out)
{
    if (diagnosis.says.empty()) return;
    fmt::print(out, "<section><h3>In its own words</h3>\n");
    for (const auto& says : diagnosis.says) fmt::print(out, "<pre>{}</pre>\n", escaped(says));
    fmt::print(out, "</section>\n");
}

void write_fix(const Diagnosis& diagnosis, std::ostream& out)
{
    if (diagnosis.fix.empty()) return;
    fmt::print(out, "<section><h3>Fix</h3><table class=\"list stack\"><tbody>\n");
    for (const auto& [software, text] : diagnosis.fix)
        fmt::print(out, "<tr><th scope=\"row\">{}</th><td class=\"words\">{}</td></tr>\n", escaped(software),
                   escaped(text));
    fmt::print(out, "</tbody></table></section>\n");
}

void write_next_test(const Diagnosis& diagnosis, std::ostream& out)
{
    if (diagnosis.next_test.empty()) return;
    fmt::print(out, "<section><h3>The test that decides</h3><pre>{}</pre></section>\n", escaped(diagnosis.next_test));
}

void write_diagnosis(const Diagnosis& diagnosis, std::size_t number, const Knowledge& knowledge, std::ostream& out)
{
    const std::string state(name(diagnosis.state));
    fmt::print(out, "<article class=\"card diagnosis\" id=\"d{}\">\n<p class=\"quiet\">{}</p>\n", number,
               escaped(diagnosis.subject.text));
    fmt::print(out, "<h2>{} <span class=\"badge {}\">{}</span></h2>\n<p class=\"verdict\">{}</p>\n",
               escaped(headline_of(diagnosis, knowledge)), badge_of(diagnosis.state), escaped(state),
               escaped(diagnosis.verdict));
    write_list("Proof", diagnosis.proof, out);
    write_findings(diagnosis, knowledge, out);
    write_says(diagnosis, out);
    write_rests_on(diagnosis, out);
    write_ladder(diagnosis.ladder, out);
    write_list("Beside that", diagnosis.notes, out);
    write_list("Not known", diagnosis.unknown, out);
    write_next_test(diagnosis, out);
    write_fix(diagnosis, out);
    fmt::print(out, "</article>\n");
}

void write_table(const DiagnosisPageHead& head, std::ostream& out)
{
    if (head.rows.empty()) return;
    fmt::print(out, "<div class=\"frame\"><table class=\"list stack\"><thead><tr>");
    for (const auto& column : head.columns) fmt::print(out, "<th scope=\"col\">{}</th>", escaped(column));
    fmt::print(out, "</tr></thead><tbody>\n");
    for (const auto& row : head.rows) {
        fmt::print(out, "<tr>");
        for (std::size_t place = 0; place < row.texts.size(); ++place) {
            const bool last = place + 1 == row.texts.size();
            const auto text = escaped(row.texts[place]);
            const auto linked =
                last && row.target ? fmt::format("<a href=\"#d{}\">{}</a>", *row.target + 1, text) : text;
            fmt::print(out, "<td data-label=\"{}\">{}</td>",
                       place < head.columns.size() ? escaped(head.columns[place]) : "",
                       last ? fmt::format("<span class=\"mark {}\"></span> {}", escaped(row.kind), linked) : linked);
        }
        fmt::print(out, "</tr>\n");
    }
    fmt::print(out, "</tbody></table></div>\n");
}

void write_body(const std::vector<Diagnosis>& diagnoses, const Knowledge& knowledge, const DiagnosisPageHead& head,
                std::ostream& out)
{
    for (std::size_t index = 0; index < diagnoses.size(); ++index)
        write_diagnosis(diagnoses[index], index + 1, knowledge, out);
    if (!head.rows.empty()) fmt::print(out, "<h2 class=\"part\">Connections</h2>\n");
    write_table(head, out);
}

} // namespace

void write_diagnoses_html(const std::vector<Diagnosis>& diagnoses, const Knowledge& knowledge,
                          const DiagnosisPageHead& head, std::ostream& out)
{
    const auto [page, style, own_style] = diagnosis_page();
    const auto title = !head.title.empty() ? head.title : diagnoses.empty() ? "" : diagnoses.front().subject.text;
    std::string_view rest = page;
    const auto up_to = [&](std::string_view mark) {
        const auto at = rest.find(mark);
        out << rest.substr(0, at);
        rest.remove_prefix(at + mark.size());
    };
    up_to("{{style}}");
    out << style << own_style;
    up_to("{{title}}");
    out << escaped(title);
    up_to("{{notes}}");
    if (!head.notes.empty()) out << "<ul class=\"notes\">\n";
    for (const auto& note : head.notes) out << "<li>" << escaped(note) << "</li>\n";
    if (!head.notes.empty()) out << "</ul>\n";
    up_to("{{body}}");
    write_body(diagnoses, knowledge, head, out);
    out << rest;
}

} // namespace alert40
