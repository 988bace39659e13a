// SPDX-License-Identifier: GPL-2.0-or-later
// A transcript for people, a line for each step.
#pragma once

#include "server/wire/transcript.h"

namespace alert40 {

/// "> client_hello (517 octets)", "< alert fatal handshake_failure (40)", "> FIN", "... 2.0 s": > is the client, < the
/// server. Equal records in a row are one line. At most 60 lines, of which the last says how many were left out.
std::vector<std::string> wire_steps(const Transcript& transcript);

} // namespace alert40
