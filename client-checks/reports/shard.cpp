// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/reports/shard.h"

#include "scenarios/loader/input_error.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <numeric>

namespace alert40 {
namespace {

constexpr unsigned kMostShards = 10'000;

/// FNV-1a, 64 bits: the same on every machine, which std::hash is not.
std::uint64_t hash_of(std::string_view text)
{
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001B3;
    return hash;
}

/// 0 where it is no number.
unsigned number(std::string_view text)
{
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? value : 0;
}

} // namespace

Shard parse_shard(std::string_view text)
{
    const auto slash = text.find('/');
    const auto index = number(text.substr(0, slash));
    const auto count = slash == std::string_view::npos ? 0 : number(text.substr(slash + 1));
    if (index == 0 || index > count || count > kMostShards)
        throw InputError(fmt::format("'{}' is not I/N, part I of N", text), "--shard 1/4 to --shard 4/4");
    return {index, count};
}

std::vector<bool> scenarios_of(const Shard& shard, const std::vector<std::string>& ids)
{
    std::vector<std::size_t> order(ids.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
        return std::pair(hash_of(ids[left]), ids[left]) < std::pair(hash_of(ids[right]), ids[right]);
    });
    std::vector<bool> ours(ids.size());
    for (std::size_t rank = 0; rank < order.size(); ++rank) ours[order[rank]] = rank % shard.count == shard.index - 1;
    return ours;
}

std::string run_digest(std::vector<std::string> ids, std::vector<std::string> clients, std::string_view settings)
{
    std::sort(ids.begin(), ids.end());
    std::sort(clients.begin(), clients.end());
    const auto text = fmt::format("{}\n\n{}\n\n{}", fmt::join(ids, "\n"), fmt::join(clients, "\n"), settings);
    return fmt::format("{:016x}", hash_of(text));
}

} // namespace alert40
