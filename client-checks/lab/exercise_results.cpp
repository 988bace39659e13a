// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/exercise_results.h"

#include <ctime>
#include <fmt/format.h>

namespace alert40 {

std::string utc_text(std::chrono::system_clock::time_point time)
{
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                       utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::vector<std::string> result_columns()
{
    return {"exercise", "learner", "curriculum", "step", "level", "started", "seconds",       "state",
            "scenario", "cause",   "answered",   "fix",  "asked", "cost",    "wrong_answers", "score"};
}

std::vector<std::string> result_cells(const ResultRow& row)
{
    std::string asked;
    for (const auto& kind : row.asked) asked += (asked.empty() ? "" : " ") + kind;
    const std::string fix = row.state != "solved" ? "" : row.fix_right ? "right" : "wrong";
    return {row.exercise,
            row.learner,
            row.curriculum,
            row.step == 0 ? "" : std::to_string(row.step),
            std::to_string(row.level),
            utc_text(row.started),
            std::to_string(row.took.count()),
            row.state,
            row.scenario,
            row.cause,
            row.answered,
            fix,
            asked,
            std::to_string(row.cost),
            std::to_string(row.wrong_answers),
            std::to_string(row.score)};
}

std::string csv_field(std::string text)
{
    if (!text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos)
        text.insert(text.begin(), '\'');
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char letter : text) quoted += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    return quoted + "\"";
}

std::string results_csv(const std::vector<ResultRow>& rows)
{
    std::string text;
    const auto add_line = [&](const std::vector<std::string>& cells) {
        for (std::size_t at = 0; at < cells.size(); ++at) text += (at == 0 ? "" : ",") + csv_field(cells[at]);
        text += "\r\n";
    };
    add_line(result_columns());
    for (const auto& row : rows) add_line(result_cells(row));
    return text;
}

} // namespace alert40
