// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/captures/record_stream.h"

#include "client-checks/captures/before_tls.h"

#include <algorithm>

namespace alert40 {

void RecordStream::feed(ByteView bytes, Tap& tap, Tap::Time now)
{
    if (no_records_) return tap.bytes(direction_, bytes, now);
    if (out_of_step_) {
        if (!begins_record(bytes)) return;
        out_of_step_ = false;
    }
    append(pending_, bytes);
    std::size_t taken = 0;
    for (;;) {
        const auto rest = ByteView(pending_).subspan(taken);
        if (rest.size() < kRecordHeaderLength) break;
        if (!begins_record(rest)) {
            no_records_ = true;
            tap.bytes(direction_, rest, now);
            taken = pending_.size();
            break;
        }
        const std::size_t length = kRecordHeaderLength + read_record_header(rest).length;
        if (rest.size() < length) break;
        give(rest.first(length), tap, now);
        taken += length;
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(taken));
}

void RecordStream::give(ByteView record, Tap& tap, Tap::Time now)
{
    const auto header = read_record_header(record);
    if (can_be_given(header, tap)) tap.bytes(direction_, record, now);
    if (header.type == ContentType::change_cipher_spec) changed_cipher_spec_ = true;
}

/// Once a part of a handshake in clear is missing, no further part of it; and without a ServerHello, which says what is
/// encrypted, nothing but alerts in clear.
bool RecordStream::can_be_given(const RecordHeader& header, const Tap& tap) const
{
    const bool clear_alert = header.type == ContentType::alert && header.length == 2;
    if (!handshake_given_up_ || clear_alert) return true;
    if (!tap.transcript().server_hello) return false;
    return header.type != ContentType::handshake || changed_cipher_spec_;
}

void RecordStream::missing(std::uint64_t octets, Tap& tap, Tap::Time now)
{
    if (no_records_) return;
    if (pending_.size() >= kRecordHeaderLength) {
        const auto header = read_record_header(pending_);
        const auto rest = kRecordHeaderLength + header.length - pending_.size();
        const bool encrypted = header.type == ContentType::application_data || changed_cipher_spec_;
        if (encrypted && octets <= rest) return feed(Bytes(static_cast<std::size_t>(octets), 0), tap, now);
        if (!encrypted && header.type == ContentType::handshake) handshake_given_up_ = true;
    } else if (!changed_cipher_spec_ && tap.transcript().phase < Phase::after_server_flight) {
        handshake_given_up_ = true; // records that may have been whole messages
    }
    pending_.clear();
    out_of_step_ = true;
}

} // namespace alert40
