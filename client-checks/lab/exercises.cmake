# SPDX-License-Identifier: GPL-2.0-or-later
# Curricula and exercises: what the lab asks of its learners.
alert40_library(alert40_exercises
    LINK alert40_control alert40_diagnosis nlohmann_json::nlohmann_json
    SOURCES
        curricula.cpp curriculum_text.cpp exercise_answers.cpp exercise_choices.cpp exercise_configuration.cpp exercise_disguise.cpp
        exercise_evidence.cpp exercise_json.cpp exercise_pool.cpp exercise_results.cpp exercise_routes.cpp
        exercise_score.cpp exercise_ticket.cpp exercises.cpp
    HEADERS
        curricula.h curriculum_text.h exercise_choices.h exercise_disguise.h exercise_evidence.h exercise_pool.h exercise_results.h
        exercise_room.h exercise_score.h exercise_ticket.h exercises.h)
