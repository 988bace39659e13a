// SPDX-License-Identifier: GPL-2.0-or-later
// One page with everything in it. What clients print gets there as JSON in a script element, with every < escaped, and
// the page puts it into text nodes only; its own policy forbids it to load anything.
#include "client-checks/reports/formats.h"
#include "client-checks/reports/html_page.h"
#include "client-checks/reports/words.h"

#include <nlohmann/json.hpp>
#include <unordered_map>

namespace alert40 {
namespace {

using nlohmann::json;

/// Texts that stand once and are meant by number: clients say the same in hundreds of cells.
class Texts {
public:
    Texts() { number(""); }
    std::size_t number(const std::string& text)
    {
        const auto [there, added] = numbers_.emplace(text, all_.size());
        if (added) all_.push_back(text);
        return there->second;
    }
    json numbers(const std::vector<std::string>& texts)
    {
        json list = json::array();
        for (const auto& text : texts) list.push_back(number(text));
        return list;
    }
    const json& all() const { return all_; }

private:
    std::unordered_map<std::string, std::size_t> numbers_;
    json all_ = json::array();
};

json command_words(const ResultCommand& command, Texts& texts)
{
    json words = json::array();
    for (const auto& [name, value] : command.environment) words.push_back(texts.number(name + "=" + value));
    const std::size_t variables = words.size();
    for (const auto& word : command.argv) words.push_back(texts.number(word));
    return {variables, std::move(words)};
}

json findings_json(const ResultCell& cell, Texts& texts)
{
    json list = json::array();
    for (const auto& finding : cell.findings)
        list.push_back({texts.number(finding.cause), texts.number(finding.confidence), texts.numbers(finding.because)});
    return list;
}

/// In the order in which page.js takes them apart: function cellOf.
json cell_json(const ResultCell& cell, std::size_t client, Texts& texts)
{
    json array = {client,
                  static_cast<int>(cell.verdict),
                  texts.number(cell.word),
                  (cell.known ? 1 : 0) + (cell.accepts ? 2 : 0),
                  cell.ms,
                  texts.numbers(cell.why),
                  texts.numbers(cell.because),
                  texts.number(cell.expected),
                  texts.number(cell.expected_at.text())};
    if (!cell.seen) return array;
    const SeenRun& seen = *cell.seen;
    array.push_back({texts.number(seen.outcome), texts.numbers(seen.wire), texts.numbers(seen.also),
                     texts.number(seen.symptom), texts.number(seen.says), texts.number(steady_words(seen)),
                     texts.number(seen.errors), seen.exit_code, command_words(seen.command, texts),
                     findings_json(cell, texts), texts.numbers(cell.first_class), texts.number(cell.next_test),
                     texts.number(cell.fix ? cell.fix->symptom : ""), cell.connection, cell.further.size() + 1});
    return array;
}

json since_json(const Comparison& since)
{
    json changes = json::array();
    for (const auto& change : since.changes)
        changes.push_back({{"kind", name(change.kind)},
                           {"counts", change.counts},
                           {"scenario", change.scenario},
                           {"client", change.client},
                           {"before", change.before},
                           {"now", change.now}});
    return {{"baseline", since.baseline}, {"started", since.started}, {"known", since.known}, {"changes", changes}};
}

json data_of(const RunResult& result)
{
    Texts texts;
    json data = {{"complete", result.complete},
                 {"interrupted", result.interrupted},
                 {"started", result.started},
                 {"wall", result.wall.count()},
                 {"shard", nullptr},
                 {"clients", json::array()},
                 {"scenarios", json::array()},
                 {"since", result.since ? since_json(*result.since) : json(nullptr)}};
    if (result.shard) data["shard"] = fmt::format("{}/{}", result.shard->index, result.shard->count);
    std::unordered_map<std::string, std::size_t> numbers;
    for (const auto& client : result.clients) {
        numbers.emplace(client.name, numbers.size());
        data["clients"].push_back({{"name", client.name},
                                   {"title", client.title},
                                   {"library", client.library},
                                   {"version", client.version},
                                   {"absent", client.absent}});
    }
    for (const auto& scenario : result.scenarios) {
        json cells = json::array();
        for (const auto& cell : scenario.cells) cells.push_back(cell_json(cell, numbers[cell.client], texts));
        data["scenarios"].push_back({{"name", scenario.name},
                                     {"title", scenario.title},
                                     {"cause", scenario.cause},
                                     {"lesson", scenario.lesson},
                                     {"fix", scenario.fix},
                                     {"cells", std::move(cells)}});
    }
    data["texts"] = texts.all();
    return data;
}

/// JSON that ends no script element and opens no comment in it.
std::string for_script(const json& data)
{
    std::string escaped;
    for (const char letter : data.dump(-1, ' ', false, json::error_handler_t::replace)) {
        if (letter == '<')
            escaped += "\\u003c";
        else
            escaped += letter;
    }
    return escaped;
}

} // namespace

void write_html_report(const RunResult& result, const ReportOptions& /*options*/, std::ostream& out)
{
    const auto [page, style, script] = html_page();
    const auto data = for_script(data_of(result));
    const std::pair<std::string_view, std::string_view> parts[] = {
        {"{{style}}", style}, {"{{data}}", data}, {"{{script}}", script}}; // as they stand in the page
    std::string_view rest = page;
    for (const auto& [mark, text] : parts) {
        const auto at = rest.find(mark);
        out << rest.substr(0, at) << text;
        rest.remove_prefix(at + mark.size());
    }
    out << rest;
}

} // namespace alert40
