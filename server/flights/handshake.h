// SPDX-License-Identifier: GPL-2.0-or-later
// What the composed handshakes of TLS 1.2 and TLS 1.3 share: the connection's state, and how one step of a flight is
// sent with its departures. A handshake composes honest bodies; the departures that hold for every message (left out,
// repeated, other octets, additional messages beside it) are applied here.
#pragma once

#include "server/flights/choices.h"
#include "server/flights/record_layer.h"
#include "server/stack/server_session.h"
#include "server/wire/client_hello.h"
#include "server/wire/handshake.h"

namespace alert40 {

/// A ClientHello as it came: parsed, and the whole handshake message for the transcript hash.
struct ReceivedHello {
    ClientHello hello;
    Bytes message;
};

/// What the connection owns and both handshakes work on.
struct FlightState {
    FlightState(const FlightPlan& the_plan, ProtocolVersion version) : plan(the_plan), records(version) {}

    const FlightPlan& plan;
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

class FlightHandshake {
public:
    explicit FlightHandshake(FlightState& state) : state_(state) {}
    FlightHandshake(const FlightHandshake&) = delete;
    FlightHandshake& operator=(const FlightHandshake&) = delete;
    virtual ~FlightHandshake() = default;

    /// The first ClientHello.
    virtual void start(ReceivedHello received) = 0;
    /// A handshake message of the client, whole.
    virtual void message(const HandshakeMessage& message) = 0;
    virtual void change_cipher_spec() {}
    /// Application data before the handshake is complete: true where it is early data that was accepted.
    virtual bool takes_early_data() const { return false; }

    virtual std::string version_name() const = 0;
    virtual CipherSuite cipher_suite() const = 0;

protected:
    /// Sends `step` as an honest server would, but for its departures, and the additional messages around it.
    void send(FlightStep step);
    /// The additional messages after Finished: once the client's is verified.
    void send_afterwards();
    /// Whether the plan departs from an honest flight by sending this at all.
    bool departs_in(FlightStep step) const { return departure_in(state_.plan, step) != nullptr; }

    /// The body of a message with the departures that are its own; `departure` is never null.
    virtual Bytes compose(FlightStep step, const FlightMessage& departure) = 0;
    /// What a message brings about once it is sent: new keys.
    virtual void sent(FlightStep) {}

    FlightState& state_;

private:
    void send_one(FlightStep step, const FlightMessage& departure);
    void send_additional(FlightStep beside, bool before);
};

} // namespace alert40
