// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/logs/word_index.h"

#include "client-checks/lexicons/line_search.h"

#include <algorithm>

namespace alert40 {
namespace {

constexpr std::size_t kKey = 3;

std::size_t bucket_of(const char* at, std::size_t buckets)
{
    const auto octet = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(at[i])); };
    return ((octet(0) | octet(1) << 8U | octet(2) << 16U) * 0x9E3779B1U >> 10U) % buckets;
}

/// How much three octets stand out in a log: capitals, digits and signs are rarer than letters and spaces.
int rarity(std::string_view three)
{
    int points = 0;
    for (const char c : three) {
        if (c >= 'A' && c <= 'Z') points += 2;
        if (c == '_' || c == '\'' || c == '(' || c == '!' || c == '\\') points += 3;
        if (c == ' ' || c == ':' || (c >= '0' && c <= '9')) points -= 1;
    }
    return points;
}

std::size_t best_key(std::string_view literal)
{
    std::size_t best = 0;
    for (std::size_t at = 0; at + kKey <= literal.size(); ++at)
        if (rarity(literal.substr(at, kKey)) > rarity(literal.substr(best, kKey))) best = at;
    return best;
}

std::size_t shortest(const std::vector<std::string>& literals)
{
    return std::ranges::min(literals, {}, &std::string::size).size();
}

} // namespace

WordIndex::WordIndex(const Vocabulary& words) : buckets_(kBuckets)
{
    for (const auto& voice : words.voices) {
        for (const auto& mark : voice.lexicon.marks)
            add({&voice, nullptr, std::regex(mark, std::regex::ECMAScript | std::regex::optimize)}, mark);
        for (const auto& line : voice.lexicon.lines)
            if (line.pattern && !line.exit_code) add({&voice, &line, std::nullopt}, line.pattern_text);
    }
}

void WordIndex::add(IndexedWords words, std::string_view pattern)
{
    const auto index = static_cast<std::uint32_t>(all_.size());
    all_.push_back(std::move(words));
    auto ways = needed_ways(pattern);
    if (std::ranges::any_of(ways, [](const auto& sets) { return sets.empty(); }))
        always_.push_back(index);
    else
        for (auto& sets : ways) add_way(index, std::move(sets));
}

void WordIndex::add_way(std::uint32_t words, NeededSets sets)
{
    const auto best = std::ranges::max_element(sets, {}, [](const auto& set) { return shortest(set); });
    for (const auto& text : *best) {
        const auto key = best_key(text);
        const auto bucket = bucket_of(text.data() + key, kBuckets);
        buckets_[bucket].push_back({text, key, static_cast<std::uint32_t>(ways_.size())});
        filled_.set(bucket);
    }
    sets.erase(best);
    ways_.push_back({words, std::move(sets)});
}

void WordIndex::candidates(std::string_view text, std::vector<std::uint32_t>& found) const
{
    found.assign(always_.begin(), always_.end());
    for (std::size_t at = 0; at + kKey <= text.size(); ++at) {
        const auto bucket = bucket_of(text.data() + at, kBuckets);
        if (!filled_[bucket]) continue;
        for (const auto& literal : buckets_[bucket]) {
            if (literal.key_at > at) continue;
            if (text.substr(at - literal.key_at, literal.text.size()) != literal.text) continue;
            const Way& way = ways_[literal.way];
            if (std::ranges::all_of(way.also, [&](const auto& set) { return may_match(text, set); }))
                found.push_back(way.words);
        }
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
}

} // namespace alert40
