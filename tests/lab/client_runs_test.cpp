// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/client_runs.h"
#include "server/control/problem.h"

#include <catch2/catch.hpp>

using namespace alert40;

namespace {

const Caller kTrainer{Caller::Kind::trainer, ""};
const Caller kNobody{Caller::Kind::nobody, ""};

Caller learner(const std::string& name)
{
    return {Caller::Kind::learner, name};
}

ClientRun run_of(const std::string& owner)
{
    ClientRun run;
    run.client = "curl";
    run.listener = "l";
    run.scenario = "cipher/x";
    run.owner = run.quota = owner;
    return run;
}

ClientRunResult failed(std::string output)
{
    ClientRunResult result;
    result.shell = "curl https://x/";
    result.child.exit_code = 35;
    result.child.output = std::move(output);
    result.symptoms = {*Symptom::parse("alert-received:handshake_failure")};
    result.says = "curl: (35)";
    return result;
}

} // namespace

TEST_CASE("a run is told as far as it has come", "[lab][runs]")
{
    const ConnectionLog log;
    ClientRuns runs(log);
    const auto id = runs.open(run_of(""));
    CHECK(runs.to_json(*runs.find(id), kTrainer)["state"] == "running");
    CHECK(runs.to_json(*runs.find(id), kTrainer)["waits"] == true);
    runs.begin(id);
    CHECK(runs.to_json(*runs.find(id), kTrainer)["waits"] == false);
    runs.end(id, failed("text"));
    const auto told = runs.to_json(*runs.find(id), kTrainer);
    CHECK(told["state"] == "ended");
    CHECK(told["exit_code"] == 35);
    CHECK(told["stdout"] == "text");
    CHECK(told["symptom"] == "alert-received:handshake_failure");
    CHECK(told["says"] == "curl: (35)");
    CHECK_FALSE(runs.find(id + 1));
}

TEST_CASE("a connection of another process is not a run's, and where that cannot be told the run says so",
          "[lab][runs]")
{
    ConnectionLog log;
    std::optional<bool> ours = true;
    ClientRuns runs(log, [&](const TcpEnd&, const TcpEnd&) { return ours; });
    log.subscribe([&](const ConnectionNews& news) {
        if (news.kind == ConnectionNews::Kind::opened) runs.came(news.connection);
    });
    const auto connect = [&](std::uint16_t port) {
        const auto observer = log.observe({"l", "", false, ""}, {{127, 0, 0, 1}, port}, {{127, 0, 0, 1}, 443});
        return log.opened();
    };
    const auto id = runs.open(run_of(""));
    runs.begin(id);
    const auto own = connect(4001);
    ours = false;
    const auto foreign = connect(4002);
    CHECK(runs.run_of(*log.summary(own))->id == id);
    CHECK_FALSE(runs.run_of(*log.summary(foreign)));
    auto told = runs.to_json(*runs.find(id), kTrainer);
    CHECK(told["connections"] == nlohmann::json{own});
    CHECK(told["by_time"] == false);
    ours = std::nullopt;
    const auto of_somebody = connect(4003);
    runs.end(id, failed(""));
    told = runs.to_json(*runs.find(id), kTrainer);
    CHECK(told["connections"] == nlohmann::json{own, of_somebody});
    CHECK(told["by_time"] == true);
    connect(4004);
    CHECK(runs.connections_of(*runs.find(id)).size() == 2);
}

TEST_CASE("a long output is cut, and it is said how much is missing", "[lab][runs]")
{
    const ConnectionLog log;
    ClientRuns runs(log);
    const auto id = runs.open(run_of(""));
    runs.end(id, failed(std::string(ClientRuns::kMostShown + 7, 'x')));
    const std::string shown = runs.to_json(*runs.find(id), kTrainer)["stdout"];
    CHECK(shown.size() < ClientRuns::kMostShown + 100);
    CHECK(shown.find("7 octets more") != std::string::npos);
}

TEST_CASE("a learner sees his own runs and the trainer's, and nobody a hidden scenario", "[lab][runs]")
{
    const ConnectionLog log;
    ClientRuns runs(log);
    const auto adas = *runs.find(runs.open(run_of("Ada")));
    const auto trainers = *runs.find(runs.open(run_of("")));
    CHECK(adas.may_see(learner("Ada")));
    CHECK(adas.may_see(kTrainer));
    CHECK_FALSE(adas.may_see(learner("Grace")));
    CHECK_FALSE(adas.may_see(kNobody));
    CHECK(trainers.may_see(kNobody));
    auto hidden = run_of("Ada");
    hidden.hidden = true;
    const auto exercise = *runs.find(runs.open(std::move(hidden)));
    CHECK(runs.to_json(exercise, learner("Ada"))["scenario"].is_null());
    CHECK(runs.to_json(exercise, kTrainer)["scenario"] == "cipher/x");
}

TEST_CASE("one learner cannot take all the runs", "[lab][runs]")
{
    const ConnectionLog log;
    ClientRuns runs(log);
    std::uint64_t first = 0;
    for (std::size_t count = 0; count < ClientRuns::kMostUnendedOfOne; ++count) first = runs.open(run_of("Ada"));
    CHECK_THROWS_AS(runs.open(run_of("Ada")), Problem);
    CHECK_NOTHROW(runs.open(run_of("Grace")));
    runs.end(first, failed(""));
    CHECK_NOTHROW(runs.open(run_of("Ada")));
}

TEST_CASE("the oldest runs make room, those under way never", "[lab][runs]")
{
    const ConnectionLog log;
    ClientRuns runs(log);
    for (std::size_t count = 0; count < ClientRuns::kMostKept + 5; ++count) {
        const auto id = runs.open(run_of(""));
        runs.end(id, failed(""));
    }
    CHECK_FALSE(runs.find(5));
    CHECK(runs.find(6));
    CHECK(runs.recent().front().id == ClientRuns::kMostKept + 5);
    CHECK(runs.recent().size() == ClientRuns::kMostListed);
}
