// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/curricula.h"

#include "scenarios/loader/catalogue.h"
#include "scenarios/loader/data_files.h"
#include "scenarios/loader/fields.h"

#include <numeric>

namespace alert40 {

template <> struct Codec<HiddenChoice> {
    static HiddenChoice read(const TomlValue& value)
    {
        static const Fields<HiddenChoice> fields = {
            field("family", &HiddenChoice::family, "A folder of scenarios/"),
            field("cause", &HiddenChoice::cause, "A cause's id"),
            {"level", "1 to 3: how many causes end so",
             [](const TomlValue& level, HiddenChoice& choice) {
                 choice.level = static_cast<int>(read_integer(level, kLeastLevel, kMostLevel));
             },
             [] {
                 return nlohmann::json{{"type", "integer"}};
             }},
        };
        return read_table(value.as_table(), fields);
    }
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

template <> struct Codec<CurriculumCommand> {
    static CurriculumCommand read(const TomlValue& value)
    {
        static const Fields<CurriculumCommand> fields = {
            field("command", &CurriculumCommand::command, "What the room runs").require(),
            field("shows", &CurriculumCommand::shows, "What to look for in its output").require(),
            field("expect", &CurriculumCommand::expect, "A regular expression that its output matches").require(),
            field("scenario", &CurriculumCommand::scenario, "What it is run against; else the step's"),
            field("fixed", &CurriculumCommand::fixed, "Whether it is run against the fixed twin"),
        };
        return read_table(value.as_table(), fields);
    }
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

template <> struct Codec<CurriculumQuestion> {
    static CurriculumQuestion read(const TomlValue& value)
    {
        static const Fields<CurriculumQuestion> fields = {
            field("ask", &CurriculumQuestion::ask, "The question").require(),
            field("answer", &CurriculumQuestion::answer, "Its answer, for the trainer").require(),
        };
        return read_table(value.as_table(), fields);
    }
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

namespace {

constexpr int kLongestStep = 240; // minutes

const Fields<CurriculumStep>& step_fields()
{
    static const Fields<CurriculumStep> fields = {
        field("title", &CurriculumStep::title, "One line").require(),
        Field<CurriculumStep>{"minutes", "How long it takes",
                              [](const TomlValue& value, CurriculumStep& step) {
                                  step.minutes = static_cast<int>(read_integer(value, 1, kLongestStep));
                              },
                              [] {
                                  return nlohmann::json{{"type", "integer"}};
                              }}
            .require(),
        field("scenario", &CurriculumStep::scenario, "The scenario that is shown"),
        field("beside", &CurriculumStep::beside, "Further scenarios, to compare"),
        field("hidden", &CurriculumStep::hidden, "In the place of a scenario: an exercise of this kind"),
        field("look", &CurriculumStep::look, "What to look for on the ladder").require(),
        field("point", &CurriculumStep::point, "What to take away").require(),
        field("notes", &CurriculumStep::notes, "For the trainer").require(),
        field("do", &CurriculumStep::commands, "What the room runs"),
        field("question", &CurriculumStep::questions, "What the room is asked"),
    };
    return fields;
}

CurriculumStep read_step(const TomlValue& value)
{
    CurriculumStep step = read_table(value.as_table(), step_fields());
    step.where = value.where;
    if (step.scenario.value.empty() != step.hidden.has_value())
        throw InputError(value.where, "a step has either a scenario or hidden",
                         "scenario = \"cipher/...\" is shown; hidden = { level = 2 } is an exercise");
    for (const auto& each : step.commands)
        if (step.scenario.value.empty() && each.scenario.value.empty())
            throw InputError(value.where, "a command of a hidden step names its scenario", "scenario = \"cipher/...\"");
    return step;
}

} // namespace

template <> struct Codec<CurriculumStep> {
    static CurriculumStep read(const TomlValue& value) { return read_step(value); }
    static nlohmann::json schema() { return schema_of(step_fields()); }
};

namespace {

Curriculum read_curriculum(const TomlTable& document, std::string_view id)
{
    static const Fields<Curriculum> fields = {
        field("title", &Curriculum::title, "One line").require(),
        field("summary", &Curriculum::summary, "What it is about").require(),
        field("audience", &Curriculum::audience, "Whom it is for").require(),
        field("prepare", &Curriculum::prepare, "What the trainer does before").require(),
        field("step", &Curriculum::steps, "One step").require(),
    };
    Curriculum curriculum = read_table(document, fields);
    curriculum.id = id;
    if (curriculum.steps.empty()) throw InputError(document.where, "a curriculum has steps", "[[step]]");
    return curriculum;
}

void check_name(const Located<std::string>& name, std::string_view what, const std::set<std::string>& known)
{
    if (name.value.empty() || known.contains(name.value)) return;
    throw InputError(name.where, fmt::format("unknown {} '{}'", what, name.value),
                     hint_for(name.value, std::vector<std::string>(known.begin(), known.end())));
}

} // namespace

int Curriculum::minutes() const
{
    return std::accumulate(steps.begin(), steps.end(), 0, [](int sum, const auto& step) { return sum + step.minutes; });
}

Curriculum parse_curriculum(std::string_view text, std::string_view name, std::string_view id)
{
    return read_curriculum(parse_toml(text, name), id);
}

void check_names(const Curriculum& curriculum, const std::set<std::string>& scenarios, const CauseCatalogue& causes)
{
    std::set<std::string> families, known_causes;
    for (const auto& id : scenarios) families.insert(id.substr(0, id.find('/')));
    for (const auto& [id, cause] : causes) known_causes.insert(id);
    for (const auto& step : curriculum.steps) {
        check_name(step.scenario, "scenario", scenarios);
        for (const auto& each : step.beside) check_name(each, "scenario", scenarios);
        for (const auto& each : step.commands) check_name(each.scenario, "scenario", scenarios);
        if (step.hidden && step.hidden->family) check_name(*step.hidden->family, "family", families);
        if (step.hidden && step.hidden->cause) check_name(*step.hidden->cause, "cause", known_causes);
    }
}

std::vector<Curriculum> load_curricula(const std::filesystem::path& data, const CauseCatalogue& causes)
{
    std::set<std::string> scenarios;
    for (const auto& file : scenario_files(data))
        scenarios.insert(file.parent_path().filename().string() + "/" + file.stem().string());
    std::vector<Curriculum> curricula;
    for (const auto& path : toml_files(data / "client-checks" / "lab" / "curricula")) {
        curricula.push_back(read_curriculum(parse_toml_file(path), path.stem().string()));
        check_names(curricula.back(), scenarios, causes);
    }
    return curricula;
}

} // namespace alert40
