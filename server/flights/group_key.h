// SPDX-License-Identifier: GPL-2.0-or-later
// An ephemeral key of a named group, elliptic or finite field (RFC 7919), for a key exchange of either side.
#pragma once

#include "certs/key_agreement.h"
#include "scenarios/vocabulary/named_group.h"
#include "server/flights/choices.h"

namespace alert40 {

class GroupKey {
public:
    /// Whether generate() can make one: x25519, x448, the NIST curves, ffdhe2048, ffdhe3072 and ffdhe4096.
    static bool knows(NamedGroup group);
    /// A fresh one. nullopt for a group that it does not know.
    static std::optional<GroupKey> generate(NamedGroup group);
    /// Of Diffie-Hellman parameters that a TLS 1.2 server sent: an odd prime of 64 to 4096 bits; nullopt otherwise.
    static std::optional<GroupKey> generate(const DhGroup& parameters);

    /// The group; 0 for parameters without a name.
    NamedGroup group() const { return group_; }
    /// As a KeyShareEntry carries it: a point, or a number in the prime's length.
    const Bytes& public_value() const { return public_value_; }
    /// The shared secret as TLS 1.3 takes it: of a finite field in the prime's length (RFC 8446, section 7.4.1).
    /// nullopt where `peer` is no value of the group.
    std::optional<Bytes> agree(ByteView peer) const;
    /// The same as TLS 1.2 takes it: of a finite field without leading zeros (RFC 5246, section 8.1.2).
    std::optional<Bytes> agree_tls12(ByteView peer) const;

private:
    GroupKey(NamedGroup group, EphemeralKey key) : group_(group), curve_key_(std::move(key))
    {
        public_value_ = curve_key_->public_value();
    }
    GroupKey(NamedGroup group, const DhGroup& parameters);

    NamedGroup group_{};
    std::optional<EphemeralKey> curve_key_;
    DhGroup parameters_;
    Bytes exponent_;
    Bytes public_value_;
};

} // namespace alert40
