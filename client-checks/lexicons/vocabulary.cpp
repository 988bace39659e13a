// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lexicons/vocabulary.h"

#include <algorithm>
#include <tuple>

namespace alert40 {
namespace {

bool is_end(const Symptom& symptom)
{
    constexpr std::string_view kEnds[] = {"connected", "silent",      "closed",      "reset",         "timeout",
                                          "refused",   "unreachable", "server:left", "server:timeout"};
    return std::find(std::begin(kEnds), std::end(kEnds), symptom.text()) != std::end(kEnds);
}

/// 0: nothing, 1: an HTTP status, 2: how it ended, 3: that it failed, 4: why.
int weight(const SymptomSet& symptoms)
{
    if (symptoms.empty()) return 0;
    const auto all = [&](auto&& is) { return std::all_of(symptoms.begin(), symptoms.end(), is); };
    if (all([](const Symptom& each) { return each.kind() == "http-status"; })) return 1;
    if (all(is_end)) return 2;
    const bool vague = std::any_of(symptoms.begin(), symptoms.end(), [](const Symptom& each) {
        return each.text() == "unspecified" || each.reason() == "unspecified";
    });
    constexpr std::size_t kTells = 4; // a text of more meanings says little more than that it failed
    return vague || symptoms.size() > kTells ? 3 : 4;
}

/// A number of two digits or more, or an IDENTIFIER_LIKE_THIS.
bool has_code(std::string_view text)
{
    std::size_t digits = 0;
    std::size_t capitals = 0;
    bool underscore = false;
    for (const char c : text) {
        digits = c >= '0' && c <= '9' ? digits + 1 : 0;
        const bool capital = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        underscore = (underscore && (capital || c == '_')) || (c == '_' && capitals > 1);
        capitals = capital ? capitals + 1 : (c == '_' ? capitals : 0);
        if (digits >= 2 || (underscore && capitals >= 4)) return true;
    }
    return false;
}

auto rank(const Reading& reading)
{
    return std::tuple(weight(reading.symptoms), has_code(reading.matched), reading.matched.size(),
                      -static_cast<std::ptrdiff_t>(reading.symptoms.size()));
}

/// A proxy's HTTP status is no reason where its log, in the same output, has one.
Reading read_beyond_status(const Lexicon& lexicon, const ClientOutput& output)
{
    Reading first = read_output(lexicon, output);
    if (weight(first.symptoms) != 1) return first;
    for (const auto& line : lexicon.lines) {
        if (line.status) continue;
        Reading other = read_line(line, output);
        if (weight(other.symptoms) > 2) return other;
    }
    return first;
}

Recognition read_voice(const Voice& voice, const ClientOutput& output)
{
    return {&voice, read_beyond_status(voice.lexicon, output)};
}

const Voice* find_voice(const Vocabulary& words, Speaker speaker, std::string_view called)
{
    const auto found = std::find_if(words.voices.begin(), words.voices.end(),
                                    [&](const Voice& each) { return each.speaker == speaker && each.name == called; });
    return found == words.voices.end() ? nullptr : &*found;
}

} // namespace

std::string_view name(Speaker speaker)
{
    switch (speaker) {
    case Speaker::page:
        return "page";
    case Speaker::server:
        return "server";
    case Speaker::client:
        return "client";
    case Speaker::library:
        return "library";
    }
    return "";
}

int weight_of(const Reading& reading)
{
    return weight(reading.symptoms);
}

bool says_more(const Reading& left, const Reading& right)
{
    return rank(left) > rank(right);
}

std::vector<Recognition> recognise(const Vocabulary& words, const ClientOutput& output)
{
    std::vector<Recognition> found;
    for (const auto& voice : words.voices) {
        auto one = read_voice(voice, output);
        if (!one.reading.symptoms.empty()) found.push_back(std::move(one));
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& left, const auto& right) { return says_more(left.reading, right.reading); });
    return found;
}

Recognition recognise_from(const Vocabulary& words, const ClientOutput& output, std::string_view client,
                           std::string_view library)
{
    for (const auto& voice : words.voices) {
        if (voice.speaker != Speaker::page) continue;
        auto one = read_voice(voice, output);
        if (!one.reading.symptoms.empty()) return one;
    }
    if (const auto* own = find_voice(words, Speaker::client, client)) {
        auto one = read_voice(*own, output);
        if (!one.reading.symptoms.empty()) return one;
    }
    const auto known = words.libraries.find(library);
    if (known != words.libraries.end()) {
        Recognition one{find_voice(words, Speaker::library, library), read_beyond_status(known->second, output)};
        if (!one.reading.symptoms.empty()) return one;
    }
    auto others = recognise(words, output);
    return others.empty() ? Recognition{} : std::move(others.front());
}

} // namespace alert40
