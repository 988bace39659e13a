// SPDX-License-Identifier: GPL-2.0-or-later
// What a composed side of a connection works on, server or client: records, transcript, what was said and heard; and
// how what comes in is cut into messages. The messages go to whoever plays the side.
#pragma once

#include "server/flights/record_layer.h"
#include "server/stack/server_session.h"
#include "server/wire/handshake.h"

namespace alert40 {

struct SessionState {
    /// `version`: in the header of records that are sent in clear.
    explicit SessionState(ProtocolVersion version) : records(version) {}

    RecordLayer records;
    Bytes transcript; // the handshake messages so far
    std::vector<KeyLogEntry> secrets;
    bool established = false;
    bool closed = false; // close_notify was received
    Bytes application_data;
    bool early_data = false; // some of the application data came as early data
    std::optional<StackError> error;
    std::optional<Alert> sent;
    std::optional<Alert> received;

    /// Ends the session with an alert under the keys that hold; the first failure stays.
    void fail(AlertDescription alert, std::string text);
};

/// Who plays the side.
class MessageTaker {
public:
    MessageTaker() = default;
    MessageTaker(const MessageTaker&) = delete;
    MessageTaker& operator=(const MessageTaker&) = delete;
    virtual ~MessageTaker() = default;

    /// A handshake message of the peer, whole.
    virtual void message(const HandshakeMessage& message) = 0;
    virtual void change_cipher_spec() {}
    /// A record of a type that neither a handshake nor its data has: a heartbeat. Passed over where nothing is done.
    virtual void other_record() {}
    /// Application data before the handshake is complete: true where it is early data that was accepted.
    virtual bool takes_early_data() const { return false; }
};

/// Hands on what is received until the session fails or the peer closes it. Both outlive it.
class SessionInput {
public:
    /// `longest`: of a message with its header; a longer one is an illegal_parameter.
    SessionInput(SessionState& state, MessageTaker& taker, std::size_t longest = kMaxHandshakeMessageLength)
        : state_(state),
          taker_(taker),
          messages_(longest)
    {
    }

    void receive(ByteView bytes);

private:
    void take(Content content);
    void take_handshake(ByteView fragment);
    void take_alert(ByteView fragment);

    SessionState& state_;
    MessageTaker& taker_;
    HandshakeReader messages_;
};

} // namespace alert40
