// SPDX-License-Identifier: GPL-2.0-or-later
// A ClientHello that can be played to the end: a real client's, recorded, or one made for a probe, with a random, a
// session id and key shares of our own, and without what only its own client could go on with.
#pragma once

#include "server/flights/group_key.h"
#include "server/wire/client_hello.h"

namespace alert40 {

struct FreshHello {
    ClientHello hello;
    std::vector<GroupKey> keys;        // of the shares that it sends
    std::vector<std::string> left_out; // sentences: what the recorded one has, and this one has not
};

/// Everything of `recorded` stays, order and GREASE included, but: random, session id (of the same length) and key
/// shares are fresh; early data, PSKs, cookie and a ticket belong to another connection and go; groups without a key of
/// ours, and extensions after which the server would send or want what is not spoken here (compressed certificates,
/// raw public keys, NPN, ...), are left out.
FreshHello freshen(const ClientHello& recorded);

} // namespace alert40
