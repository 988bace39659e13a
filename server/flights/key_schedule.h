// SPDX-License-Identifier: GPL-2.0-or-later
// The key schedule of TLS 1.3 (RFC 8446, section 7.1) as far as a server needs it. Transcript hashes are given, not
// kept: what a hash covers is the handshake's business.
//
//   KeySchedule keys(hash, psk);  keys.early_secret(...)  keys.exchange(shared);  keys.handshake_secret(...)
//   keys.finish();  keys.master_secret(...)
#pragma once

#include "certs/crypto.h"

namespace alert40 {

/// HKDF-Extract of RFC 5869, section 2.2.
Bytes hkdf_extract(HashAlgorithm hash, ByteView salt, ByteView input);

/// Derive-Secret of RFC 8446, section 7.1, with the hash of the messages.
Bytes derive_secret(HashAlgorithm hash, ByteView secret, std::string_view label, ByteView transcript_hash);

/// verify_data of a Finished or a PSK binder (RFC 8446, section 4.4.4): `base` is the sender's traffic secret, or the
/// binder key.
Bytes finished_verify_data(HashAlgorithm hash, ByteView base, ByteView transcript_hash);

/// The PSK that a ticket with this nonce stands for (RFC 8446, section 4.6.1).
Bytes resumption_psk(HashAlgorithm hash, ByteView resumption_master_secret, ByteView ticket_nonce);

/// The traffic secret behind a KeyUpdate (RFC 8446, section 7.2).
Bytes next_traffic_secret(HashAlgorithm hash, ByteView traffic_secret);

class KeySchedule {
public:
    /// At the early secret. An empty `psk` is none: zeros in the hash's length.
    explicit KeySchedule(HashAlgorithm hash, ByteView psk = {});

    HashAlgorithm hash() const { return hash_; }

    /// Derive-Secret from the secret where the schedule stands: "c hs traffic", "res master", "ext binder"...
    Bytes derive(std::string_view label, ByteView transcript_hash) const;

    /// On to the handshake secret with the (EC)DHE shared secret.
    void exchange(ByteView shared_secret);
    /// On to the master secret.
    void finish();

private:
    void advance(ByteView input);

    HashAlgorithm hash_;
    Bytes secret_;
};

} // namespace alert40
