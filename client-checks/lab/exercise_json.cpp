// SPDX-License-Identifier: GPL-2.0-or-later
// Exercises and results as the API tells them: the one place that decides what a learner may know.
#include "client-checks/lab/exercises.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

using Json = nlohmann::ordered_json;

bool may_know(const Exercise& exercise, const Caller& caller)
{
    return caller.is_trainer() || exercise.state != ExerciseState::open;
}

Json attachments_json(const Exercise& exercise)
{
    Json list = Json::array();
    list.push_back({{"kind", "client-output"},
                    {"title", "What " + exercise.run.client.title + " says"},
                    {"text", fmt::format("$ {}\n{}", exercise.run.command, exercise.run.output)}});
    if (exercise.capture_attached)
        list.push_back({{"kind", "capture"},
                        {"title", "A capture at the client, without keys"},
                        {"url", fmt::format("/api/exercises/{}/capture.pcapng", exercise.id)}});
    return list;
}

std::string_view judged(Hit hit)
{
    switch (hit) {
    case Hit::wrong:
        return "wrong";
    case Hit::inseparable:
        return "right, as far as the evidence goes";
    case Hit::exact:
        return "right";
    }
    return "";
}

/// A LISTENER without its scenario.
Json listener_json(const Exercise& exercise)
{
    const RoomListener& listener = exercise.listener;
    if (listener.name.empty()) return nullptr; // closed
    return {{"name", listener.name}, {"addresses", listener.addresses},
            {"port", listener.port}, {"server_name", listener.server_name},
            {"url", listener.url},   {"owner", exercise.learner.empty() ? Json() : Json(exercise.learner)}};
}

Json asked_json(const Exercise& exercise)
{
    Json list = Json::array();
    for (const auto& each : exercise.asked) {
        const auto& offer = offer_of(each.kind);
        list.push_back({{"kind", offer.name},
                        {"title", offer.title},
                        {"cost", offer.cost},
                        {"at", utc_text(each.at)},
                        {"content", each.content}});
    }
    return list;
}

} // namespace

Json Exercises::truth_json(const Exercise& exercise) const
{
    const Scenario& scenario = *exercise.entry->scenario;
    const auto right = std::ranges::find(exercise.choices.fixes, scenario.cause.value, &FixChoice::cause);
    return {{"scenario", scenario.id},          {"title", scenario.title}, {"cause", scenario.cause.value},
            {"lesson", scenario.lesson},        {"fix", right->id},        {"fix_text", right->text},
            {"ends_so", exercise.entry->causes}};
}

Json Exercises::trail_json(const Exercise& exercise) const
{
    Json trail = Json::array();
    const auto add = [&](std::chrono::system_clock::time_point at, Json step) {
        step["at"] = utc_text(at);
        step["seconds"] = std::chrono::duration_cast<std::chrono::seconds>(at - exercise.started).count();
        trail.push_back(std::move(step));
    };
    auto answer = exercise.answers.begin();
    const auto answers_before = [&](std::chrono::system_clock::time_point at) {
        for (; answer != exercise.answers.end() && answer->at <= at; ++answer)
            add(answer->at, {{"what", fmt::format("Answered {}: {}", answer->cause, judged(answer->cause_hit))},
                             {"kind", "answer"},
                             {"cause", answer->cause},
                             {"fix", answer->fix},
                             {"right", answer->cause_hit != Hit::wrong}});
    };
    for (const auto& each : exercise.asked) {
        answers_before(each.at);
        const auto& offer = offer_of(each.kind);
        add(each.at, {{"what", fmt::format("Asked for: {}", offer.title)}, {"kind", offer.name}, {"cost", offer.cost}});
    }
    answers_before(std::chrono::system_clock::time_point::max());
    if (exercise.state == ExerciseState::given_up) add(exercise.ended, {{"what", "Given up"}, {"kind", "given-up"}});
    return trail;
}

Json Exercises::to_json(const Exercise& exercise, const Caller& caller) const
{
    Json json = {{"id", std::to_string(exercise.id)},
                 {"learner", exercise.learner},
                 {"level", exercise.entry->level},
                 {"state", name(exercise.state)},
                 {"started", utc_text(exercise.started)},
                 {"ticket", exercise.ticket},
                 {"client", exercise.run.client.name},
                 {"attachments", attachments_json(exercise)},
                 {"listener", listener_json(exercise)},
                 {"asked", asked_json(exercise)},
                 {"cost", exercise.evidence_cost()},
                 {"wrong_answers", exercise.wrong_answers()},
                 {"score", exercise.state == ExerciseState::open ? Json() : Json(exercise.score.total)},
                 {"curriculum", exercise.curriculum.empty() ? Json() : Json(exercise.curriculum)},
                 {"step", exercise.step == 0 ? Json() : Json(exercise.step)}};
    json["evidence"] = Json::array();
    for (const auto kind : offered(exercise)) {
        const auto& offer = offer_of(kind);
        const bool had = std::ranges::find(exercise.asked, kind, &AskedEvidence::kind) != exercise.asked.end();
        json["evidence"].push_back({{"kind", offer.name},
                                    {"title", offer.title},
                                    {"cost", offer.cost},
                                    {"asked", had},
                                    {"again", offer.again}});
    }
    json["causes"] = Json::array();
    for (const auto& cause : exercise.choices.causes)
        json["causes"].push_back({{"id", cause}, {"title", knowledge_.causes.find(cause)->second.title}});
    json["fixes"] = Json::array();
    for (const auto& fix : exercise.choices.fixes) json["fixes"].push_back({{"id", fix.id}, {"text", fix.text}});
    if (may_know(exercise, caller)) json.update(truth_json(exercise));
    json["why"] = exercise.why;
    json["trail"] = trail_json(exercise);
    return json;
}

Json Exercises::find(const std::string& id, const Caller& caller) const
{
    const std::lock_guard lock(mutex_);
    return to_json(at(id, caller), caller);
}

Json Exercises::list(const Caller& caller) const
{
    const std::lock_guard lock(mutex_);
    Json list = Json::array();
    for (const auto& [id, exercise] : exercises_)
        if (caller.is_trainer() || (caller.kind == Caller::Kind::learner && exercise.learner == caller.name))
            list.push_back(to_json(exercise, caller));
    return {{"exercises", std::move(list)}};
}

std::vector<ResultRow> Exercises::rows(const Caller& caller) const
{
    const std::lock_guard lock(mutex_);
    std::vector<ResultRow> rows;
    for (const auto& [id, exercise] : exercises_) {
        if (!caller.is_trainer() && (caller.kind != Caller::Kind::learner || exercise.learner != caller.name)) continue;
        const bool open = exercise.state == ExerciseState::open;
        const auto until = open ? std::chrono::system_clock::now() : exercise.ended;
        ResultRow& row = rows.emplace_back();
        row.exercise = std::to_string(id);
        row.learner = exercise.learner;
        row.curriculum = exercise.curriculum;
        row.step = exercise.step;
        row.level = exercise.entry->level;
        row.started = exercise.started;
        row.took = std::chrono::duration_cast<std::chrono::seconds>(until - exercise.started);
        row.state = name(exercise.state);
        if (may_know(exercise, caller)) {
            row.scenario = exercise.entry->scenario->id;
            row.cause = exercise.entry->scenario->cause.value;
        }
        if (!exercise.answers.empty()) row.answered = exercise.answers.back().cause;
        row.fix_right = !exercise.answers.empty() && exercise.answers.back().fix_hit == Hit::exact;
        for (const auto& each : exercise.asked) row.asked.emplace_back(offer_of(each.kind).name);
        row.cost = exercise.evidence_cost();
        row.wrong_answers = exercise.wrong_answers();
        row.score = exercise.score.total;
    }
    return rows;
}

Json Exercises::results(const Caller& caller) const
{
    if (caller.kind == Caller::Kind::nobody)
        throw Problem(401, "Who are you?", "Results are a learner's own, or the trainer's: send the token");
    Json list = Json::array();
    const auto columns = result_columns();
    for (const auto& row : rows(caller)) {
        const auto cells = result_cells(row);
        Json json;
        for (std::size_t at = 0; at < columns.size(); ++at) json[columns[at]] = cells[at];
        json["score"] = row.score;
        json["cost"] = row.cost;
        json["level"] = row.level;
        json["seconds"] = row.took.count();
        list.push_back(std::move(json));
    }
    return {{"columns", columns}, {"results", std::move(list)}};
}

std::string Exercises::results_csv(const Caller& caller) const
{
    if (caller.kind == Caller::Kind::nobody)
        throw Problem(401, "Who are you?", "Results are a learner's own, or the trainer's: send the token");
    return alert40::results_csv(rows(caller));
}

} // namespace alert40
