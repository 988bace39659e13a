// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/exercise_ticket.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace alert40 {
namespace {

bool is_word(char letter)
{
    return std::isalnum(static_cast<unsigned char>(letter)) != 0;
}

std::string stem(std::string word)
{
    constexpr std::size_t kLeastStem = 3;
    for (const std::string_view ending : {"ing", "ion", "ed", "es", "s", "e"})
        if (word.ends_with(ending) && word.size() >= ending.size() + kLeastStem)
            return word.substr(0, word.size() - ending.size());
    return word;
}

/// Words without a meaning of their own.
const std::set<std::string>& empty_words()
{
    static const std::set<std::string> words = [] {
        std::set<std::string> stems;
        for (const std::string_view word :
             {"the",  "is",   "not",     "of",      "an",   "no",    "by",   "that",   "this", "to",   "and",
              "or",   "for",  "with",    "without", "one",  "other", "it",   "its",    "in",   "on",   "at",
              "as",   "has",  "have",    "be",      "been", "from",  "them", "cannot", "does", "do",   "more",
              "some", "than", "nothing", "are",     "too",  "was",   "but",  "out",    "up",   "only", "itself"})
            stems.insert(stem(std::string(word)));
        return stems;
    }();
    return words;
}

} // namespace

std::vector<std::string> word_stems(std::string_view text)
{
    std::vector<std::string> stems;
    std::string word;
    const auto end_word = [&] {
        if (word.size() >= 2) stems.push_back(stem(std::move(word)));
        word.clear();
    };
    for (const char letter : text) {
        if (is_word(letter))
            word += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
        else
            end_word();
    }
    end_word();
    return stems;
}

std::vector<std::string> sentences(std::string_view text)
{
    std::string flat;
    for (const char letter : text) {
        const bool space = std::isspace(static_cast<unsigned char>(letter)) != 0;
        if (space && (flat.empty() || flat.back() == ' ')) continue;
        flat += space ? ' ' : letter;
    }
    while (!flat.empty() && flat.back() == ' ') flat.pop_back();
    if (flat.size() >= 2 && flat.front() == '"' && flat.back() == '"') flat = flat.substr(1, flat.size() - 2);
    std::vector<std::string> found;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < flat.size(); ++at) {
        const bool stop = flat[at] == '.' || flat[at] == '!' || flat[at] == '?';
        if (!stop || at + 1 >= flat.size() || flat[at + 1] != ' ') continue;
        found.push_back(flat.substr(begin, at + 1 - begin));
        begin = at + 2;
    }
    if (begin < flat.size()) found.push_back(flat.substr(begin));
    return found;
}

TicketWriter::TicketWriter(const CauseCatalogue& causes)
{
    for (const auto& [id, cause] : causes) {
        const auto words = word_stems(id + " " + cause.title);
        for (const auto& word : std::set<std::string>(words.begin(), words.end())) ++causes_with_[word];
    }
}

std::set<std::string> TicketWriter::telling_words(const Cause& cause) const
{
    std::set<std::string> telling;
    for (const auto& word : word_stems(cause.id + " " + cause.title)) {
        const auto known = causes_with_.find(word);
        const bool shared = known != causes_with_.end() && known->second > kSharedBy;
        if (!shared && !empty_words().contains(word)) telling.insert(word);
    }
    return telling;
}

bool TicketWriter::names(std::string_view text, const Cause& cause) const
{
    const auto telling = telling_words(cause);
    const auto words = word_stems(text);
    return std::ranges::any_of(words, [&](const auto& word) { return telling.contains(word); });
}

std::string TicketWriter::account(const Scenario& scenario, const Cause& cause) const
{
    std::string kept;
    for (const auto& sentence : sentences(scenario.story))
        if (!names(sentence, cause)) kept += (kept.empty() ? "" : " ") + sentence;
    return kept;
}

std::string TicketWriter::ticket(const Scenario& scenario, const Cause& cause, std::string_view client,
                                 std::string_view address, bool without_account) const
{
    std::string text = fmt::format("We have trouble with {} at {}. Its output is below; please help.", client, address);
    const auto told = without_account ? std::string() : account(scenario, cause);
    return told.empty() ? text : fmt::format("\"{}\"\n\n{}", told, text);
}

} // namespace alert40
