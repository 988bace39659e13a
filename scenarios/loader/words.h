// SPDX-License-Identifier: GPL-2.0-or-later
// Closed lists of words in field tables: one list reads the word and becomes the schema's enum.
//
//   constexpr auto kTrusts = words<Trust>("set of roots", {{"run", Trust::run}, {"nothing", Trust::nothing}});
//   template <> struct Codec<Trust> : WordCodec<Trust, kTrusts> {};
#pragma once

#include "scenarios/loader/codecs.h"

#include <array>

namespace alert40 {

/// A closed list of words, each with its value.
template <class T, std::size_t Count> struct Words {
    std::string_view what;
    std::array<std::pair<std::string_view, T>, Count> words;

    std::vector<std::string> names() const
    {
        std::vector<std::string> names;
        for (const auto& [word, value] : words) names.emplace_back(word);
        return names;
    }
    T read(const TomlValue& value) const
    {
        const auto find = [this](std::string_view name) -> std::optional<T> {
            for (const auto& [word, meant] : words)
                if (word == name) return meant;
            return std::nullopt;
        };
        return read_name(value, what, find, names());
    }
};

template <class T, std::size_t Count>
constexpr Words<T, Count> words(std::string_view what, const std::pair<std::string_view, T> (&list)[Count])
{
    return {what, std::to_array(list)};
}

/// Codec of an enum whose words are `kWords`.
template <class T, const auto& kWords> struct WordCodec {
    static T read(const TomlValue& value) { return kWords.read(value); }
    static nlohmann::json schema() { return names_schema(kWords.names()); }
};

} // namespace alert40
