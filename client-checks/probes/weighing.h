// SPDX-License-Identifier: GPL-2.0-or-later
// A client's own failure laid beside a live diagnosis of the server that it failed with: what the experiments decide,
// and what they cannot see because it lies with the client, comes and goes, or is judged by what the client alone has.
#pragma once

#include "client-checks/diagnosis/diagnosis.h"

namespace alert40 {

/// `observed`: what the client's failure says by itself (diagnose()), ranked. Changes the findings, the state and the
/// notes of `live`; not its proof.
void weigh(Diagnosis& live, const std::vector<Finding>& observed);

/// Causes that experiments with one server cannot tell apart (the classes whose evidence is "live").
bool inseparable_live(const std::vector<IndistinguishableClass>& classes, std::string_view one, std::string_view other);

} // namespace alert40
