// SPDX-License-Identifier: GPL-2.0-or-later
// Why a ClientHello fails, by experiment: it is sent again with one thing changed, many changes at a time; where one
// helps it is made as small as it can be, and both sides are repeated. Where none helps, that is known.
#pragma once

#include "client-checks/probes/change.h"
#include "client-checks/probes/probe.h"
#include "client-checks/probes/upgrade.h"

namespace alert40 {

/// A ClientHello with changes, and what came of it.
struct Tried {
    std::vector<HelloChange> changes;
    Answer answer;

    bool helped() const { return negotiates(answer); }
};

/// Changes after which the server negotiates, as few as were found.
struct Remedy {
    std::vector<HelloChange> changes;
    std::vector<Answer> answers; // each time it was tried

    HelloField field() const { return changes.front().field; }
    bool every_time() const;
};

/// A certificate that is signed with SHA-1 or MD5, in the chain that comes when such a scheme is offered.
struct OldSignature {
    std::string fact;        // "CN=... is signed with SHA-1"
    bool alone_needs = true; // the server signs the handshake with a scheme that was offered anyway, or not at all
};

struct Experiments {
    ProbeHello sent;              // the failing one
    std::vector<Answer> as_sent;  // each time
    std::vector<Tried> tried;     // one change each, and the widest offer last
    std::vector<Remedy> remedies; // the one that tells the cause first; it alone was made small and repeated

    std::optional<OldSignature> old_signature; // behind the first remedy

    // Controls: what is no remedy, and tells one cause from another.
    std::optional<Answer> hopeless;   // a version that nobody has: a TLS server must refuse it with protocol_version
    std::optional<Answer> other_name; // a name that exists nowhere
    std::optional<Answer> same_size;  // where a smaller one helps: padded to the old size

    // In the place of TLS.
    std::optional<Answer> listened; // nothing was said
    std::optional<Answer> http;     // GET
    std::optional<Answer> postgres; // SSLRequest
    std::vector<Upgrade> upgrades;  // where nobody spoke in any of that

    /// It failed each time.
    bool always_fails() const;
    const Answer& first() const { return as_sent.front(); }
    /// The answer to one change of this field that holds; nullptr where there was none.
    const Tried* tried_with(HelloField field, std::string_view what) const;
};

/// What other software calls "a name that cannot exist" (RFC 6761 section 6.4).
constexpr std::string_view kNameThatExistsNowhere = "alert40-probe.invalid";

/// `first` is what came for `sent`, which did not negotiate.
asio::awaitable<Experiments> experiment(ProbePlace place, ProbeHello sent, Answer first);

/// Each of `hellos` once, as many at a time as the gate lets; the answers in their order.
asio::awaitable<std::vector<Answer>> probe_all(ProbePlace place, std::vector<ProbeHello> hellos,
                                               ProbeManner manner = {});

/// Adds answers to what was seen `as sent`: "handshake_failure (40), 2 of 2 times".
std::string tally(const std::vector<Answer>& answers);

} // namespace alert40
