// SPDX-License-Identifier: GPL-2.0-or-later
// A log of any bytes, read with the shipped words of OpenSSL, nginx and the servers' pages.
#include "client-checks/logs/failures.h"

#include <cstdlib>
#include <sstream>

using namespace alert40;

namespace {

Vocabulary some_words()
{
    const std::filesystem::path folder = ALERT40_LEXICONS;
    Vocabulary words;
    for (const auto& [speaker, file] :
         {std::pair(Speaker::page, "pages/http.toml"), std::pair(Speaker::server, "servers/nginx.toml"),
          std::pair(Speaker::server, "servers/openssl.toml"), std::pair(Speaker::library, "openssl.toml")}) {
        Lexicon lexicon = load_lexicon(folder / file);
        std::string name = lexicon.library;
        words.voices.push_back({speaker, std::move(name), {}, std::move(lexicon)});
    }
    return words;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const Vocabulary words = some_words();
    static const WordIndex index(words);
    std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
    LineReader reader(in);
    FailureFinder finder(index);
    std::size_t last = 0;
    while (const auto line = reader.next()) {
        if (line->text.size() > LineReader::kLongest || line->number < last) std::abort();
        last = line->number;
        finder.read(*line);
    }
    if (reader.octets() != size) std::abort();
    const LogFailures found = finder.take();
    for (const auto& failure : found.failures) {
        if (failure.voice == nullptr || failure.symptoms.empty() || failure.lines.empty()) std::abort();
        if (failure.last_line > last || failure.lines.front().number == 0) std::abort();
    }
    return 0;
}
