// SPDX-License-Identifier: GPL-2.0-or-later
// The order among findings of one confidence, by what the wire shows: which of the causes that leave such an end is the
// more usual one, given what was offered, how long the messages are, and who speaks by which alert. It claims nothing:
// confidences stay as the rules gave them.
#pragma once

#include "client-checks/diagnosis/finding.h"

namespace alert40 {

/// Sorts `findings`, the most confident first, among equals the more usual. Evidence without a wire is left alone.
void rank_by_wire(std::vector<Finding>& findings, const Evidence& evidence);

/// The ClientHello is one of OpenSSL or mbedTLS, which name the reason in their alert (45, 48, 43, 42), where others
/// have one alert for all certificates: it has the signalling suite of RFC 5746 and encrypt_then_mac (RFC 7366).
bool alerts_name_reasons(const ClientHello& hello);

} // namespace alert40
