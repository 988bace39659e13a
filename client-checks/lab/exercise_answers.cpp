// SPDX-License-Identifier: GPL-2.0-or-later
// What a learner does with an exercise: asks for evidence, answers, gives up.
#include "client-checks/diagnosis/classes.h"
#include "client-checks/lab/exercises.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace alert40 {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kRepeats = 4;

Problem no_such_exercise(const std::string& id)
{
    return {404, "No such exercise", fmt::format("'{}' is none of yours; GET /api/exercises lists them", id)};
}

template <class Map> auto* find_exercise(Map& exercises, const std::string& id, const Caller& caller)
{
    std::uint64_t number = 0;
    const auto read = std::from_chars(id.data(), id.data() + id.size(), number);
    const auto found =
        read.ec == std::errc() && read.ptr == id.data() + id.size() ? exercises.find(number) : exercises.end();
    const bool own =
        found != exercises.end() &&
        (caller.is_trainer() || (caller.kind == Caller::Kind::learner && found->second.learner == caller.name));
    if (!own) throw no_such_exercise(id);
    return &found->second;
}

Subject subject_of(const Exercise& exercise)
{
    const RoomListener& listener = exercise.listener;
    Subject subject;
    subject.text = fmt::format("exercise {}", exercise.id);
    subject.values["host"] = listener.addresses.empty() ? "127.0.0.1" : listener.addresses.front();
    subject.values["port"] = std::to_string(listener.port);
    if (!listener.server_name.empty()) subject.values["server_name"] = listener.server_name;
    return subject;
}

std::string with_values(std::string text, const Subject& subject)
{
    for (const auto& [name, value] : subject.values) {
        const auto placeholder = "{" + name + "}";
        for (auto at = text.find(placeholder); at != std::string::npos; at = text.find(placeholder, at + value.size()))
            text.replace(at, placeholder.size(), value);
    }
    return text;
}

void require_open(const Exercise& exercise)
{
    if (exercise.state != ExerciseState::open)
        throw Problem(409, "It has ended",
                      fmt::format("Exercise {} is {}; start another one", exercise.id, name(exercise.state)));
}

} // namespace

int Exercise::evidence_cost() const
{
    int cost = 0;
    for (const auto& each : asked) cost += offer_of(each.kind).cost;
    return cost;
}

bool Exercise::has_wire() const
{
    return capture_attached || std::ranges::any_of(asked, [](const auto& each) { return offer_of(each.kind).wire; });
}

bool Exercise::is_decided() const
{
    return std::ranges::any_of(asked, [](const auto& each) { return offer_of(each.kind).decisive; });
}

int Exercise::wrong_answers() const
{
    return static_cast<int>(std::ranges::count(answers, Hit::wrong, &GivenAnswer::cause_hit));
}

Exercise& Exercises::at(const std::string& id, const Caller& caller)
{
    return *find_exercise(exercises_, id, caller);
}

const Exercise& Exercises::at(const std::string& id, const Caller& caller) const
{
    return *find_exercise(exercises_, id, caller);
}

std::vector<EvidenceKind> Exercises::offered(const Exercise& exercise) const
{
    std::vector<EvidenceKind> kinds;
    for (const auto& each : all_evidence()) {
        if (each.kind == EvidenceKind::capture && (exercise.capture_attached || exercise.run.connections.empty()))
            continue;
        if (each.kind == EvidenceKind::customer_account && exercise.entry->level != kMostLevel) continue;
        kinds.push_back(each.kind);
    }
    return kinds;
}

/// Of clients: the room is asked without the mutex, since it waits for them.
Json Exercises::run_content(const Exercise& exercise, EvidenceKind kind)
{
    if (kind == EvidenceKind::repeat) {
        std::vector<RoomRun> runs;
        for (int count = 0; count < kRepeats; ++count) runs.push_back(run(exercise.run.client.name, exercise));
        return runs_text(runs);
    }
    std::size_t skip =
        static_cast<std::size_t>(std::ranges::count(exercise.asked, EvidenceKind::other_client, &AskedEvidence::kind));
    for (const auto& client : exercise.others) {
        const RoomRun made = run(client.name, exercise);
        if (!made.why_not.empty()) continue; // it cannot be asked for this
        if (skip-- > 0) continue;
        const auto said = made.says.empty() ? std::string("It connects.\n") : std::string();
        return {{"title", client.title}, {"text", fmt::format("$ {}\n{}{}", made.command, made.output, said)}};
    }
    throw Problem(409, "There is no other client",
                  "None that is installed here can be asked for this; nothing was noted");
}

Json Exercises::content_of(const Exercise& exercise, EvidenceKind kind)
{
    static const Transcript kNothing;
    const auto* connection = failing_connection(exercise.run);
    const Transcript& wire = connection == nullptr ? kNothing : *connection->transcript;
    const Scenario& scenario = *exercise.entry->scenario;
    const Cause& cause = knowledge_.causes.find(scenario.cause.value)->second;
    switch (kind) {
    case EvidenceKind::customer_account: {
        const auto account = tickets_.account(scenario, cause);
        return account.empty() ? "\"Nothing that we know of.\"\n" : "\"" + account + "\"\n";
    }
    case EvidenceKind::client_hello:
        return client_hello_text(wire);
    case EvidenceKind::server_flight:
        return server_flight_text(wire);
    case EvidenceKind::chain:
        return chain_text(wire);
    case EvidenceKind::capture:
        return {{"url", fmt::format("/api/exercises/{}/capture.pcapng", exercise.id)}};
    case EvidenceKind::ladder:
        return ladder_text(exercise.run);
    case EvidenceKind::server_configuration:
        return configuration_text(scenario.server);
    case EvidenceKind::diagnosis:
        return diagnosis_text(conclude(evidence_of(exercise.run, true), subject_of(exercise), knowledge_), knowledge_);
    case EvidenceKind::repeat:
    case EvidenceKind::other_client:
        break;
    }
    return run_content(exercise, kind);
}

Json Exercises::evidence(const std::string& id, const nlohmann::json& wanted, const Caller& caller)
{
    const auto kind = member<std::string>(wanted, "kind");
    const auto* offer = find_evidence(kind);
    std::vector<std::string> names;
    for (const auto& each : all_evidence()) names.emplace_back(each.name);
    if (offer == nullptr) throw Problem(400, "No such evidence", fmt::format("'{}': {}", kind, hint_for(kind, names)));
    const auto told = [&](const Json& content) -> Json {
        return {{"kind", offer->name}, {"title", offer->title}, {"cost", offer->cost}, {"content", content}};
    };
    Exercise seen;
    {
        const std::lock_guard lock(mutex_);
        const Exercise& exercise = at(id, caller);
        require_open(exercise);
        const auto kinds = offered(exercise);
        if (std::ranges::find(kinds, offer->kind) == kinds.end())
            throw Problem(409, "There is none", fmt::format("Exercise {} has no {} to ask for", id, kind));
        const auto before = std::ranges::find(exercise.asked, offer->kind, &AskedEvidence::kind);
        if (before != exercise.asked.end() && !offer->again) return told(before->content);
        seen = exercise;
    }
    auto content = content_of(seen, offer->kind);
    if (content.is_string()) content = {{"text", std::move(content)}};
    const std::lock_guard lock(mutex_);
    Exercise& exercise = at(id, caller);
    require_open(exercise);
    // Two clicks at once are one request.
    const auto before = std::ranges::find(exercise.asked, offer->kind, &AskedEvidence::kind);
    if (before != exercise.asked.end() && !offer->again) return told(before->content);
    exercise.asked.push_back({offer->kind, std::chrono::system_clock::now(), content});
    return told(content);
}

std::vector<std::string> Exercises::inseparable(const Exercise& exercise) const
{
    const auto& truth = exercise.entry->scenario->cause.value;
    if (exercise.is_decided()) return {truth};
    auto alike = conclude(evidence_of(exercise.run, exercise.has_wire()), {}, knowledge_).first_class;
    if (std::ranges::find(alike, truth) == alike.end()) return {truth};
    return alike;
}

Hit Exercises::hit(const Exercise& exercise, std::string_view cause) const
{
    if (cause == exercise.entry->scenario->cause.value) return Hit::exact;
    const auto alike = inseparable(exercise);
    return std::ranges::find(alike, cause) != alike.end() ? Hit::inseparable : Hit::wrong;
}

std::string Exercises::why(const Exercise& exercise, const GivenAnswer& answer) const
{
    const auto& truth = exercise.entry->scenario->cause.value;
    const Cause& named = knowledge_.causes.find(answer.cause)->second;
    if (answer.cause_hit == Hit::wrong) {
        std::vector<std::string> alerts;
        for (const auto alert : named.alerts) alerts.push_back(display_name(alert));
        return fmt::format(
            "It is another cause, and costs {} points. '{}' would show {}; compare it with what you have.",
            kWrongAnswerCost, named.title,
            alerts.empty() ? std::string("no alert")
                           : fmt::format("{}, sent by the {}", fmt::join(alerts, " or "), named.alert_by));
    }
    if (answer.cause_hit == Hit::exact) return fmt::format("It is {}: {}.", truth, named.title);
    std::string text = fmt::format("It is {}; what you asked for cannot separate the two, so {} counts as right.",
                                   truth, answer.cause);
    for (const auto& each : knowledge_.classes)
        if (holds_for(each, exercise.has_wire(), true) && has_cause(each, truth) && has_cause(each, answer.cause))
            return text + " " + each.because +
                   " What would have separated them: " + with_values(each.separate, subject_of(exercise));
    return text;
}

Json Exercises::answer(const std::string& id, const nlohmann::json& given, const Caller& caller)
{
    GivenAnswer answer;
    answer.cause = member<std::string>(given, "cause");
    answer.fix = member<std::string>(given, "fix");
    answer.at = std::chrono::system_clock::now();
    const std::lock_guard lock(mutex_);
    Exercise& exercise = at(id, caller);
    require_open(exercise);
    const auto& causes = exercise.choices.causes;
    if (std::ranges::find(causes, answer.cause) == causes.end())
        throw Problem(400, "No such cause", fmt::format("'{}': {}", answer.cause, hint_for(answer.cause, causes)));
    const auto& fixes = exercise.choices.fixes;
    const auto fix = std::ranges::find(fixes, answer.fix, &FixChoice::id);
    if (fix == fixes.end())
        throw Problem(400, "No such fix", fmt::format("'{}' is none of fix-1 to fix-{}", answer.fix, fixes.size()));
    answer.cause_hit = hit(exercise, answer.cause);
    answer.fix_hit = hit(exercise, fix->cause);
    const Scored scored{answer.cause_hit, answer.fix_hit, exercise.evidence_cost(),
                        static_cast<int>(exercise.asked.size()), exercise.wrong_answers()};
    exercise.answers.push_back(answer);
    const Score score = score_of(scored);
    const bool right = answer.cause_hit != Hit::wrong;
    const auto reason = why(exercise, answer);
    if (right) {
        exercise.state = ExerciseState::solved;
        exercise.score = score;
        exercise.why = reason;
        exercise.ended = answer.at;
        room_.reveal(exercise.listener.name);
    }
    Json lines = Json::array();
    for (const auto& line : score.lines) lines.push_back({{"points", line.points}, {"what", line.what}});
    Json json = {{"right", right},
                 {"inseparable", answer.cause_hit == Hit::inseparable},
                 {"fix_right", right && answer.fix_hit == Hit::exact},
                 {"score", score.total},
                 {"lines", std::move(lines)},
                 {"why", reason},
                 {"state", name(exercise.state)},
                 {"trail", trail_json(exercise)}};
    if (right) json.update(truth_json(exercise));
    return json;
}

Json Exercises::give_up(const std::string& id, const Caller& caller)
{
    const std::lock_guard lock(mutex_);
    Exercise& exercise = at(id, caller);
    require_open(exercise);
    exercise.state = ExerciseState::given_up;
    exercise.why = knowledge_.causes.find(exercise.entry->scenario->cause.value)->second.what;
    exercise.ended = std::chrono::system_clock::now();
    room_.reveal(exercise.listener.name);
    return to_json(exercise, caller);
}

Json Exercises::try_fix(const std::string& id, const Caller& caller)
{
    Exercise seen;
    {
        const std::lock_guard lock(mutex_);
        seen = at(id, caller);
    }
    if (seen.state == ExerciseState::open)
        throw Problem(409, "It is still open", "Answer first: to see the fix work would tell what it is");
    if (seen.listener.name.empty())
        throw Problem(410, "Its server is gone", "It is kept until the next exercise begins");
    room_.fix(seen.listener.name);
    const RoomRun made = run(seen.run.client.name, seen);
    const bool connected = contains(made.symptoms, *Symptom::parse("connected"));
    return {{"client", made.client.name},
            {"connected", connected},
            {"text", fmt::format("$ {}\n{}{}", made.command, made.output, connected ? "It connects.\n" : "")}};
}

Bytes Exercises::capture(const std::string& id, const Caller& caller)
{
    std::uint64_t connection = 0;
    {
        const std::lock_guard lock(mutex_);
        const Exercise& exercise = at(id, caller);
        const bool asked =
            std::ranges::find(exercise.asked, EvidenceKind::capture, &AskedEvidence::kind) != exercise.asked.end();
        if (!exercise.capture_attached && !asked && exercise.state == ExerciseState::open)
            throw Problem(403, "Nobody has sent a capture", "Ask for it first: it is evidence, and has its cost");
        const auto* failing = failing_connection(exercise.run);
        if (failing == nullptr) throw Problem(404, "There is no capture", "No connection reached the server");
        connection = failing->id;
    }
    auto file = room_.capture(connection);
    if (file.empty()) throw Problem(410, "The capture is gone", "The lab keeps the newest connections only");
    return file;
}

} // namespace alert40
