// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/stored_answers.h"

#include "client-checks/reports/result_file.h"
#include "client-checks/reports/words.h"
#include "scenarios/loader/input_error.h"

#include <fmt/format.h>
#include <fstream>

namespace alert40 {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr int kSchema = 1;
constexpr std::uintmax_t kLargestFile = 64 * 1024 * 1024;

ordered_json answer(const std::string& client, const std::string& version, const std::string& library,
                    const std::string& symptom, const std::string& says, const std::string& ends,
                    const std::string& alert)
{
    return {{"client", client}, {"version", version}, {"library", library}, {"symptom", symptom},
            {"says", says},     {"ends", ends},       {"alert", alert}};
}

json read_json(const std::filesystem::path& path)
{
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error) throw InputError(fmt::format("{}: {}", path.string(), error.message()));
    if (size > kLargestFile) throw InputError(fmt::format("{}: longer than {} octets", path.string(), kLargestFile));
    std::ifstream file(path, std::ios::binary);
    return json::parse(file);
}

/// The text at a place of `words`.
const std::string& word(const json& words, const json& place)
{
    return words.at(place.get<std::size_t>()).get_ref<const std::string&>();
}

/// The words with the scenario's name put in for {name}.
std::string with_name(std::string says, const std::string& scenario)
{
    constexpr std::string_view kName = "{name}";
    const auto slash = scenario.find('/');
    const auto name = fmt::format("{}.{}.localhost", scenario.substr(slash + 1), scenario.substr(0, slash));
    for (auto at = says.find(kName); at != std::string::npos; at = says.find(kName, at + name.size()))
        says.replace(at, kName.size(), name);
    return says;
}

std::map<std::string, ordered_json> read_answers(const json& file)
{
    const json& clients = file.at("clients");
    const json& words = file.at("words");
    std::map<std::string, ordered_json> all;
    for (const auto& [scenario, cells] : file.at("answers").items()) {
        auto list = ordered_json::array();
        for (const auto& cell : cells) {
            const json& client = clients.at(cell.at(0).get<std::size_t>());
            list.push_back(answer(client.at(0), client.at(1), client.at(2), word(words, cell.at(3)),
                                  with_name(word(words, cell.at(4)), scenario), word(words, cell.at(1)),
                                  word(words, cell.at(2))));
        }
        all.emplace(scenario, std::move(list));
    }
    return all;
}

std::map<std::string, ordered_json> answers_of(const RunResult& result)
{
    std::map<std::string, ordered_json> all;
    for (const auto& scenario : result.scenarios) {
        auto list = ordered_json::array();
        for (const auto& cell : scenario.cells) {
            const auto* client = result.client(cell.client);
            if (!cell.seen || client == nullptr) continue;
            const SeenRun& seen = *cell.seen;
            list.push_back(answer(client->name, client->version, client->library, seen.symptom, steady_words(seen),
                                  seen.ends, seen.alert));
        }
        all.emplace(scenario.name, std::move(list));
    }
    return all;
}

} // namespace

StoredAnswers::StoredAnswers(const std::filesystem::path& data, std::filesystem::path results)
    : is_result_(!results.empty()),
      path_(is_result_ ? std::move(results) : data / "client-checks" / "lab" / "answers.json")
{
}

void StoredAnswers::load()
{
    const std::lock_guard lock(mutex_);
    load_once();
}

void StoredAnswers::load_once()
{
    if (loaded_) return;
    if (is_result_) {
        const RunResult result = read_result(path_);
        from_ = result.started;
        answers_ = answers_of(result);
    } else {
        try {
            const json file = read_json(path_);
            if (file.at("schema") != kSchema)
                throw InputError(fmt::format("{}: not of schema {}", path_.string(), kSchema),
                                 "make it anew: scripts/make-answers");
            from_ = file.at("from");
            answers_ = read_answers(file);
        } catch (const json::exception& error) {
            throw InputError(fmt::format("{}: {}", path_.string(), error.what()), "make it anew: scripts/make-answers");
        }
    }
    loaded_ = true;
}

ordered_json StoredAnswers::of_scenario(const std::string& id)
{
    const std::lock_guard lock(mutex_);
    load_once();
    const auto found = answers_.find(id);
    return {{"answers", found == answers_.end() ? ordered_json::array() : found->second}, {"from", from_}};
}

} // namespace alert40
