// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/clients/definition.h"
#include "client-checks/lexicons/vocabulary.h"
#include "scenarios/loader/data_files.h"

namespace alert40 {
namespace {

void load_folder(const std::filesystem::path& folder, Speaker speaker, std::vector<Voice>& voices)
{
    for (const auto& path : toml_files(folder)) {
        Lexicon lexicon = load_lexicon(path);
        std::string stem = lexicon.library;
        voices.push_back({speaker, std::move(stem), {}, std::move(lexicon)});
    }
}

void load_client_words(const std::filesystem::path& data, const std::vector<std::filesystem::path>& more,
                       std::vector<Voice>& voices)
{
    for (const auto& client : load_clients(data, more)) {
        if (!client.says) continue;
        Lexicon own;
        own.library = client.library;
        own.lines = read_lines(*client.says);
        voices.push_back({Speaker::client, client.name, client.library, std::move(own)});
    }
}

} // namespace

Vocabulary load_vocabulary(const std::filesystem::path& data, const std::vector<std::filesystem::path>& more)
{
    const auto folder = data / "client-checks" / "lexicons";
    Vocabulary words;
    load_folder(folder / "pages", Speaker::page, words.voices);
    load_folder(folder / "servers", Speaker::server, words.voices);
    load_client_words(data, more, words.voices);
    load_folder(folder, Speaker::library, words.voices);
    words.libraries = load_lexicons(data);
    return words;
}

} // namespace alert40
