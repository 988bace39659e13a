// SPDX-License-Identifier: GPL-2.0-or-later
// What a rule finds: a cause, how sure, and why.
#pragma once

#include "client-checks/diagnosis/evidence.h"

namespace alert40 {

/// `certain`: no other cause leaves this evidence, unless two rare things meet: an offer that its client was made to
/// narrow, and a server that lacks what every server has (that cause is then listed behind, as possible). `likely`: the
/// evidence points here. `possible`: it fits.
enum class Confidence { certain, likely, possible };

std::string_view name(Confidence confidence);

struct Finding {
    std::string cause; // an id of scenarios/causes
    Confidence confidence = Confidence::possible;
    std::vector<std::string> because;       // facts of the evidence, each a sentence without full stop
    std::vector<std::string> excludes = {}; // what the evidence rules out, with the reason; the same form
};

/// A rule looks at the evidence for its one cause; nullopt where the evidence does not fit.
using Rule = std::optional<Finding> (*)(const Evidence& evidence);

struct RuleEntry {
    std::string_view cause;
    Rule rule;
};

/// In order of precedence among equals.
std::span<const RuleEntry> all_rules();

/// The handshake completed, and the client says nothing of a failure: there is nothing to find.
bool succeeded(const Evidence& evidence);

/// The ranked findings, most confident first.
std::vector<Finding> diagnose(const Evidence& evidence);

} // namespace alert40
