// SPDX-License-Identifier: GPL-2.0-or-later
// One direction of a TLS connection as a capture has it, cut into records for the tap: what is missing in between does
// not make the rest unreadable.
#pragma once

#include "server/flights/tls12_keys.h"
#include "server/wire/record.h"
#include "server/wire/tap.h"

namespace alert40 {

class RecordStream {
public:
    explicit RecordStream(Direction direction) : direction_(direction) {}

    /// Gives every record that `bytes` completes to `tap`, and bytes that are no records as they are.
    void feed(ByteView bytes, Tap& tap, Tap::Time now);

    /// `octets` of the stream are not in the capture. Inside of a record that is encrypted they change nothing but that
    /// it cannot be opened. Elsewhere the record is given up, and what follows is read from the next segment that
    /// begins with one; handshake messages in clear are given up for good, for they would be put together wrongly.
    void missing(std::uint64_t octets, Tap& tap, Tap::Time now);

    /// What has not become a whole record.
    ByteView pending() const { return pending_; }
    /// A handshake message in clear, or a part of it, was given up.
    bool gave_up_handshake() const { return handshake_given_up_; }

private:
    bool can_be_given(const RecordHeader& header, const Tap& tap) const;
    void read_alert(const RecordHeader& header, ByteView record, Tap& tap);
    void make_keys(const Transcript& so_far);
    void give(ByteView record, Tap& tap, Tap::Time now);

    Direction direction_;
    Bytes pending_;
    bool no_records_ = false;  // the stream is no TLS: the tap has it as it is
    bool out_of_step_ = false; // the next record's beginning is not known
    bool handshake_given_up_ = false;
    bool changed_cipher_spec_ = false;
    bool keys_made_ = false;
    std::optional<Tls12Protection> keys_; // of TLS 1.2, where the master secret is known
};

} // namespace alert40
