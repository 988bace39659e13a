// SPDX-License-Identifier: GPL-2.0-or-later
// What follows from another's words than the client's: a server that says itself why it refused, or that the client
// sent an alert or left. A server's log has two directions: what it sent is its own refusal; what it received is the
// client's.
#pragma once

#include "client-checks/diagnosis/finding.h"

namespace alert40 {

/// Findings from evidence.reported; empty where it holds nothing.
std::vector<Finding> reported_findings(const Evidence& evidence);

} // namespace alert40
