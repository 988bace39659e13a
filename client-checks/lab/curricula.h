// SPDX-License-Identifier: GPL-2.0-or-later
// Curricula: curricula/<id>.toml says, step by step, what a room looks at, does, is asked and takes away, and what the
// trainer has to know. A step shows one scenario, or is an exercise with a hidden one.
#pragma once

#include "scenarios/loader/cause.h"
#include "scenarios/loader/scenario.h"

#include <set>

namespace alert40 {

/// How many causes of the catalogue end as the hidden one does: see exercise_pool.h.
constexpr int kLeastLevel = 1;
constexpr int kMostLevel = 3;

/// Of which kind a hidden scenario is; what is not said is left to chance.
struct HiddenChoice {
    std::optional<Located<std::string>> family; // a folder of scenarios/
    std::optional<Located<std::string>> cause;
    std::optional<int> level; // kLeastLevel to kMostLevel
};

/// A command of a step. Its placeholders are those of the cause pages: {host} {port} {server_name} {ca} {client_cert}
/// {client_key}, and on the server {server_cert} {server_key}.
struct CurriculumCommand {
    std::string command;
    std::string shows;
    std::string expect;            // a regular expression that the output matches; a test runs every command
    Located<std::string> scenario; // empty: the step's
    bool fixed = false;            // against the fixed twin
};

struct CurriculumQuestion {
    std::string ask;
    std::string answer;
};

struct CurriculumStep {
    std::string title;
    int minutes = 0;
    Located<std::string> scenario; // empty: `hidden` is there
    std::vector<Located<std::string>> beside;
    std::optional<HiddenChoice> hidden;
    std::string look;  // on the ladder
    std::string point; // to take away
    std::string notes; // the trainer's
    std::vector<CurriculumCommand> commands;
    std::vector<CurriculumQuestion> questions;
    SourcePos where;
};

struct Curriculum {
    std::string id; // the file's name
    std::string title;
    std::string summary;
    std::string audience;
    std::string prepare; // the trainer's
    std::vector<CurriculumStep> steps;

    int minutes() const;
};

/// Reads one; `id` as given, `name` is used in positions. Throws InputError.
Curriculum parse_curriculum(std::string_view text, std::string_view name, std::string_view id);

/// Reads <data>/client-checks/lab/curricula, sorted by id. Throws InputError, with its place, also for a scenario,
/// family or cause that the data does not have.
std::vector<Curriculum> load_curricula(const std::filesystem::path& data, const CauseCatalogue& causes);

/// Throws InputError for a name that is none of these.
void check_names(const Curriculum& curriculum, const std::set<std::string>& scenarios, const CauseCatalogue& causes);

} // namespace alert40
