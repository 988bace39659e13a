// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lexicons/needed_literals.h"

#include <algorithm>
#include <charconv>

namespace alert40 {
namespace {

using Literals = std::vector<std::string>;

constexpr std::size_t kShortest = 3;
constexpr std::size_t kMostAlternatives = 64;
constexpr std::size_t kMostInClass = 4; // [Hh], [- ]

/// Of a part of a pattern: a text that matches it holds one of `any`; `whole`: matches are these texts and no others.
struct Needed {
    Literals any;
    bool whole = false;
};

std::size_t shortest(const Literals& literals)
{
    std::size_t least = literals.empty() ? 0 : literals.front().size();
    for (const auto& each : literals) least = std::min(least, each.size());
    return least;
}

/// What a sequence of parts needs: the literals of neighbours are put together as far as they go.
class Sequence {
public:
    void add(const Needed& part)
    {
        if (part.whole && !part.any.empty() && run_.size() * part.any.size() <= kMostAlternatives) {
            Literals longer;
            for (const auto& begin : run_)
                for (const auto& end : part.any) longer.push_back(begin + end);
            run_ = std::move(longer);
            return;
        }
        end_run();
        keep(part.any);
    }
    /// A part that needs nothing, or is not there at all.
    void add_unknown() { end_run(); }
    Needed take()
    {
        if (!broken_) return {run_, true};
        end_run();
        return {best_, false};
    }
    /// All that it needs, for who wants more than the best of it.
    NeededSets sets()
    {
        if (shortest(run_) >= kShortest) sets_.push_back(run_);
        return sets_;
    }

private:
    void end_run()
    {
        broken_ = true;
        keep(run_);
        run_ = {""};
    }
    void keep(const Literals& literals)
    {
        if (shortest(literals) > shortest(best_)) best_ = literals;
        if (shortest(literals) >= kShortest) sets_.push_back(literals);
    }

    Literals run_ = {""};
    Literals best_;
    NeededSets sets_;
    bool broken_ = false;
};

/// Reads a pattern from left to right; brackets nest at most kDeepest times, deeper ones need nothing.
class PatternReader {
public:
    explicit PatternReader(std::string_view pattern) : pattern_(pattern) {}

    Needed read_alternatives(int depth)
    {
        Needed all{{}, true};
        bool first = true;
        bool none = false;
        while (first || (at_ < pattern_.size() && pattern_[at_] == '|')) {
            if (!first) ++at_;
            first = false;
            const Needed one = read_sequence(depth).take();
            none = none || one.any.empty() || (!one.whole && shortest(one.any) == 0);
            all.whole = all.whole && one.whole;
            all.any.insert(all.any.end(), one.any.begin(), one.any.end());
        }
        if (none || all.any.size() > kMostAlternatives) return {};
        return all;
    }

    std::vector<NeededSets> read_ways()
    {
        std::vector<NeededSets> ways = {read_sequence(0).sets()};
        while (at_ < pattern_.size() && pattern_[at_] == '|') {
            ++at_;
            ways.push_back(read_sequence(0).sets());
        }
        return ways;
    }

private:
    static constexpr int kDeepest = 16;

    Sequence read_sequence(int depth)
    {
        Sequence sequence;
        while (at_ < pattern_.size() && pattern_[at_] != '|' && pattern_[at_] != ')') {
            const Needed part = read_part(depth);
            const bool optional = read_optional_quantifier();
            const bool repeated = !optional && read_plus();
            if (optional || part.any.empty())
                sequence.add_unknown();
            else if (repeated)
                sequence.add({part.any, false});
            else
                sequence.add(part);
        }
        return sequence;
    }

    Needed read_part(int depth)
    {
        const char c = pattern_[at_++];
        if (c == '(') return read_group(depth);
        if (c == '[') return read_class();
        if (c == '\\') return read_escape();
        if (c == '.' || c == '^' || c == '$') return {};
        return {{std::string(1, c)}, true};
    }

    Needed read_group(int depth)
    {
        const bool lookahead = pattern_.substr(at_).starts_with("?!") || pattern_.substr(at_).starts_with("?=");
        if (pattern_.substr(at_).starts_with('?')) at_ = std::min(at_ + 2, pattern_.size());
        if (depth >= kDeepest) {
            at_ = pattern_.size();
            return {};
        }
        Needed inside = read_alternatives(depth + 1);
        if (at_ < pattern_.size()) ++at_; // the closing bracket
        return lookahead ? Needed{} : inside;
    }

    Needed read_class()
    {
        Needed members{{}, true};
        bool plain = at_ < pattern_.size() && pattern_[at_] != '^';
        for (bool first = true; at_ < pattern_.size() && (first || pattern_[at_] != ']'); ++at_, first = false) {
            const char c = pattern_[at_];
            const bool range = c == '-' && !first && at_ + 1 < pattern_.size() && pattern_[at_ + 1] != ']';
            plain = plain && c != '\\' && c != '[' && !range;
            if (c == '\\') ++at_;
            members.any.emplace_back(1, c);
        }
        at_ = std::min(at_ + 1, pattern_.size());
        return plain && members.any.size() <= kMostInClass ? members : Needed{};
    }

    Needed read_escape()
    {
        if (at_ >= pattern_.size()) return {};
        const char c = pattern_[at_++];
        const bool letter_or_digit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter_or_digit) return {{std::string(1, c)}, true};
        if (c == 'x') return read_octet();
        if (c == 'u') at_ = std::min(at_ + 4, pattern_.size());
        if (c == 'c') at_ = std::min(at_ + 1, pattern_.size());
        return {};
    }

    /// The two digits behind "\\x".
    Needed read_octet()
    {
        unsigned value = 0;
        const auto digits = pattern_.substr(std::min(at_, pattern_.size()), 2);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        at_ = std::min(at_ + 2, pattern_.size());
        if (error != std::errc{} || end != digits.data() + 2) return {};
        return {{std::string(1, static_cast<char>(value))}, true};
    }

    /// `*`, `?`, `{...}`, and what makes them lazy.
    bool read_optional_quantifier()
    {
        if (at_ >= pattern_.size()) return false;
        const char c = pattern_[at_];
        if (c != '*' && c != '?' && c != '{') return false;
        at_ = c == '{' ? std::min(pattern_.find('}', at_), pattern_.size() - 1) + 1 : at_ + 1;
        if (at_ < pattern_.size() && pattern_[at_] == '?') ++at_;
        return true;
    }

    bool read_plus()
    {
        if (at_ >= pattern_.size() || pattern_[at_] != '+') return false;
        ++at_;
        if (at_ < pattern_.size() && pattern_[at_] == '?') ++at_;
        return true;
    }

    std::string_view pattern_;
    std::size_t at_ = 0;
};

} // namespace

std::vector<std::string> needed_literals(std::string_view pattern)
{
    auto needed = PatternReader(pattern).read_alternatives(0);
    if (shortest(needed.any) < kShortest) return {};
    return needed.any;
}

std::vector<NeededSets> needed_ways(std::string_view pattern)
{
    return PatternReader(pattern).read_ways();
}

} // namespace alert40
