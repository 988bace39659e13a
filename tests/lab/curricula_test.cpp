// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/curriculum_text.h"
#include "tests/source_dir.h"

#include <catch2/catch.hpp>

using namespace alert40;
using Catch::Matchers::Contains;

namespace {

std::string with_step(const std::string& step)
{
    return "title = 't'\nsummary = 's'\naudience = 'a'\nprepare = 'p'\n[[step]]\n" + step;
}

const std::string kTexts = "title = 'one'\nminutes = 5\nlook = 'l'\npoint = 'p'\nnotes = 'n'\n";

std::string refusal(const std::string& text)
{
    try {
        parse_curriculum(text, "c.toml", "c");
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

} // namespace

TEST_CASE("both curricula load, and name scenarios, families and causes that exist", "[lab][curriculum]")
{
    const auto curricula = load_curricula(test_source_dir(), load_causes(test_source_dir()));
    REQUIRE(curricula.size() == 2);
    CHECK(curricula[0].id == "alert-40-in-an-hour");
    CHECK(curricula[0].minutes() <= 60);
    CHECK(curricula[1].steps.size() >= 12);
    for (const auto& curriculum : curricula)
        for (const auto& step : curriculum.steps) {
            INFO(curriculum.id << ": " << step.title);
            CHECK_FALSE(step.questions.empty());
            CHECK((step.hidden || !step.commands.empty()));
        }
}

TEST_CASE("an unknown key of a step is refused at its place, with the nearest one", "[lab][curriculum]")
{
    const auto text = refusal(with_step(kTexts + "scenario = 'cipher/x'\nminuts = 3\n"));
    CHECK_THAT(text, Contains("c.toml:12:10: unknown key 'minuts'") && Contains("minutes"));
}

TEST_CASE("a step has either a scenario or a hidden one", "[lab][curriculum]")
{
    CHECK_THAT(refusal(with_step(kTexts)), Contains("either a scenario or hidden"));
    CHECK_THAT(refusal(with_step(kTexts + "scenario = 'a/b'\nhidden = { level = 1 }\n")),
               Contains("either a scenario or hidden"));
}

TEST_CASE("levels and minutes have ranges", "[lab][curriculum]")
{
    CHECK_THAT(refusal(with_step(kTexts + "hidden = { level = 4 }\n")), Contains("4 is out of range"));
    CHECK_THAT(refusal(with_step("title = 'one'\nminutes = 0\n")), Contains("0 is out of range"));
}

TEST_CASE("a scenario that does not exist is refused where it is named", "[lab][curriculum]")
{
    const auto curriculum = parse_curriculum(with_step(kTexts + "scenario = 'cipher/no-such'\n"), "c.toml", "c");
    CHECK_THROWS_WITH(check_names(curriculum, {}, {}), Contains("c.toml:11:12: unknown scenario 'cipher/no-such'"));
}

TEST_CASE("a learner is told neither the notes nor the answers nor a hidden cause", "[lab][curriculum]")
{
    const auto curriculum = parse_curriculum(with_step("title = 'one'\nminutes = 5\nlook = 'l'\npoint = 'p'\nnotes = "
                                                       "'for the trainer'\nhidden = { cause = 'weak-dh' }\n"
                                                       "[[step.question]]\nask = 'why?'\nanswer = 'because'\n"),
                                             "c.toml", "c");
    const auto told = curriculum_json(curriculum, false).dump() + handout(curriculum, false);
    CHECK_THAT(told, Contains("why?") && !Contains("because") && !Contains("for the trainer") && !Contains("weak-dh"));
    const auto notes = curriculum_json(curriculum, true).dump() + handout(curriculum, true);
    CHECK_THAT(notes, Contains("because") && Contains("for the trainer"));
}
