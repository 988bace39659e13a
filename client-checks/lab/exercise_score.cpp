// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/exercise_score.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

ScoreLine cause_line(Hit hit)
{
    switch (hit) {
    case Hit::exact:
        return {kCausePoints, "The cause"};
    case Hit::inseparable:
        return {kInseparablePoints, "A cause that the evidence asked for cannot separate from it"};
    case Hit::wrong:
        return {0, "Not the cause"};
    }
    return {};
}

ScoreLine fix_line(Hit hit)
{
    switch (hit) {
    case Hit::exact:
        return {kFixPoints, "The fix"};
    case Hit::inseparable:
        return {kInseparableFixPoints, "The fix of a cause that the evidence cannot separate from it"};
    case Hit::wrong:
        return {0, "Not the fix"};
    }
    return {};
}

} // namespace

std::vector<std::string> scoring_rules()
{
    return {
        fmt::format(
            "The cause is worth {} points; {} where you named another one that the evidence you asked for cannot "
            "separate from it",
            kCausePoints, kInseparablePoints),
        fmt::format("The fix is worth {} points; {} for the fix of a cause that the evidence cannot separate from it",
                    kFixPoints, kInseparableFixPoints),
        fmt::format("Each thing asked for costs what stands beside it, {} points at most together", kMostEvidenceCost),
        fmt::format("Each wrong cause before the right one costs {} points, {} at most together", kWrongAnswerCost,
                    kMostWrongAnswerCost),
        "Your own clients against the server cost nothing; an exercise that is given up is worth nothing"};
}

Score score_of(const Scored& scored)
{
    Score score;
    score.lines.push_back(cause_line(scored.cause));
    if (scored.cause == Hit::wrong) return score; // it is not solved: nothing to add up
    score.lines.push_back(fix_line(scored.fix));
    if (scored.evidence_asked > 0)
        score.lines.push_back(
            {-std::min(scored.evidence_cost, kMostEvidenceCost),
             fmt::format("{} asked for, at {} (at most {} count)",
                         scored.evidence_asked == 1 ? "One thing" : fmt::format("{} things", scored.evidence_asked),
                         scored.evidence_cost, kMostEvidenceCost)});
    if (scored.wrong_answers > 0)
        score.lines.push_back({-std::min(scored.wrong_answers * kWrongAnswerCost, kMostWrongAnswerCost),
                               fmt::format("{} before", scored.wrong_answers == 1
                                                            ? "One wrong answer"
                                                            : fmt::format("{} wrong answers", scored.wrong_answers))});
    for (const auto& line : score.lines) score.total += line.points;
    score.total = std::max(score.total, 0);
    return score;
}

} // namespace alert40
