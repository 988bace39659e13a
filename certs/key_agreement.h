// SPDX-License-Identifier: GPL-2.0-or-later
// Ephemeral keys on elliptic curves for a key exchange that goes on to its shared secret (RFC 8446 section 7.4.2,
// RFC 8422 section 5.10).
#pragma once

#include "certs/crypto.h"

namespace alert40 {

/// A fresh key pair. Copies share it. Used by one thread at a time.
class EphemeralKey {
public:
    static EphemeralKey generate(EcdhGroup group);

    EcdhGroup group() const;
    /// As the wire carries it: an uncompressed point, or 32 or 56 octets.
    const Bytes& public_value() const;
    /// The shared secret with the peer's public value: the X coordinate in full length, or 32 or 56 octets. nullopt
    /// where that value is not one of the group, or the secret would be zero (RFC 7748 section 6).
    std::optional<Bytes> agree(ByteView peer) const;

    struct Implementation;

private:
    explicit EphemeralKey(std::shared_ptr<Implementation> implementation) : implementation_(std::move(implementation))
    {
    }
    std::shared_ptr<Implementation> implementation_;
};

} // namespace alert40
