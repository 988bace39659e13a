// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/exercise_choices.h"
#include "scenarios/loader/catalogue.h"
#include "tests/source_dir.h"

#include <catch2/catch.hpp>

using namespace alert40;

namespace {

struct Shipped {
    std::vector<Scenario> scenarios = load_scenarios(scenario_files(test_source_dir()));
    CauseCatalogue causes = load_causes(test_source_dir());
    ExercisePool pool{scenarios, causes};
};

const Shipped& shipped()
{
    static const Shipped all;
    return all;
}

} // namespace

TEST_CASE("controls and what connects are no exercises", "[lab][pool]")
{
    CHECK(shipped().pool.find("control/healthy-tls12") == nullptr);
    CHECK(shipped().pool.find("certificate/wrong-order-tls12") == nullptr);
    CHECK(shipped().pool.find("cipher/one-aead-only-tls12") != nullptr);
}

TEST_CASE("a level is the number of causes that end in the same way", "[lab][pool]")
{
    const auto& pool = shipped().pool;
    const auto* alpn = pool.find("alpn/no-application-protocol-tls12");
    CHECK(alpn->causes == 1);
    CHECK(alpn->level == 1);
    const auto* alert40 = pool.find("cipher/one-aead-only-tls12");
    CHECK(alert40->causes >= 5);
    CHECK(alert40->level == 3);
    for (int level = kLeastLevel; level <= kMostLevel; ++level)
        CHECK(std::ranges::count(pool.entries(), level, &PoolEntry::level) >= 40);
}

TEST_CASE("a choice is kept to: family, level, cause, scenario", "[lab][pool]")
{
    std::mt19937_64 random(1);
    for (int count = 0; count < 50; ++count) {
        PoolChoice choice;
        choice.family = "certificate";
        choice.level = 2;
        const auto* entry = shipped().pool.pick(choice, random);
        REQUIRE(entry != nullptr);
        CHECK(entry->scenario->family() == "certificate");
        CHECK(entry->level == 2);
    }
    PoolChoice named;
    named.scenario = "group/weak-dh-1024-tls12";
    CHECK(shipped().pool.pick(named, random)->scenario->id == named.scenario);
    PoolChoice nothing;
    nothing.family = "control";
    CHECK(shipped().pool.pick(nothing, random) == nullptr);
}

TEST_CASE("the same seed gives the same scenarios", "[lab][pool]")
{
    std::mt19937_64 one(7), other(7);
    for (int count = 0; count < 20; ++count) CHECK(shipped().pool.pick({}, one) == shipped().pool.pick({}, other));
}

TEST_CASE("what a learner just had does not come again, unless there is nothing else", "[lab][pool]")
{
    std::mt19937_64 random(3);
    PoolChoice choice;
    choice.family = "alpn";
    std::string before;
    for (int count = 0; count < 30; ++count) {
        const auto* entry = shipped().pool.pick(choice, random);
        CHECK(entry->scenario->id != before);
        before = entry->scenario->id;
        choice.never = before;
        choice.not_these.insert(before);
    }
    choice.scenario = before;
    CHECK(shipped().pool.pick(choice, random)->scenario->id == before);
}

TEST_CASE("every exercise has its own cause and fix among the choices, and nobody's fix twice", "[lab][choices]")
{
    const auto classes = load_indistinguishable(test_source_dir(), shipped().causes);
    std::mt19937_64 random(5);
    for (const auto& entry : shipped().pool.entries()) {
        INFO(entry.scenario->id);
        const auto choices = make_choices(entry, shipped().pool, shipped().causes, classes, random);
        CHECK(choices.causes.size() == choices_of_level(entry.level, shipped().causes.size()));
        CHECK(std::ranges::count(choices.causes, entry.scenario->cause.value) == 1);
        CHECK(std::ranges::count(choices.fixes, entry.scenario->fix->summary, &FixChoice::text) == 1);
        CHECK(std::ranges::count(choices.fixes, entry.scenario->cause.value, &FixChoice::cause) == 1);
        std::set<std::string> ids, texts;
        for (const auto& fix : choices.fixes) {
            ids.insert(fix.id);
            texts.insert(fix.text);
        }
        CHECK(ids.size() == choices.fixes.size());
        CHECK(texts.size() == choices.fixes.size());
    }
}

TEST_CASE("the place of the right fix tells nothing", "[lab][choices]")
{
    const auto classes = load_indistinguishable(test_source_dir(), shipped().causes);
    const auto* entry = shipped().pool.find("alpn/no-application-protocol-tls12");
    std::mt19937_64 random(11);
    std::set<std::string> places;
    for (int count = 0; count < 40; ++count)
        for (const auto& fix : make_choices(*entry, shipped().pool, shipped().causes, classes, random).fixes)
            if (fix.cause == entry->scenario->cause.value) places.insert(fix.id);
    CHECK(places.size() >= 5);
}
