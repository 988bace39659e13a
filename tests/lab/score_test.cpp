// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/exercise_results.h"
#include "client-checks/lab/exercise_score.h"

#include <catch2/catch.hpp>

using namespace alert40;

namespace {

Score scored(Hit cause, Hit fix, int cost = 0, int asked = 0, int wrong = 0)
{
    return score_of({cause, fix, cost, asked, wrong});
}

} // namespace

TEST_CASE("cause and fix from the ticket alone are a hundred points", "[lab][score]")
{
    CHECK(scored(Hit::exact, Hit::exact).total == 100);
}

TEST_CASE("evidence and wrong answers cost, and each has its limit", "[lab][score]")
{
    CHECK(scored(Hit::exact, Hit::exact, 12, 2).total == 88);
    CHECK(scored(Hit::exact, Hit::exact, 90, 9).total == 60);
    CHECK(scored(Hit::exact, Hit::exact, 0, 0, 2).total == 80);
    CHECK(scored(Hit::exact, Hit::exact, 0, 0, 9).total == 70);
}

TEST_CASE("a cause that the evidence cannot separate counts as right, and a little less", "[lab][score]")
{
    CHECK(scored(Hit::inseparable, Hit::inseparable).total == 70);
    CHECK(scored(Hit::inseparable, Hit::exact).total == 90);
}

TEST_CASE("a wrong cause is nothing, whatever the fix, and no score is below zero", "[lab][score]")
{
    CHECK(scored(Hit::wrong, Hit::exact).total == 0);
    CHECK(scored(Hit::inseparable, Hit::wrong, 100, 9, 9).total == 0);
}

TEST_CASE("the lines of a score add up to it", "[lab][score]")
{
    const auto score = scored(Hit::exact, Hit::wrong, 17, 3, 1);
    int sum = 0;
    for (const auto& line : score.lines) sum += line.points;
    CHECK(sum == score.total);
    CHECK(score.total == 33);
}

TEST_CASE("CSV fields are quoted as RFC 4180 says", "[lab][csv]")
{
    CHECK(csv_field("plain") == "plain");
    CHECK(csv_field("Ann, \"the first\"") == "\"Ann, \"\"the first\"\"\"");
    CHECK(csv_field("two\nlines") == "\"two\nlines\"");
    CHECK(csv_field("") == "");
}

TEST_CASE("a learner's name is no formula of a spreadsheet", "[lab][csv]")
{
    CHECK(csv_field("=HYPERLINK(\"http://x\")") == "\"'=HYPERLINK(\"\"http://x\"\")\"");
    CHECK(csv_field("+1") == "'+1");
    CHECK(csv_field("-1") == "'-1");
    CHECK(csv_field("@sum") == "'@sum");
    CHECK(csv_field("\tx") == "'\tx");
    CHECK(csv_field("a=b") == "a=b");
}

TEST_CASE("results are lines of as many fields as the header, each ended by CRLF", "[lab][csv]")
{
    ResultRow row;
    row.exercise = "3";
    row.learner = "=Ann";
    row.state = "solved";
    row.fix_right = true;
    row.asked = {"chain", "ladder"};
    row.score = 81;
    const auto text = results_csv({row});
    CHECK(text ==
          "exercise,learner,curriculum,step,level,started,seconds,state,scenario,cause,answered,fix,asked,cost,wrong_"
          "answers,score\r\n3,'=Ann,,,0,1970-01-01T00:00:00Z,0,solved,,,,right,chain ladder,0,0,81\r\n");
}
