// SPDX-License-Identifier: GPL-2.0-or-later
// One TLS library's words and manners: client-checks/lexicons/<library>.toml.
//
//     [[says]]                                    in order of precedence: the first line that matches decides
//     pattern = 'SSL alert number (\d+)'          ECMAScript regular expression, searched in each line of
//                                                 stdout, then of stderr
//     alert = "number"                            the first group is an alert: "number" decimal, "openssl-reason" three
//                                                 hexadecimal digits of 1000 + alert, "name" the RFC's name
//     sent = true                                 the alert is one that the client sent: a server's log, a debug output
//     status = true                               the first group is an HTTP status
//     means = ["verify:expired"]                  or what it means: all that it can mean
//     exit_code = 35                              instead of, or beside, the pattern
//     example = "..."                             a text that matches; the tests hold the file to it
//     seen = "OpenSSL 3.0.19 s_client, Debian 12"
//
//     [manners]                                   what the library does on the wire for each reason to reject
//     "verify:expired" = "alert:certificate_expired"        or "close", "reset", "accepts"
//     "*" = "close"                               all others, also those that it would inherit, and whatever
//                                                 alert a scenario names for the library
//
//     [[differs]]                                 where it differs from what many scenarios expect (expectation.h)
//
//     marks = ['while SSL handshaking, client:']  of a server: patterns of lines that only the server's side writes.
//     What
//                                                 a library says in such a line is said of the other end (roles.h)
//
//     like = "openssl"                            another lexicon, that this one adds to: its lines come after this
//                                                 one's, its manners and differences hold where this one says nothing
#pragma once

#include "client-checks/lexicons/symptom.h"
#include "scenarios/loader/expectation.h"
#include "scenarios/loader/toml_value.h"

#include <filesystem>
#include <map>
#include <regex>

namespace alert40 {

/// How a client's rejection shows on the wire.
struct Manner {
    enum class Kind { alert, close, reset, accepts };
    Kind kind = Kind::close;
    AlertDescription alert{}; // with Kind::alert

    bool operator==(const Manner&) const = default;
};

using Manners = std::map<std::string, Manner, std::less<>>; // by the symptom's text
constexpr std::string_view kEveryReason = "*";              // in its place: every reason that is not named

enum class AlertCapture { none, number, openssl_reason, name };

struct LexiconLine {
    SourcePos where;
    std::optional<std::regex> pattern;
    std::string pattern_text;
    std::vector<std::string> literals; // needed_literals(pattern_text)
    bool at_begin = false;             // the pattern matches at a line's begin alone
    std::optional<int> exit_code;
    AlertCapture alert = AlertCapture::none;
    bool sent = false;   // the alert is one that the client sent
    bool status = false; // the first group is an HTTP status
    SymptomSet means;
    std::string example;
    std::string seen;
};

struct Lexicon {
    std::string library;
    Located<std::string> like; // empty: it stands alone
    std::vector<LexiconLine> lines;
    std::vector<std::string> marks; // ECMAScript patterns
    Manners manners;
    std::vector<Deviation> differs;
    std::vector<std::string> lineage; // the lexicons that it is like, the eldest first, and itself
};

/// What a client printed and how it exited.
struct ClientOutput {
    std::string_view output;
    std::string_view errors;
    int exit_code = 0;
};

struct Reading {
    SymptomSet symptoms;               // empty: no line matched
    std::string says;                  // the client's own words: the whole line that matched, as line_search.h gives it
    const LexiconLine* line = nullptr; // lives as long as the lexicon
    std::string matched;               // of `says`, what the line's pattern matched; empty for an exit status alone
};

/// One file, without what it is like. Throws InputError.
Lexicon load_lexicon(const std::filesystem::path& path);
/// All of them, each with what it is like put to its own. Throws InputError.
std::map<std::string, Lexicon, std::less<>> load_lexicons(const std::filesystem::path& data);

/// Reads [[says]]. Throws InputError.
std::vector<LexiconLine> read_lines(const TomlValue& value);

/// Reads a [manners] table. Throws InputError.
Manners read_manners(const TomlValue& value);

Reading read_output(const Lexicon& lexicon, const ClientOutput& output);

/// What one line of a lexicon makes of the output; no symptoms where it does not match.
Reading read_line(const LexiconLine& line, const ClientOutput& output);

} // namespace alert40
