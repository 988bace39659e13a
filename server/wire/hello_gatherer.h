// SPDX-License-Identifier: GPL-2.0-or-later
// Gathers a client's first bytes, over any number of TCP segments and records, until they are a whole ClientHello or
// certainly none. Feed it until it says something else than NeedMore; total work is linear in the bytes.
#pragma once

#include "certs/bytes.h"
#include "scenarios/vocabulary/protocol_version.h"
#include "server/wire/client_hello.h"
#include "server/wire/handshake.h"
#include "server/wire/record.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>

namespace alert40 {

constexpr std::size_t kMaxClientHelloLength = 64 * 1024;
constexpr std::size_t kFirstBytesKept = 64;

struct GatheredClientHello {
    ClientHello hello;
    Bytes message;                    // the handshake message, header included: what the transcript hash covers
    ProtocolVersion record_version{}; // of the first record
    std::size_t records = 0;          // that carried it
    Bytes same_record; // handshake bytes behind it in the last of these records; honest clients send none
    Bytes left_over;   // bytes of the stream behind that record: early data, change_cipher_spec
};

/// What a peer speaks whose first bytes are no TLS record.
enum class NotTlsKind {
    http,              // a request line, HTTP/2's preface included
    ssl2_client_hello, // RFC 5246 appendix E.2
    proxy_v1,          // HAProxy's PROXY protocol in front of what follows
    proxy_v2,
    unknown,
};

struct NotTls {
    NotTlsKind kind = NotTlsKind::unknown;
    Bytes first_bytes; // at most kFirstBytesKept
};

class ClientHelloGatherer {
public:
    /// WireError: it began like TLS and went wrong.
    using Status = std::variant<NeedMore, GatheredClientHello, NotTls, WireError>;

    /// `bytes`: the next ones of the stream. After any answer but NeedMore the gatherer is spent: feed it no more.
    Status feed(ByteView bytes);

    /// The first bytes of the stream, at most kFirstBytesKept: for a peer that falls silent or closes half-way.
    ByteView first_bytes() const { return first_bytes_; }

    /// Bytes fed so far.
    std::size_t total() const { return total_; }

private:
    Status next();
    Status complete(HandshakeMessage message);
    std::optional<WireError> take(const Record& record);

    Bytes first_bytes_;
    std::size_t total_ = 0;
    std::size_t records_ = 0;
    ProtocolVersion record_version_{};
    bool is_tls_ = false;
    RecordReader record_reader_{kMaxPlaintextLength};
    HandshakeReader handshake_reader_{kMaxClientHelloLength};
};

/// "http", "ssl2_client_hello", ...
std::string_view name(NotTlsKind kind);

} // namespace alert40
