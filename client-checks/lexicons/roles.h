// SPDX-License-Identifier: GPL-2.0-or-later
// A library has the same words on both sides of a connection. What it says in a server's log is said of the client: the
// alert that it received is one that the client sent, the certificate that it refused is the client's.
#pragma once

#include "client-checks/lexicons/symptom.h"

namespace alert40 {

/// What a reading as a client's words means where a server wrote them.
SymptomSet as_said_by_server(const SymptomSet& symptoms);

} // namespace alert40
