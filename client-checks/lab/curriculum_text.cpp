// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/curriculum_text.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

using Json = nlohmann::ordered_json;

Json step_outline(const CurriculumStep& step)
{
    Json json = {{"title", step.title}, {"minutes", step.minutes}, {"hidden", step.hidden.has_value()}};
    if (!step.hidden) json["scenario"] = step.scenario.value;
    if (step.hidden && step.hidden->family) json["family"] = step.hidden->family->value;
    if (step.hidden && step.hidden->level) json["level"] = *step.hidden->level;
    return json; // a hidden cause is not told: it is the answer
}

Json command_json(const CurriculumCommand& command, const CurriculumStep& step)
{
    return {{"command", command.command},
            {"shows", command.shows},
            {"scenario", command.scenario.value.empty() ? step.scenario.value : command.scenario.value},
            {"fixed", command.fixed}};
}

Json step_json(const CurriculumStep& step, bool for_trainer)
{
    Json json = step_outline(step);
    json["beside"] = Json::array();
    for (const auto& each : step.beside) json["beside"].push_back(each.value);
    json["look"] = step.look;
    json["do"] = Json::array();
    for (const auto& each : step.commands) json["do"].push_back(command_json(each, step));
    json["questions"] = Json::array();
    for (const auto& each : step.questions) {
        Json question = {{"ask", each.ask}};
        if (for_trainer) question["answer"] = each.answer;
        json["questions"].push_back(std::move(question));
    }
    json["point"] = step.point;
    if (for_trainer) json["notes"] = step.notes;
    return json;
}

std::string shown_scenarios(const CurriculumStep& step)
{
    if (step.hidden) return "An exercise with a hidden scenario.";
    std::string text = "Scenario: `" + step.scenario.value + "`";
    for (const auto& each : step.beside) text += ", beside it `" + each.value + "`";
    return text + ".";
}

std::string step_handout(const CurriculumStep& step, std::size_t number, bool for_trainer)
{
    std::string text =
        fmt::format("## {}. {} ({} min)\n\n{}\n\n", number, step.title, step.minutes, shown_scenarios(step));
    for (const auto& each : step.commands) {
        const auto& against = each.scenario.value.empty() ? step.scenario.value : each.scenario.value;
        text += fmt::format("    {}\n\nAgainst `{}`{}: {}\n\n", each.command, against,
                            each.fixed ? " with its fix" : "", each.shows);
    }
    text += "**On the ladder.** " + step.look + "\n\n";
    for (const auto& each : step.questions) {
        text += "**Question.** " + each.ask + "\n\n";
        if (for_trainer) text += "**Answer.** " + each.answer + "\n\n";
    }
    text += "**To take away.** " + step.point + "\n\n";
    if (for_trainer) text += "**Trainer.** " + step.notes + "\n\n";
    return text;
}

} // namespace

Json outline_json(const Curriculum& curriculum)
{
    Json json = {{"id", curriculum.id},
                 {"title", curriculum.title},
                 {"summary", curriculum.summary},
                 {"audience", curriculum.audience},
                 {"minutes", curriculum.minutes()},
                 {"steps", Json::array()}};
    for (const auto& step : curriculum.steps) json["steps"].push_back(step_outline(step));
    return json;
}

Json curriculum_json(const Curriculum& curriculum, bool for_trainer)
{
    Json json = outline_json(curriculum);
    if (for_trainer) json["prepare"] = curriculum.prepare;
    json["steps"] = Json::array();
    for (const auto& step : curriculum.steps) json["steps"].push_back(step_json(step, for_trainer));
    return json;
}

std::string handout(const Curriculum& curriculum, bool for_trainer)
{
    std::string text =
        fmt::format("# {}\n\n{}\n\nFor: {} {} minutes in {} steps.\n\n", curriculum.title, curriculum.summary,
                    curriculum.audience, curriculum.minutes(), curriculum.steps.size());
    if (for_trainer) text += "**To prepare.** " + curriculum.prepare + "\n\n";
    std::size_t number = 0;
    for (const auto& step : curriculum.steps) text += step_handout(step, ++number, for_trainer);
    return text;
}

} // namespace alert40
