// SPDX-License-Identifier: GPL-2.0-or-later
// Which of the findings the evidence cannot tell apart: a diagnosis is right that names the class, most likely first,
// and wrong that claims certainty within it.
#pragma once

#include "client-checks/diagnosis/finding.h"
#include "scenarios/loader/cause.h"

namespace alert40 {

/// Whether a class holds for this evidence: "wire-and-text" always, "text" and "wire" where there is nothing else.
bool holds_for(const IndistinguishableClass& each, bool has_wire, bool has_text);

bool has_cause(const IndistinguishableClass& each, std::string_view cause);

/// The cause of the first of `findings` (ranked, as diagnose() returns them), then those of the others that have its
/// confidence or share a class with it. A certain one stands with none but certain ones. Empty without findings.
std::vector<std::string> first_class(const std::vector<Finding>& findings,
                                     const std::vector<IndistinguishableClass>& classes, bool has_wire, bool has_text);

/// Something else than `cause` was called certain.
bool falsely_certain(const std::vector<Finding>& findings, std::string_view cause);

} // namespace alert40
