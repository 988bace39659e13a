// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/logs/line_reader.h"

#include <catch2/catch.hpp>

#include <sstream>

namespace alert40 {
namespace {

using Lines = std::vector<std::pair<std::size_t, std::string>>;

Lines lines_of(const std::string& text)
{
    std::istringstream in(text);
    LineReader reader(in);
    Lines lines;
    while (const auto line = reader.next()) lines.emplace_back(line->number, line->text);
    return lines;
}

TEST_CASE("lines are numbered from 1, with or without carriage returns and a last end", "[logs][reader]")
{
    CHECK(lines_of("a\r\nb\n\nc") == Lines{{1, "a"}, {2, "b"}, {3, ""}, {4, "c"}});
    CHECK(lines_of("").empty());
    CHECK(lines_of("\n") == Lines{{1, ""}});
}

TEST_CASE("a long line comes in pieces that overlap, all with its number", "[logs][reader]")
{
    const std::string needle = "SSL alert number 48";
    const std::string text = std::string(LineReader::kLongest - 9, 'x') + needle + std::string(20000, 'y') + "\nnext";
    const auto lines = lines_of(text);
    REQUIRE(lines.size() > 3);
    CHECK(lines.back() == std::pair<std::size_t, std::string>(2, "next"));
    bool found = false;
    for (const auto& [number, line] : lines) {
        CHECK(line.size() <= LineReader::kLongest);
        found = found || line.find(needle) != std::string::npos;
    }
    CHECK(found);
}

TEST_CASE("colours of a terminal are taken out, zeros become spaces", "[logs][reader]")
{
    CHECK(lines_of("\x1b[1;31mred\x1b[0m\n") == Lines{{1, "red"}});
    CHECK(lines_of(std::string("a\0b\n", 4) + "\x1b[") == Lines{{1, "a b"}, {2, ""}});
}

TEST_CASE("UTF-16 as Windows writes it is read, in either order of octets", "[logs][reader]")
{
    const auto wide = [](const std::string& text, bool little) {
        std::string octets = little ? "\xFF\xFE" : "\xFE\xFF";
        for (const char c : text) octets += little ? std::string{c, '\0'} : std::string{'\0', c};
        return octets;
    };
    for (const bool little : {true, false}) {
        const auto lines = lines_of(wide("first\r\nfatal alert code is 40", little));
        REQUIRE(lines.size() == 2);
        CHECK(lines[1].second == "fatal alert code is 40");
    }
}

TEST_CASE("megabytes without an end of line, or of zeros, are read in bounded memory", "[logs][reader]")
{
    for (const char octet : {'x', '\0', '\xFF'}) {
        std::istringstream in(std::string(4 * 1024 * 1024, octet));
        LineReader reader(in);
        while (const auto line = reader.next()) REQUIRE(line->text.size() <= LineReader::kLongest);
        CHECK(reader.octets() == 4U * 1024 * 1024);
    }
}

} // namespace
} // namespace alert40
