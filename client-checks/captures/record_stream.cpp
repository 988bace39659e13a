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
    if (can_be_given(header, tap)) {
        tap.bytes(direction_, record, now);
        if (changed_cipher_spec_) read_alert(header, record, tap);
    }
    if (header.type == ContentType::change_cipher_spec) changed_cipher_spec_ = true;
}

/// The tap opens TLS 1.3 alone. In TLS 1.2 alerts are what is wanted; the records before them are opened to count them
/// (RFC 5246 section 6.1: sequence numbers are not sent).
void RecordStream::read_alert(const RecordHeader& header, ByteView record, Tap& tap)
{
    if (!keys_made_) make_keys(tap.transcript());
    if (!keys_) return;
    const auto fragment = record.subspan(kRecordHeaderLength);
    const auto opened = keys_->open({header.type, header.version, {fragment.begin(), fragment.end()}});
    if (!opened || header.type != ContentType::alert) return;
    const auto alerts = parse_alerts(*opened);
    if (!alerts.empty()) tap.decrypted_alert(direction_, alerts.front());
}

void RecordStream::make_keys(const Transcript& so_far)
{
    keys_made_ = true;
    if (!so_far.client_hello || !so_far.server_hello) return;
    if (so_far.server_hello->selected_version() != ProtocolVersion::tls12) return;
    const auto* suite = find_cipher_suite(so_far.server_hello->cipher_suite);
    const auto algorithms = suite != nullptr ? tls12_algorithms(*suite) : std::nullopt;
    for (const auto& entry : so_far.key_log) {
        if (entry.label != "CLIENT_RANDOM" || !algorithms) continue;
        auto keys = tls12_keys(*algorithms, entry.secret, so_far.client_hello->random, so_far.server_hello->random);
        keys_ = direction_ == Direction::client_to_server ? std::move(keys.client) : std::move(keys.server);
    }
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
