// SPDX-License-Identifier: GPL-2.0-or-later
// Exercises: the lab picks a scenario, hides it behind a neutral listener, runs a client against it, and shows the
// ticket and that client's output. The learner asks for evidence, each noted with its cost, names the cause and the
// fix.
//
//   Exercises exercises(options, room, scenarios);     one for the process
//   exercises.mount(http);                             or the functions below, which are what the routes answer
//
// Any thread may use it. Every function throws Problem (403, 404, 409...) where the caller may not, or asks for what is
// not there. Until an exercise has ended nothing that a learner is told names its scenario or cause.
#pragma once

#include "client-checks/lab/exercise_choices.h"
#include "client-checks/lab/exercise_evidence.h"
#include "client-checks/lab/exercise_results.h"
#include "client-checks/lab/exercise_score.h"
#include "client-checks/lab/exercise_ticket.h"
#include "server/control/http_server.h"

#include <mutex>

namespace alert40 {

struct ExerciseOptions {
    std::filesystem::path data;
    std::uint64_t seed = 0;                // 0: by chance
    std::size_t most_open_of_one = 3;      // exercises of one learner
    std::size_t most_kept = 2000;          // of all together; the oldest ended ones go first
    std::vector<std::string> clients = {}; // the customers'; empty: whichever of the room's show the failure
};

enum class ExerciseState { open, solved, given_up };

struct AskedEvidence {
    EvidenceKind kind{};
    std::chrono::system_clock::time_point at;
    nlohmann::ordered_json content;
};

struct GivenAnswer {
    std::string cause;
    std::string fix;
    std::chrono::system_clock::time_point at;
    Hit cause_hit = Hit::wrong;
    Hit fix_hit = Hit::wrong;
};

/// One exercise of one learner.
struct Exercise {
    std::uint64_t id = 0;
    std::string learner; // empty: the trainer's own
    const PoolEntry* entry = nullptr;
    std::string curriculum;
    int step = 0; // from 1
    std::string ticket;
    RoomListener listener;
    RoomRun run;                    // the customer's
    std::vector<RoomClient> others; // of other libraries, in the order in which they are asked
    AnswerChoices choices;
    bool capture_attached = false;
    std::vector<AskedEvidence> asked;
    std::vector<GivenAnswer> answers;
    ExerciseState state = ExerciseState::open;
    Score score;
    std::string why; // once it has ended
    std::chrono::system_clock::time_point started;
    std::chrono::system_clock::time_point ended;

    int evidence_cost() const;
    bool has_wire() const;     // something that the learner has tells what the wire held
    bool is_decided() const;   // something that decides between all causes was asked for
    int wrong_answers() const; // causes
};

class Exercises {
public:
    /// Reads causes and curricula. `room` and `scenarios` outlive it. Throws InputError.
    Exercises(ExerciseOptions options, ExerciseRoom& room, const std::vector<Scenario>& scenarios);

    /// Every route below. `http` and this outlive each other's calls.
    void mount(HttpServer& http);

    // ---- curricula
    nlohmann::ordered_json curricula() const;                                             // GET /api/curricula
    nlohmann::ordered_json curriculum(const std::string& id, const Caller& caller) const; // GET /api/curricula/{id}
    nlohmann::ordered_json notes(const std::string& id, const Caller& caller) const;      // GET .../notes: trainer
    std::string curriculum_handout(const std::string& id, bool for_trainer) const;        // GET .../handout: Markdown

    // ---- exercises: {"family"?, "level"?, "cause"? (trainer), "curriculum"?, "step"? (from 1), "learner"? (trainer)}
    nlohmann::ordered_json create(const nlohmann::json& wanted, const Caller& caller); // POST /api/exercises
    nlohmann::ordered_json list(const Caller& caller) const;                           // GET /api/exercises
    nlohmann::ordered_json find(const std::string& id, const Caller& caller) const;    // GET /api/exercises/{id}
    /// POST .../evidence {"kind"} -> {"kind","title","cost","content":{"title"?,"text"?,"url"?}}
    nlohmann::ordered_json evidence(const std::string& id, const nlohmann::json& wanted, const Caller& caller);
    /// POST .../answer {"cause","fix"} -> {"right","inseparable","fix_right","score","lines","why","state","trail"},
    /// and where it is right "scenario","cause","title","lesson","fix","fix_text","ends_so"
    nlohmann::ordered_json answer(const std::string& id, const nlohmann::json& given, const Caller& caller);
    nlohmann::ordered_json give_up(const std::string& id, const Caller& caller);
    /// POST .../fix, once it has ended: the server gets the fix, and the customer's client comes again ->
    /// {"client","connected","text"}
    nlohmann::ordered_json try_fix(const std::string& id, const Caller& caller);
    /// GET .../capture.pcapng, once it is attached or was asked for.
    Bytes capture(const std::string& id, const Caller& caller);

    // ---- results: of all for the trainer, of his own for a learner
    nlohmann::ordered_json results(const Caller& caller) const;
    std::string results_csv(const Caller& caller) const;

    const ExercisePool& pool() const { return pool_; }

private:
    struct Wanted {
        PoolChoice choice;
        std::string learner;
        std::string curriculum;
        int step = 0;
    };

    const Curriculum& curriculum_of(const std::string& id) const;
    Wanted read_wanted(const nlohmann::json& wanted, const Caller& caller) const;
    void read_step(const nlohmann::json& wanted, Wanted& result) const;
    void avoid_repetition(Wanted& wanted) const;
    void make_room_for(const std::string& learner);
    const PoolEntry& pick(const Wanted& wanted);
    bool stage(Exercise& exercise);
    std::vector<RoomClient> customers();
    /// Without the mutex: it waits for the client.
    RoomRun run(const std::string& client, const Exercise& exercise);
    void write_ticket(Exercise& exercise) const;

    Exercise& at(const std::string& id, const Caller& caller);
    const Exercise& at(const std::string& id, const Caller& caller) const;
    nlohmann::ordered_json content_of(const Exercise& exercise, EvidenceKind kind);
    nlohmann::ordered_json run_content(const Exercise& exercise, EvidenceKind kind);
    std::vector<EvidenceKind> offered(const Exercise& exercise) const;
    /// The causes that what the learner has cannot separate from the true one, that one among them.
    std::vector<std::string> inseparable(const Exercise& exercise) const;
    Hit hit(const Exercise& exercise, std::string_view cause) const;
    std::string why(const Exercise& exercise, const GivenAnswer& answer) const;

    nlohmann::ordered_json to_json(const Exercise& exercise, const Caller& caller) const;
    nlohmann::ordered_json trail_json(const Exercise& exercise) const;
    nlohmann::ordered_json truth_json(const Exercise& exercise) const;
    std::vector<ResultRow> rows(const Caller& caller) const;

    ExerciseOptions options_;
    ExerciseRoom& room_;
    Knowledge knowledge_;
    ExercisePool pool_;
    TicketWriter tickets_;
    std::vector<Curriculum> curricula_;

    mutable std::mutex mutex_; // of all below
    std::mt19937_64 random_;
    std::uint64_t last_id_ = 0;
    std::map<std::uint64_t, Exercise> exercises_;
    std::map<std::string, std::size_t> being_made_; // by learner
};

std::string_view name(ExerciseState state);

} // namespace alert40
