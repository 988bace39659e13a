// SPDX-License-Identifier: GPL-2.0-or-later
// A server that neither answers a ClientHello nor speaks first may wait for words of its own protocol, and start TLS
// when it is asked to: LDAP (RFC 4511, section 4.14) and XMPP (RFC 6120, section 5) are asked, once each.
#pragma once

#include "client-checks/probes/probe.h"

namespace alert40 {

struct Experiments;

enum class UpgradeEnd {
    unanswered, // or no connection
    foreign,    // octets of another protocol
    spoken,     // it speaks the protocol, and has not said whether it offers TLS
    refused,    // it speaks the protocol, and offers no TLS
    agreed,     // it offers TLS
};

struct Upgrade {
    Starttls protocol{}; // ldap or xmpp
    UpgradeEnd end = UpgradeEnd::unanswered;
    std::string said;             // its refusal, in its own words; empty where there is none
    std::optional<Answer> behind; // where it agreed: what came for the ClientHello that followed
};

/// What it makes sense to ask, where all that was tried so far at once is in `made`, and `answers` are the changed
/// ClientHellos': both protocols where nobody said a word, the one that was spoken where there were words of it,
/// none where anything else explains the failure, or TLS was asked for in another protocol already.
std::vector<Starttls> worth_asking(const Experiments& made, const std::vector<Answer>& answers,
                                   const LiveTarget& target);

/// One connection: the protocol's request, and `hello` where it is agreed to.
asio::awaitable<Upgrade> ask_for_tls(ProbePlace place, Starttls protocol, ProbeHello hello);

/// "LDAP's StartTLS is agreed to, and the ClientHello behind it meets ServerHello (...)".
std::string describe(const Upgrade& upgrade);

} // namespace alert40
