// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/exercises.h"
#include "scenarios/loader/catalogue.h"
#include "tests/source_dir.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

using namespace alert40;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

namespace {

const std::vector<Scenario>& scenarios()
{
    static const auto all = load_scenarios(scenario_files(test_source_dir()));
    return all;
}

/// A ClientHello with everything usual in it, and the server's alert 40.
std::shared_ptr<const Transcript> refused()
{
    auto transcript = std::make_shared<Transcript>();
    ClientHello hello;
    for (const auto& suite : all_cipher_suites())
        if (suite.bulk == BulkKind::aead) hello.cipher_suites.push_back(suite.value);
    transcript->client_hello = hello;
    transcript->client_hello_record_version = ProtocolVersion::tls12;
    transcript->phase = Phase::before_server_hello;
    RecordEvent sent;
    sent.type = ContentType::handshake;
    sent.messages = {HandshakeType::client_hello};
    RecordEvent alert;
    alert.direction = Direction::server_to_client;
    alert.phase = Phase::before_server_hello;
    alert.type = ContentType::alert;
    alert.alert = Alert{AlertLevel::fatal, AlertDescription::handshake_failure};
    transcript->events = {sent, alert, SocketEvent{SocketEventKind::server_fin, {}, Phase::before_server_hello}};
    return transcript;
}

/// No network: every client is refused with alert 40, but for those that `accepts` names.
class PaperRoom final : public ExerciseRoom {
public:
    RoomListener open(const std::string& scenario, const std::string& name, const std::string& alias,
                      const std::string& owner) override
    {
        const std::lock_guard lock(mutex);
        opened.push_back(scenario);
        owners.push_back(owner);
        open_now.insert(name);
        return {name,
                {"127.0.0.1"},
                4711,
                alias.substr(alias.find('/') + 1) + ".ticket.localhost",
                "https://" + name + "/"};
    }
    void reveal(const std::string& listener) override
    {
        const std::lock_guard lock(mutex);
        revealed.insert(listener);
    }
    void fix(const std::string& listener) override
    {
        const std::lock_guard lock(mutex);
        if (!open_now.contains(listener)) throw Problem(404, "No such listener", "it is gone");
        accepts = {"curl", "wget"};
    }
    void close(const std::string& listener) override
    {
        const std::lock_guard lock(mutex);
        open_now.erase(listener);
    }
    std::vector<RoomClient> clients() override
    {
        return {{"curl", "curl (OpenSSL)", "7.88.1", "openssl"}, {"wget", "Wget (GnuTLS)", "1.21.3", "gnutls"}};
    }
    RoomRun run(const std::string& client, const std::string& listener, const std::string&) override
    {
        const std::lock_guard lock(mutex);
        if (!open_now.contains(listener)) throw Problem(404, "No such listener", "it is gone");
        ++runs;
        RoomRun run;
        run.client = clients()[client == "curl" ? 0 : 1];
        run.command = client + " https://t/";
        if (accepts.contains(client)) {
            run.symptoms = {*Symptom::parse("connected")};
            return run;
        }
        if (hangs.contains(client)) {
            run.symptoms = {*Symptom::parse("timeout")};
            return run;
        }
        run.output = "alert handshake failure\n";
        run.says = "alert handshake failure";
        run.symptoms = {Symptom::received(AlertDescription::handshake_failure)};
        run.connections = {{runs, refused()}};
        return run;
    }
    Bytes capture(std::uint64_t) override { return {1, 2, 3}; }

    std::mutex mutex;
    std::vector<std::string> opened, owners;
    std::set<std::string> open_now, revealed, accepts, hangs;
    std::uint64_t runs = 0;
};

struct Lesson {
    explicit Lesson(std::uint64_t seed = 1) : exercises({test_source_dir(), seed}, room, scenarios()) {}

    Json truth(const Json& exercise) { return exercises.find(exercise["id"], trainer); }
    /// An exercise of `cause` for Ann, as she sees it.
    Json given(const std::string& cause)
    {
        const auto id = exercises.create({{"cause", cause}, {"learner", "Ann"}, {"level", 3u}}, trainer)["id"];
        return exercises.find(id, ann);
    }

    PaperRoom room;
    Exercises exercises;
    Caller trainer{Caller::Kind::trainer, ""};
    Caller ann{Caller::Kind::learner, "Ann"};
    Caller bob{Caller::Kind::learner, "Bob"};
    Caller nobody;
};

int status_of(const std::function<void()>& act)
{
    try {
        act();
    } catch (const Problem& problem) {
        return problem.status();
    }
    return 200;
}

} // namespace

TEST_CASE("a learner is told nothing that names the scenario or the cause", "[lab][exercise]")
{
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        Lesson lesson(seed);
        const auto exercise = lesson.exercises.create({{"level", 1 + seed % 3}}, lesson.ann);
        const auto truth = lesson.truth(exercise);
        auto told = exercise;
        told.erase("causes"); // the list to choose from
        told.erase("fixes");
        const auto text = told.dump() + lesson.exercises.list(lesson.ann)["exercises"][0]["ticket"].dump() +
                          lesson.exercises.results(lesson.ann).dump();
        INFO(text);
        CHECK_FALSE(exercise.contains("scenario"));
        CHECK_FALSE(exercise.contains("cause"));
        CHECK_THAT(text, !Contains(truth["scenario"].get<std::string>()) &&
                             !Contains(truth["cause"].get<std::string>()) &&
                             !Contains(truth["title"].get<std::string>()));
        CHECK(exercise["attachments"][0]["kind"] == "client-output");
        CHECK(lesson.room.opened == std::vector<std::string>{truth["scenario"].get<std::string>()});
        CHECK(lesson.room.owners == std::vector<std::string>{"Ann"});
    }
}

TEST_CASE("the capture comes with the ticket at level 1, and is asked for above", "[lab][exercise]")
{
    Lesson lesson;
    const auto easy = lesson.exercises.create({{"level", 1u}}, lesson.ann);
    CHECK(easy["attachments"].size() == 2);
    CHECK(lesson.exercises.capture(easy["id"], lesson.ann).size() == 3);
    const auto hard = lesson.exercises.create({{"level", 3u}}, lesson.ann);
    CHECK(hard["attachments"].size() == 1);
    CHECK(status_of([&] { lesson.exercises.capture(hard["id"], lesson.ann); }) == 403);
    lesson.exercises.evidence(hard["id"], {{"kind", "capture"}}, lesson.ann);
    CHECK(lesson.exercises.capture(hard["id"], lesson.ann).size() == 3);
}

TEST_CASE("evidence is noted with its cost, and the same is paid once", "[lab][exercise]")
{
    Lesson lesson;
    const auto exercise = lesson.given("cipher-mismatch");
    const auto hello = lesson.exercises.evidence(exercise["id"], {{"kind", "client-hello"}}, lesson.ann);
    CHECK_THAT(hello["content"]["text"].get<std::string>(),
               Contains("cipher suites") && Contains("TLS_AES_128_GCM_SHA256"));
    lesson.exercises.evidence(exercise["id"], {{"kind", "client-hello"}}, lesson.ann);
    CHECK(lesson.exercises.find(exercise["id"], lesson.ann)["cost"] == hello["cost"]);
    const auto other = lesson.exercises.evidence(exercise["id"], {{"kind", "other-client"}}, lesson.ann);
    const bool is_curl = exercise["client"] == "curl";
    CHECK_THAT(other["content"]["text"].get<std::string>(), Contains(is_curl ? "$ wget" : "$ curl"));
    CHECK(lesson.exercises.find(exercise["id"], lesson.ann)["asked"].size() == 2);
}

TEST_CASE("each kind of evidence can be asked for, and none names scenario or recipe", "[lab][exercise]")
{
    Lesson lesson;
    const auto exercise = lesson.given("group-mismatch");
    const auto truth = lesson.truth(exercise);
    for (const auto& offer : exercise["evidence"]) {
        const auto told = lesson.exercises.evidence(exercise["id"], {{"kind", offer["kind"]}}, lesson.ann);
        INFO(told.dump());
        CHECK(told["cost"] == offer["cost"]);
        CHECK_THAT(told.dump(),
                   !Contains(truth["scenario"].get<std::string>()) && !Contains(truth["title"].get<std::string>()));
    }
}

TEST_CASE("the right cause and fix end it, with the score and the truth", "[lab][exercise]")
{
    Lesson lesson;
    const auto exercise = lesson.given("cipher-mismatch");
    lesson.exercises.evidence(exercise["id"], {{"kind", "client-hello"}}, lesson.ann);
    const auto truth = lesson.truth(exercise);
    const auto result =
        lesson.exercises.answer(exercise["id"], {{"cause", truth["cause"]}, {"fix", truth["fix"]}}, lesson.ann);
    CHECK(result["right"] == true);
    CHECK(result["score"] == 95);
    CHECK(result["scenario"] == truth["scenario"]);
    CHECK(result["trail"].size() == 2);
    CHECK(lesson.exercises.find(exercise["id"], lesson.ann)["state"] == "solved");
    CHECK(status_of([&] { lesson.exercises.give_up(exercise["id"], lesson.ann); }) == 409);
    CHECK(lesson.room.revealed.size() == 1); // whoever solved it may look at its server, and mend it
}

TEST_CASE("a cause that what was asked for cannot separate counts as right and says so", "[lab][exercise]")
{
    Lesson lesson;
    const auto exercise = lesson.given("group-mismatch"); // the text alone: alert 40
    const auto truth = lesson.truth(exercise);
    const auto result =
        lesson.exercises.answer(exercise["id"], {{"cause", "cipher-mismatch"}, {"fix", truth["fix"]}}, lesson.ann);
    CHECK(result["right"] == true);
    CHECK(result["inseparable"] == true);
    CHECK(result["score"] == kInseparablePoints + kFixPoints);
    CHECK_THAT(result["why"].get<std::string>(), Contains("cannot separate") && Contains("openssl s_client"));
}

TEST_CASE("once the server's configuration was read, only the cause itself is right", "[lab][exercise]")
{
    Lesson lesson;
    const auto exercise = lesson.given("group-mismatch");
    lesson.exercises.evidence(exercise["id"], {{"kind", "server-configuration"}}, lesson.ann);
    const auto result =
        lesson.exercises.answer(exercise["id"], {{"cause", "cipher-mismatch"}, {"fix", "fix-1"}}, lesson.ann);
    CHECK(result["right"] == false);
}

TEST_CASE("a wrong answer costs, tells nothing of the truth, and leaves it open", "[lab][exercise]")
{
    Lesson lesson;
    const auto exercise = lesson.given("cipher-mismatch");
    const auto truth = lesson.truth(exercise);
    const auto wrong =
        lesson.exercises.answer(exercise["id"], {{"cause", "certificate-expired"}, {"fix", truth["fix"]}}, lesson.ann);
    CHECK(wrong["right"] == false);
    CHECK(wrong["fix_right"] == false);
    CHECK_FALSE(wrong.contains("scenario"));
    CHECK_THAT(wrong["why"].get<std::string>(), !Contains("cipher"));
    const auto right =
        lesson.exercises.answer(exercise["id"], {{"cause", truth["cause"]}, {"fix", truth["fix"]}}, lesson.ann);
    CHECK(right["score"] == 90);
}

TEST_CASE("an answer is one of the list", "[lab][exercise]")
{
    Lesson lesson;
    const auto exercise = lesson.given("cipher-mismatch");
    CHECK(status_of([&] {
              lesson.exercises.answer(exercise["id"], {{"cause", "gremlins"}, {"fix", "fix-1"}}, lesson.ann);
          }) == 400);
    CHECK(status_of([&] {
              lesson.exercises.answer(exercise["id"], {{"cause", "weak-dh"}, {"fix", "fix-999"}}, lesson.ann);
          }) == 400);
    CHECK(status_of([&] {
              lesson.exercises.answer(exercise["id"], {{"cause", 7}, {"fix", "fix-1"}}, lesson.ann);
          }) == 400);
    CHECK(status_of([&] { lesson.exercises.evidence(exercise["id"], {{"kind", "gremlins"}}, lesson.ann); }) == 400);
    CHECK(lesson.exercises.find(exercise["id"], lesson.ann)["wrong_answers"] == 0);
}

TEST_CASE("an exercise is its learner's and the trainer's, and nobody else's", "[lab][exercise]")
{
    Lesson lesson;
    const auto exercise = lesson.given("cipher-mismatch");
    CHECK(status_of([&] { lesson.exercises.find(exercise["id"], lesson.bob); }) == 404);
    CHECK(status_of([&] { lesson.exercises.evidence(exercise["id"], {{"kind", "chain"}}, lesson.bob); }) == 404);
    CHECK(status_of([&] { lesson.exercises.find("no number", lesson.ann); }) == 404);
    CHECK(status_of([&] { lesson.exercises.create({}, lesson.nobody); }) == 401);
    CHECK(status_of([&] { lesson.exercises.create({{"cause", "weak-dh"}}, lesson.ann); }) == 403);
    CHECK(status_of([&] { lesson.exercises.create({{"learner", "Bob"}}, lesson.ann); }) == 403);
    CHECK(lesson.exercises.list(lesson.bob)["exercises"].empty());
}

TEST_CASE("a learner has three open exercises at most; listeners of ended ones are closed", "[lab][exercise]")
{
    Lesson lesson;
    Json last;
    for (int count = 0; count < 3; ++count) last = lesson.exercises.create(nlohmann::json::object(), lesson.ann);
    CHECK(status_of([&] { lesson.exercises.create(nlohmann::json::object(), lesson.ann); }) == 429);
    lesson.exercises.give_up(last["id"], lesson.ann);
    lesson.exercises.create(nlohmann::json::object(), lesson.ann);
    CHECK(lesson.room.open_now.size() == 3);
}

TEST_CASE("no scenario comes twice in a row", "[lab][exercise]")
{
    Lesson lesson;
    for (int count = 0; count < 12; ++count) {
        const auto exercise = lesson.exercises.create({{"family", "alpn"}}, lesson.ann);
        lesson.exercises.give_up(exercise["id"], lesson.ann);
        if (count > 0) CHECK(lesson.room.opened[lesson.room.opened.size() - 2] != lesson.room.opened.back());
    }
}

TEST_CASE("a step of a curriculum gives what it says", "[lab][exercise]")
{
    Lesson lesson;
    const nlohmann::json step = {{"curriculum", "alert-40-in-an-hour"}, {"step", 8u}};
    const auto exercise = lesson.exercises.create(step, lesson.ann);
    CHECK(exercise["level"] == 3);
    CHECK(exercise["step"] == 8);
    CHECK(status_of([&] {
              lesson.exercises.create({{"curriculum", "alert-40-in-an-hour"}, {"step", 99u}}, lesson.ann);
          }) == 400);
    CHECK(status_of([&] { lesson.exercises.create({{"curriculum", "none"}, {"step", 1u}}, lesson.ann); }) == 404);
}

TEST_CASE("a client that connects is no customer; where none fails the listener is closed", "[lab][exercise]")
{
    Lesson lesson;
    lesson.room.accepts = {"curl"};
    CHECK(lesson.exercises.create(nlohmann::json::object(), lesson.ann)["client"] == "wget");
    lesson.room.accepts = {"curl", "wget"};
    CHECK(status_of([&] { lesson.exercises.create(nlohmann::json::object(), lesson.bob); }) == 409);
    CHECK(lesson.room.open_now.size() == 1);
}

TEST_CASE("a client that is too slow is no customer, but where silence is the failure", "[lab][exercise]")
{
    Lesson lesson;
    lesson.room.hangs = {"curl"};
    CHECK(lesson.given("cipher-mismatch")["client"] == "wget");
    lesson.room.hangs = {"curl", "wget"};
    CHECK(status_of([&] { lesson.given("group-mismatch"); }) == 409);
    CHECK(lesson.exercises.create({{"cause", "middlebox-drop"}, {"learner", "Ann"}}, lesson.trainer)["state"] ==
          "open");
}

TEST_CASE("once it has ended, the fix lets the same client in", "[lab][exercise]")
{
    Lesson lesson;
    const auto exercise = lesson.given("cipher-mismatch");
    CHECK(status_of([&] { lesson.exercises.try_fix(exercise["id"], lesson.ann); }) == 409);
    lesson.exercises.give_up(exercise["id"], lesson.ann);
    const auto tried = lesson.exercises.try_fix(exercise["id"], lesson.ann);
    CHECK(tried["client"] == exercise["client"]);
    CHECK(tried["connected"] == true);
    CHECK(status_of([&] { lesson.exercises.try_fix(exercise["id"], lesson.bob); }) == 404);
    lesson.room.accepts.clear();
    lesson.exercises.create(nlohmann::json::object(), lesson.ann);
    CHECK(status_of([&] { lesson.exercises.try_fix(exercise["id"], lesson.ann); }) == 410);
}

TEST_CASE("results are all for the trainer, and a learner's own", "[lab][exercise]")
{
    Lesson lesson;
    const auto exercise = lesson.given("cipher-mismatch");
    lesson.exercises.create(nlohmann::json::object(), lesson.bob);
    CHECK(lesson.exercises.results(lesson.trainer)["results"].size() == 2);
    CHECK(lesson.exercises.results(lesson.ann)["results"].size() == 1);
    CHECK(lesson.exercises.results(lesson.ann)["results"][0]["cause"] == "");
    CHECK(lesson.exercises.results(lesson.trainer)["results"][0]["cause"] == "cipher-mismatch");
    CHECK_THAT(lesson.exercises.results_csv(lesson.trainer),
               Contains(",Ann,") && Contains(",Bob,") && Contains("\r\n"));
    CHECK(status_of([&] { lesson.exercises.results(lesson.nobody); }) == 401);
}

TEST_CASE("learners work at the same time", "[lab][exercise]")
{
    Lesson lesson;
    std::vector<std::thread> threads;
    std::atomic<int> solved{0};
    for (int number = 0; number < 6; ++number)
        threads.emplace_back([&, number] {
            const Caller learner{Caller::Kind::learner, "learner " + std::to_string(number)};
            for (int count = 0; count < 5; ++count) {
                const auto exercise = lesson.exercises.create(nlohmann::json::object(), learner);
                lesson.exercises.evidence(exercise["id"], {{"kind", "repeat"}}, learner);
                const auto truth = lesson.truth(exercise);
                const auto result = lesson.exercises.answer(
                    exercise["id"], {{"cause", truth["cause"]}, {"fix", truth["fix"]}}, learner);
                solved += result["right"] == true ? 1 : 0;
            }
        });
    for (auto& thread : threads) thread.join();
    CHECK(solved == 30);
    CHECK(lesson.exercises.results(lesson.trainer)["results"].size() == 30);
}

TEST_CASE("the notes are the trainer's", "[lab][exercise]")
{
    Lesson lesson;
    CHECK(lesson.exercises.curricula()["curricula"].size() == 2);
    CHECK(status_of([&] { lesson.exercises.notes("alert-40-in-an-hour", lesson.ann); }) == 403);
    CHECK(lesson.exercises.notes("alert-40-in-an-hour", lesson.trainer)["steps"][0].contains("notes"));
    CHECK_FALSE(lesson.exercises.curriculum("alert-40-in-an-hour", lesson.ann)["steps"][0].contains("notes"));
}
