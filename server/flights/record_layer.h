// SPDX-License-Identifier: GPL-2.0-or-later
// The records of a composed session: sent and read under whatever keys hold, in clear, TLS 1.2 or TLS 1.3.
#pragma once

#include "server/flights/cbc_protection.h"
#include "server/wire/record_protection.h"

#include <utility>
#include <variant>

namespace alert40 {

/// No keys, or those of one direction.
using RecordKeys = std::variant<std::monostate, Tls12Protection, CbcProtection, RecordProtection>;

/// A record's content as it was before protection.
struct Content {
    ContentType type{};
    Bytes bytes;
};

class RecordLayer {
public:
    /// `version`: in the header of records that are sent in clear.
    explicit RecordLayer(ProtocolVersion version) : version_(version) {}
    void change_version(ProtocolVersion version) { version_ = version; } // a client's, once the server has chosen

    void send(ContentType type, ByteView content); // under the write keys
    void send_clear(ContentType type, ByteView content);
    void write_keys(RecordKeys keys) { write_keys_ = std::move(keys); }
    Bytes take_output() { return std::exchange(output_, {}); }

    void feed(ByteView bytes) { reader_.feed(bytes); }
    void read_keys(RecordKeys keys) { read_keys_ = std::move(keys); }

    /// Records up to this many octets together that do not decrypt are passed over: early data that was refused (RFC
    /// 8446, section 4.2.10). It ends with the first record that does.
    void pass_over(std::size_t octets) { passed_over_ = octets; }

    /// The next record's content. bad_record_mac for one that does not decrypt. An alert in clear is read also where
    /// keys hold: OpenSSL sends those of a TLS 1.3 handshake so.
    std::variant<Content, NeedMore, WireError> next();

private:
    std::optional<Content> open(Record& record);

    ProtocolVersion version_;
    RecordKeys write_keys_;
    RecordKeys read_keys_;
    RecordReader reader_;
    Bytes output_;
    std::size_t passed_over_ = 0;
};

} // namespace alert40
