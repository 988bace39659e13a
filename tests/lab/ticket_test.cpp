// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/exercise_pool.h"
#include "client-checks/lab/exercise_ticket.h"
#include "scenarios/loader/catalogue.h"
#include "tests/source_dir.h"

#include <catch2/catch.hpp>

using namespace alert40;

TEST_CASE("no ticket of any exercise holds the id, the title or a telling word of its cause", "[lab][ticket]")
{
    const auto scenarios = load_scenarios(scenario_files(test_source_dir()));
    const auto causes = load_causes(test_source_dir());
    const ExercisePool pool(scenarios, causes);
    const TicketWriter writer(causes);
    REQUIRE(pool.entries().size() > 300);
    for (const auto& entry : pool.entries()) {
        const Cause& cause = causes.find(entry.scenario->cause.value)->second;
        for (const bool neutral : {false, true}) {
            const auto ticket =
                writer.ticket(*entry.scenario, cause, "curl (OpenSSL) 7.88.1", "t1.ticket.localhost:40111", neutral);
            INFO(entry.scenario->id << ": " << ticket);
            CHECK(ticket.find(cause.id) == std::string::npos);
            CHECK(ticket.find(cause.title) == std::string::npos);
            CHECK(ticket.find(entry.scenario->title) == std::string::npos);
            CHECK_FALSE(writer.names(ticket, cause));
        }
    }
}

TEST_CASE("most tickets keep something of what the customer tells", "[lab][ticket]")
{
    const auto scenarios = load_scenarios(scenario_files(test_source_dir()));
    const auto causes = load_causes(test_source_dir());
    const ExercisePool pool(scenarios, causes);
    const TicketWriter writer(causes);
    std::size_t told = 0;
    for (const auto& entry : pool.entries())
        told += writer.account(*entry.scenario, causes.find(entry.scenario->cause.value)->second).empty() ? 0 : 1;
    CHECK(told * 10 > pool.entries().size() * 7);
}

TEST_CASE("words that many causes have in their names tell nothing", "[lab][ticket]")
{
    const auto causes = load_causes(test_source_dir());
    const TicketWriter writer(causes);
    const Cause& expired = causes.find("certificate-expired")->second;
    CHECK(writer.names("Somebody says that it expires today", expired));
    CHECK_FALSE(writer.names("The server's certificate was renewed", expired));
}

TEST_CASE("sentences are split behind their stops, and host names are not", "[lab][ticket]")
{
    const auto found = sentences("\"It works.  Then it\ndoes not!   Ask www.alert40.test why?\"");
    REQUIRE(found.size() == 3);
    CHECK(found[1] == "Then it does not!");
    CHECK(found[2] == "Ask www.alert40.test why?");
    CHECK(sentences("").empty());
    CHECK(sentences(" \n ").empty());
}

TEST_CASE("endings do not make another word", "[lab][ticket]")
{
    CHECK(word_stems("Expired, expires; EXPIRE") == std::vector<std::string>{"expir", "expir", "expir"});
    CHECK(word_stems("a 1 ok").size() == 1);
}
