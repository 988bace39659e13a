// SPDX-License-Identifier: GPL-2.0-or-later
// What an answer is worth. Out of 100:
//
//     60   the cause; or 50 where another one was named that the evidence asked for cannot separate from it
//     40   the fix; or 20 for the fix of a cause that the evidence cannot separate from it
//    - c   for each thing asked for, its cost (exercise_evidence.h), 40 at most together
//    -10   for each wrong cause named before, 30 at most together
//
// Never below 0; what is given up, or not solved, is 0. Every number is told as a line of its own.
#pragma once

#include <string>
#include <vector>

namespace alert40 {

constexpr int kCausePoints = 60;
constexpr int kInseparablePoints = 50;
constexpr int kFixPoints = 40;
constexpr int kInseparableFixPoints = 20;
constexpr int kMostEvidenceCost = 40;
constexpr int kWrongAnswerCost = 10;
constexpr int kMostWrongAnswerCost = 30;

enum class Hit { wrong, inseparable, exact };

struct ScoreLine {
    int points = 0;
    std::string what; // a sentence without full stop
};

struct Score {
    int total = 0;
    std::vector<ScoreLine> lines; // their sum is the total, but that it is never below 0
};

struct Scored {
    Hit cause = Hit::wrong;
    Hit fix = Hit::wrong;
    int evidence_cost = 0;  // of all that was asked for
    int evidence_asked = 0; // things
    int wrong_answers = 0;  // before this one
};

Score score_of(const Scored& scored);

/// The rules above for learners, a sentence each.
std::vector<std::string> scoring_rules();

} // namespace alert40
