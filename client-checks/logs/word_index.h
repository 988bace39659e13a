// SPDX-License-Identifier: GPL-2.0-or-later
// Which patterns of a vocabulary a line may match, found in one pass over its octets: a log is mostly other things.
#pragma once

#include "client-checks/lexicons/needed_literals.h"
#include "client-checks/lexicons/vocabulary.h"

#include <array>
#include <bitset>
#include <cstdint>

namespace alert40 {

/// One pattern: a line of a lexicon, or a mark of a server's side (then `line` is nullptr).
struct IndexedWords {
    const Voice* voice = nullptr;
    const LexiconLine* line = nullptr;
    std::optional<std::regex> mark;
};

class WordIndex {
public:
    /// `words` outlives the index.
    explicit WordIndex(const Vocabulary& words);

    /// Puts indices into all() into `found`, ascending: in the vocabulary's order.
    void candidates(std::string_view text, std::vector<std::uint32_t>& found) const;

    const std::vector<IndexedWords>& all() const { return all_; }
    /// Patterns without a literal: each is tried on every line, which is slow.
    std::size_t without_literal() const { return always_.size(); }

private:
    static constexpr std::size_t kBuckets = 1U << 14U;

    struct Literal {
        std::string text;
        std::size_t key_at = 0; // where its three octets of the bucket stand
        std::uint32_t way = 0;  // into ways_
    };
    struct Way {
        std::uint32_t words = 0;
        NeededSets also; // beside the set that is in the buckets
    };

    void add(IndexedWords words, std::string_view pattern);
    void add_way(std::uint32_t words, NeededSets sets);

    std::vector<IndexedWords> all_;
    std::vector<std::uint32_t> always_;
    std::vector<Way> ways_;
    std::vector<std::vector<Literal>> buckets_;
    std::bitset<kBuckets> filled_;
};

} // namespace alert40
