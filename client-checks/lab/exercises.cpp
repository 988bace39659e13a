// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/exercises.h"

#include "client-checks/lab/curriculum_text.h"
#include "client-checks/lab/exercise_disguise.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

using Json = nlohmann::ordered_json;

// What customers use, then what some do, then what starts slowly or is compiled first (Go's library takes a minute the
// first time, so it is no usual one here); alert40's own client is no customer's.
constexpr std::array<std::string_view, 13> kUsual = {
    "curl",    "git",  "gnutls-cli", "java-httpclient", "java-urlconnection", "node-20",
    "openssl", "perl", "php",        "python-requests", "python-urllib",      "ruby",
    "wget"};
constexpr std::array<std::string_view, 14> kLastResort = {
    "bearssl", "botan",   "bouncy-castle", "builtin", "chromium",    "erlang", "firefox",
    "haproxy", "mbedtls", "mono",          "nginx",   "nss-tstclnt", "rustls", "stunnel"};
constexpr std::size_t kMostTried = 6;              // clients, until one shows the failure
constexpr std::chrono::seconds kLongestSearch{30}; // for such a client: somebody waits
constexpr std::size_t kMostPicked = 4;             // scenarios, until one can be shown here

int rank_of(const RoomClient& client)
{
    if (std::ranges::find(kUsual, client.name) != kUsual.end()) return 0;
    return std::ranges::find(kLastResort, client.name) == kLastResort.end() ? 1 : 2;
}

/// It fails, and not only because it was too slow on this machine.
bool shows_failure(const RoomRun& run, const Scenario& scenario)
{
    const auto means = [&](std::string_view symptom) { return contains(run.symptoms, *Symptom::parse(symptom)); };
    const bool too_slow = means("timeout") && scenario.expect.ends != Ending::timeout;
    return run.why_not.empty() && !means("connected") && !too_slow;
}

std::string customer_name(const RoomClient& client)
{
    return client.version.empty() ? client.title : client.title + " " + client.version;
}

std::string address_of(const RoomListener& listener)
{
    const auto host = !listener.server_name.empty() ? listener.server_name
                      : listener.addresses.empty()  ? std::string("127.0.0.1")
                                                    : listener.addresses.front();
    return fmt::format("{}:{}", host, listener.port);
}

std::uint64_t chance()
{
    std::random_device device;
    return (static_cast<std::uint64_t>(device()) << 32) | device();
}

} // namespace

std::string_view name(ExerciseState state)
{
    switch (state) {
    case ExerciseState::open:
        return "open";
    case ExerciseState::solved:
        return "solved";
    case ExerciseState::given_up:
        return "given-up";
    }
    return "";
}

Exercises::Exercises(ExerciseOptions options, ExerciseRoom& room, const std::vector<Scenario>& scenarios)
    : options_(std::move(options)),
      room_(room),
      knowledge_(load_knowledge(options_.data)),
      pool_(scenarios, knowledge_.causes),
      tickets_(knowledge_.causes),
      curricula_(load_curricula(options_.data, knowledge_.causes)),
      random_(options_.seed == 0 ? chance() : options_.seed)
{
}

const Curriculum& Exercises::curriculum_of(const std::string& id) const
{
    const auto found = std::ranges::find(curricula_, id, &Curriculum::id);
    if (found != curricula_.end()) return *found;
    std::vector<std::string> ids;
    for (const auto& each : curricula_) ids.push_back(each.id);
    throw Problem(404, "No such curriculum", fmt::format("'{}': {}", id, hint_for(id, ids)));
}

Json Exercises::curricula() const
{
    Json list = Json::array();
    for (const auto& each : curricula_) list.push_back(outline_json(each));
    return {{"curricula", std::move(list)}, {"scoring", scoring_rules()}};
}

Json Exercises::curriculum(const std::string& id, const Caller& caller) const
{
    return curriculum_json(curriculum_of(id), caller.is_trainer());
}

Json Exercises::notes(const std::string& id, const Caller& caller) const
{
    if (!caller.is_trainer())
        throw Problem(403, "The notes are the trainer's",
                      "Open the lab with the trainer's token; it is printed at start");
    Json json = curriculum_json(curriculum_of(id), true);
    json["handout"] = handout(curriculum_of(id), true);
    return json;
}

std::string Exercises::curriculum_handout(const std::string& id, bool for_trainer) const
{
    return handout(curriculum_of(id), for_trainer);
}

void Exercises::read_step(const nlohmann::json& wanted, Wanted& result) const
{
    const auto id = optional_member<std::string>(wanted, "curriculum");
    if (!id) return;
    const Curriculum& curriculum = curriculum_of(*id);
    const auto step = member<unsigned>(wanted, "step");
    if (step < 1 || step > curriculum.steps.size())
        throw Problem(400, "No such step",
                      fmt::format("'{}' has the steps 1 to {}, not {}", *id, curriculum.steps.size(), step));
    const CurriculumStep& asked = curriculum.steps[step - 1];
    result.curriculum = *id;
    result.step = static_cast<int>(step);
    if (!asked.hidden) {
        result.choice.scenario = asked.scenario.value;
        return;
    }
    if (asked.hidden->family) result.choice.family = asked.hidden->family->value;
    if (asked.hidden->cause) result.choice.cause = asked.hidden->cause->value;
    result.choice.level = asked.hidden->level;
}

Exercises::Wanted Exercises::read_wanted(const nlohmann::json& wanted, const Caller& caller) const
{
    Wanted result;
    result.learner = caller.name;
    if (caller.kind == Caller::Kind::nobody)
        throw Problem(401, "Who are you?", "Give a name first: POST /api/learners, then send the token");
    if (const auto learner = optional_member<std::string>(wanted, "learner"); learner && *learner != caller.name) {
        if (!caller.is_trainer())
            throw Problem(403, "Only for yourself", "The trainer alone can give an exercise to somebody else");
        result.learner = *learner;
    }
    read_step(wanted, result);
    if (const auto family = optional_member<std::string>(wanted, "family")) result.choice.family = *family;
    if (const auto cause = optional_member<std::string>(wanted, "cause")) {
        if (!caller.is_trainer())
            throw Problem(403, "The cause is the question",
                          "Ask for a family or a level; the trainer can give one by cause");
        result.choice.cause = *cause;
    }
    if (const auto level = optional_member<unsigned>(wanted, "level")) {
        if (*level < kLeastLevel || *level > kMostLevel)
            throw Problem(400, "No such level", fmt::format("{} is none of 1, 2 and 3", *level));
        result.choice.level = static_cast<int>(*level);
    }
    return result;
}

/// Under the mutex: what this learner had is not chosen again, where there is anything else.
void Exercises::avoid_repetition(Wanted& wanted) const
{
    for (const auto& [id, exercise] : exercises_) {
        if (exercise.learner != wanted.learner) continue;
        wanted.choice.not_these.insert(exercise.entry->scenario->id);
        wanted.choice.never = exercise.entry->scenario->id;
        wanted.choice.not_cause = exercise.entry->scenario->cause.value;
    }
}

const PoolEntry& Exercises::pick(const Wanted& wanted)
{
    const auto* entry = pool_.pick(wanted.choice, random_);
    if (entry != nullptr) return *entry;
    const PoolChoice& choice = wanted.choice;
    const std::string which = (choice.family.empty() ? "" : " of the family " + choice.family) +
                              (choice.cause.empty() ? "" : " with the cause " + choice.cause) +
                              (choice.level ? fmt::format(" of level {}", *choice.level) : "");
    throw Problem(
        404, "No such exercise",
        fmt::format("No scenario{} that is served here is one; ask for less, or start the lab with all", which));
}

/// Under the mutex: listeners of what has ended are for looking at until the next one, not for ever.
void Exercises::make_room_for(const std::string& learner)
{
    std::size_t open = being_made_[learner];
    for (auto& [id, exercise] : exercises_) {
        if (exercise.learner != learner) continue;
        if (exercise.state == ExerciseState::open)
            ++open;
        else if (!exercise.listener.name.empty())
            room_.close(std::exchange(exercise.listener.name, {}));
    }
    if (open >= options_.most_open_of_one)
        throw Problem(429, "Finish one first", fmt::format("{} exercises are open; answer one, or give one up", open));
    for (auto it = exercises_.begin(); it != exercises_.end() && exercises_.size() >= options_.most_kept;) {
        const bool ended = it->second.state != ExerciseState::open;
        if (ended && !it->second.listener.name.empty()) room_.close(it->second.listener.name);
        it = ended ? exercises_.erase(it) : std::next(it);
    }
    if (exercises_.size() >= options_.most_kept)
        throw Problem(503, "The room is full", fmt::format("{} exercises are open", exercises_.size()));
}

void Exercises::write_ticket(Exercise& exercise) const
{
    const Scenario& scenario = *exercise.entry->scenario;
    const Cause& cause = knowledge_.causes.find(scenario.cause.value)->second;
    const bool neutral = exercise.entry->level == kMostLevel;
    exercise.ticket =
        tickets_.ticket(scenario, cause, customer_name(exercise.run.client), address_of(exercise.listener), neutral);
    exercise.capture_attached = exercise.entry->level == kLeastLevel && !exercise.run.connections.empty();
}

/// Those that can be run here, by chance, the usual ones first.
std::vector<RoomClient> Exercises::customers()
{
    auto clients = room_.clients();
    {
        const std::lock_guard lock(mutex_);
        for (std::size_t count = clients.size(); count > 1; --count)
            std::swap(clients[count - 1], clients[place_of(count, random_)]);
    }
    std::ranges::stable_sort(clients, {}, rank_of);
    return clients;
}

RoomRun Exercises::run(const std::string& client, const Exercise& exercise)
{
    const auto& listener = exercise.listener.name;
    RoomRun made = room_.run(client, listener, exercise.learner);
    made.command = customer_command(made.command, listener);
    made.output = without_file_names(made.output, listener);
    made.says = without_file_names(made.says, listener);
    return made;
}

/// Opens the listener and lets a customer meet it. False where no client here shows the failure; then it is closed.
bool Exercises::stage(Exercise& exercise)
{
    const Scenario& scenario = *exercise.entry->scenario;
    exercise.listener = room_.open(scenario.id, fmt::format("ticket-{}", exercise.id),
                                   fmt::format("ticket/t{}", exercise.id), exercise.learner);
    const auto clients = customers();
    const auto wanted = [this](const RoomClient& client) {
        return options_.clients.empty() || std::ranges::find(options_.clients, client.name) != options_.clients.end();
    };
    try {
        std::size_t tried = 0;
        const auto until = std::chrono::steady_clock::now() + kLongestSearch;
        for (const auto& client : clients) {
            if (!wanted(client)) continue;
            if (std::chrono::steady_clock::now() > until) break;
            exercise.run = run(client.name, exercise);
            if (shows_failure(exercise.run, scenario)) {
                std::ranges::copy_if(clients, std::back_inserter(exercise.others), [&](const RoomClient& other) {
                    return other.library != exercise.run.client.library;
                });
                return true;
            }
            if (exercise.run.why_not.empty() && ++tried == kMostTried) break; // it connects: not the customer's client
        }
    } catch (...) {
        room_.close(exercise.listener.name);
        throw;
    }
    room_.close(exercise.listener.name);
    return false;
}

Json Exercises::create(const nlohmann::json& wanted, const Caller& caller)
{
    Wanted asked = read_wanted(wanted, caller);
    Exercise exercise;
    {
        const std::lock_guard lock(mutex_);
        make_room_for(asked.learner);
        avoid_repetition(asked);
        exercise.id = ++last_id_;
        exercise.entry = &pick(asked);
        exercise.choices = make_choices(*exercise.entry, pool_, knowledge_.causes, knowledge_.classes, random_);
        ++being_made_[asked.learner];
    }
    struct Made { // however it ends
        ~Made()
        {
            const std::lock_guard lock(all.mutex_);
            --all.being_made_[learner];
        }
        Exercises& all;
        const std::string& learner;
    } made{*this, asked.learner};
    exercise.learner = asked.learner;
    exercise.curriculum = asked.curriculum;
    exercise.step = asked.step;
    for (std::size_t picked = 1; !stage(exercise); ++picked) {
        if (picked == kMostPicked || !asked.choice.scenario.empty())
            throw Problem(409, "No client here shows it",
                          "Install more clients (alert40-check clients), or ask for another");
        const std::lock_guard lock(mutex_);
        asked.choice.not_these.insert(exercise.entry->scenario->id);
        exercise.entry = &pick(asked);
        exercise.choices = make_choices(*exercise.entry, pool_, knowledge_.causes, knowledge_.classes, random_);
    }
    exercise.started = std::chrono::system_clock::now();
    write_ticket(exercise);
    const std::lock_guard lock(mutex_);
    const auto [place, is_new] = exercises_.emplace(exercise.id, std::move(exercise));
    return to_json(place->second, caller);
}

} // namespace alert40
