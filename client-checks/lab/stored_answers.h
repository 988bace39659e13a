// SPDX-License-Identifier: GPL-2.0-or-later
// What every client said to every scenario, from a stored run: the file that scripts/make-answers writes, or a result
// of `alert40-check run --report json=PATH`.
//
//     {"schema": 1, "from": "2026-11-21",
//      "clients": [["curl", "7.88.1", "openssl"], ...],          name, version, library
//      "words": ["server-alert", ...],                          each text once
//      "answers": {"cipher/x": [[0, 0, 1, 2, 3], ...], ...}}     client; ends, alert, symptom, says as places in words
#pragma once

#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>

namespace alert40 {

/// Any thread may use it. The file is read when it is first asked for.
class StoredAnswers {
public:
    /// `results`: a result file; empty: the file that comes with the data, client-checks/lab/answers.json.
    StoredAnswers(const std::filesystem::path& data, std::filesystem::path results);

    /// Reads it now. Throws InputError where the file cannot be read or says what cannot be.
    void load();

    /// {"answers": [{"client", "version", "library", "symptom", "says", "ends", "alert"}], "from"} of one scenario; an
    /// empty list where the run had none of it. Throws InputError as load().
    nlohmann::ordered_json of_scenario(const std::string& id);

private:
    void load_once();

    bool is_result_;
    std::filesystem::path path_;
    std::mutex mutex_;
    bool loaded_ = false;
    std::string from_;
    std::map<std::string, nlohmann::ordered_json> answers_; // by scenario
};

} // namespace alert40
