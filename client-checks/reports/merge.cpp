// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/reports/merge.h"

#include "scenarios/loader/input_error.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

namespace alert40 {
namespace {

void check_one_run(const std::vector<ResultFile>& files)
{
    const ResultFile& first = files.front();
    for (const auto& file : files) {
        if (!file.result.shard)
            throw InputError(fmt::format("{} is a part of a run, {} is a run of its own", first.path, file.path),
                             "merge the parts first");
        const auto &one = *first.result.shard, &other = *file.result.shard;
        if (one.count != other.count)
            throw InputError(
                fmt::format("{} is one of {} parts, {} one of {}", first.path, one.count, file.path, other.count));
        if (one.of != other.of)
            throw InputError(fmt::format("{} and {} are parts of different runs", first.path, file.path),
                             "each part runs the same scenarios, clients and options, on the same version");
    }
}

void check_all_parts(const std::vector<ResultFile>& files)
{
    std::map<unsigned, std::string> parts;
    for (const auto& file : files) {
        const auto [there, added] = parts.emplace(file.result.shard->index, file.path);
        if (!added)
            throw InputError(fmt::format("{} and {} are both part {}/{}", there->second, file.path,
                                         file.result.shard->index, file.result.shard->count));
    }
    const unsigned count = files.front().result.shard->count;
    std::vector<std::string> missing;
    for (unsigned index = 1; index <= count && missing.size() < 10; ++index)
        if (!parts.contains(index)) missing.push_back(fmt::format("{}/{}", index, count));
    if (!missing.empty())
        throw InputError(fmt::format("{} of {} parts {} missing: {}", count - parts.size(), count,
                                     count - parts.size() == 1 ? "is" : "are", fmt::join(missing, ", ")));
}

std::string version_text(const ResultClient& client)
{
    return client.absent.empty() ? client.version : client.absent;
}

void add_clients(RunResult& merged, std::map<std::string, std::string>& origin, const ResultFile& file)
{
    for (const auto& client : file.result.clients) {
        const auto [from, added] = origin.emplace(client.name, file.path);
        if (added)
            merged.clients.push_back(client);
        else if (!(*merged.client(client.name) == client))
            throw InputError(fmt::format("{} is not the same client in both: {} in {}, {} in {}", client.name,
                                         version_text(*merged.client(client.name)), from->second, version_text(client),
                                         file.path),
                             "the machines of one run have the same clients");
    }
}

/// Where each scenario of `merged` stands, and which file each of its cells is from.
struct Index {
    std::map<std::string, std::size_t> scenarios;
    std::map<std::pair<std::string, std::string>, std::string> cells;
};

void add_scenarios(RunResult& merged, Index& index, ResultFile& file)
{
    for (auto& scenario : file.result.scenarios) {
        for (const auto& cell : scenario.cells) {
            const auto [from, added] = index.cells.emplace(std::pair(scenario.name, cell.client), file.path);
            if (!added)
                throw InputError(
                    fmt::format("{} with {} is in {} and in {}", scenario.name, cell.client, from->second, file.path));
        }
        const auto [there, added] = index.scenarios.emplace(scenario.name, merged.scenarios.size());
        if (added) {
            merged.scenarios.push_back(std::move(scenario));
            continue;
        }
        auto& cells = merged.scenarios[there->second].cells;
        cells.insert(cells.end(), std::make_move_iterator(scenario.cells.begin()),
                     std::make_move_iterator(scenario.cells.end()));
    }
}

void add_run(RunResult& merged, const RunResult& part)
{
    merged.complete = merged.complete && part.complete;
    if (merged.interrupted.empty()) merged.interrupted = part.interrupted;
    if (merged.started.empty() || (!part.started.empty() && part.started < merged.started))
        merged.started = part.started;
    merged.wall = std::max(merged.wall, part.wall);
    for (const auto& asked : part.asked)
        if (std::find(merged.asked.begin(), merged.asked.end(), asked) == merged.asked.end())
            merged.asked.push_back(asked);
}

} // namespace

RunResult merge(std::vector<ResultFile> files)
{
    const bool parts =
        std::any_of(files.begin(), files.end(), [](const auto& file) { return file.result.shard.has_value(); });
    if (parts) {
        // The one that is a part first, for the words of the errors.
        std::stable_partition(files.begin(), files.end(),
                              [](const auto& file) { return file.result.shard.has_value(); });
        check_one_run(files);
        check_all_parts(files);
    }
    RunResult merged;
    std::map<std::string, std::string> origin;
    Index index;
    for (auto& file : files) {
        add_clients(merged, origin, file);
        add_run(merged, file.result);
        add_scenarios(merged, index, file);
    }
    if (parts)
        std::stable_sort(merged.scenarios.begin(), merged.scenarios.end(),
                         [](const auto& left, const auto& right) { return left.place < right.place; });
    for (std::size_t place = 0; place < merged.scenarios.size(); ++place) merged.scenarios[place].place = place;
    return merged;
}

} // namespace alert40
