// SPDX-License-Identifier: GPL-2.0-or-later
// Cause pages: scenarios/causes/<cause>.toml says what a root cause is, how to confirm it and how to fix it;
// indistinguishable.toml lists the classes of causes that given evidence cannot separate.
#pragma once

#include "scenarios/loader/fields.h"
#include "scenarios/vocabulary/alert.h"

#include <map>

namespace alert40 {

struct ConfirmStep {
    std::string command; // with the placeholders {host} {port} {server_name} {ca} {client_cert} {client_key}
    std::string shows;
    std::string expect;   // a regular expression that the output matches, for the test that runs the command
    std::string fixed;    // the same for the fixed twin; empty: nothing is said of it
    std::string scenario; // the one to run it against; empty: the page's
};

struct Myth {
    std::string claim;
    std::string truth;
};

struct Cause {
    std::string id;
    std::string title;
    std::string family;
    std::vector<AlertDescription> alerts; // the most usual first
    std::string alert_by;                 // server, client, either, nobody
    std::string what;
    std::string why;
    std::string not_this;
    std::string scenario; // the one that shows it best; empty: the first of the catalogue with this cause
    std::vector<ConfirmStep> confirm;
    std::vector<std::pair<std::string, std::string>> fix; // software or "client" -> what to set
    std::vector<Myth> myths;
};

using CauseCatalogue = std::map<std::string, Cause, std::less<>>;

struct IndistinguishableClass {
    std::string evidence; // text, wire, wire-and-text, live (experiments with the one server)
    std::string when;
    std::vector<Located<std::string>> causes;
    std::string because;
    std::string separate; // the test that tells them apart
};

/// Reads <data>/scenarios/causes. Throws InputError, also for a class that names an unknown cause.
CauseCatalogue load_causes(const std::filesystem::path& data);
std::vector<IndistinguishableClass> load_indistinguishable(const std::filesystem::path& data,
                                                           const CauseCatalogue& causes);

} // namespace alert40
