// SPDX-License-Identifier: GPL-2.0-or-later
// When a fault acts: at the connect, at a handshake message, at the n-th record of one side, or at every record of it;
// on every connection, on the n-th alone, or on every k-th.
//     "connect"   "client:client_hello"   "server:certificate"   "server:record:3"   "client:application_data"
//     "server:any_record"   "client:http_request"
#pragma once

#include "scenarios/loader/toml_value.h"
#include "scenarios/vocabulary/content_type.h"
#include "scenarios/vocabulary/handshake_type.h"
#include "server/wire/transcript.h"

namespace alert40 {

/// Something that happens on a connection: what came, or what is about to be sent.
struct Event {
    bool connect = false;
    Direction direction{};
    std::span<const HandshakeType> messages = {}; // completed by this record, where they can be read
    std::size_t record_number = 0;                // of this side, from 1; 0: no record
    std::optional<ContentType> type = {};         // of the record; what is inside it where that can be read
    ByteView record = {};                         // as on the wire
    const ClientHello* client_hello = nullptr;    // with the record that completed it
    bool http_request = false;                    // the client speaks HTTP in clear
    bool behind_proxy_header = false;             // one came before, and was taken
    std::size_t connection = 1;                   // which one it is of its listener
};

/// Which connections of a listener: all of them, the n-th, or every k-th.
class Connections {
public:
    Connections() = default;
    /// `value`: n, or { every = k }; both from 1. Throws InputError.
    static Connections read(const TomlValue& value);

    bool includes(std::size_t number) const { return every_ ? number % number_ == 0 : number == number_; }
    bool all() const { return every_ && number_ == 1; }

private:
    bool every_ = true;
    std::size_t number_ = 1;
};

class Trigger {
public:
    /// Throws InputError at `text.where` for a side, a message or a number that does not exist, and for a message that
    /// this side never sends.
    static Trigger parse(const Located<std::string>& text);

    bool matches(const Event& event) const;

    void limit_to(Connections connections) { connections_ = connections; }
    const Connections& connections() const { return connections_; }

    bool at_connect() const { return connect_; }
    bool at_http_request() const { return http_request_; }
    Direction direction() const { return direction_; } // not at_connect
    const std::optional<HandshakeType>& message() const { return message_; }
    std::size_t record_number() const { return record_number_; } // 0: not by number

private:
    bool connect_ = false;
    bool http_request_ = false;
    bool any_record_ = false;
    Direction direction_{};
    std::optional<HandshakeType> message_;
    std::optional<ContentType> type_;
    std::size_t record_number_ = 0;
    Connections connections_;
};

/// Where a handshake message stands in a full handshake of this version, counted from 1; nullopt where that version
/// does not have it from this side (RFC 5246 section 7.3, RFC 8446 section 2).
std::optional<unsigned> place_of(Direction side, HandshakeType message, bool tls13);

} // namespace alert40
