// SPDX-License-Identifier: GPL-2.0-or-later
// Where an old signature scheme helps: whether it is the server's certificates that are signed with it. Up to TLS 1.2
// signature_algorithms is about them too, and in TLS 1.3 where there is no signature_algorithms_cert (RFC 5246, section
// 7.4.1.4.1; RFC 8446, section 4.2.3): JSSE sends no chain that its client says it cannot read.
#pragma once

#include "client-checks/probes/experiment.h"

namespace alert40 {

/// The changes offer a signature scheme more than `sent` does, and those are of SHA-1 or MD5 all.
bool adds_old_schemes(const ProbeHello& sent, const std::vector<HelloChange>& changes);

/// What is signed with SHA-1 or MD5 in the chain that comes after a remedy of which adds_old_schemes() is true; nullopt
/// where there is nothing, or it cannot be seen. Takes one connection where the version is TLS 1.3, none otherwise.
asio::awaitable<std::optional<OldSignature>> old_signature_behind(ProbePlace place, ProbeHello sent, Remedy remedy);

} // namespace alert40
