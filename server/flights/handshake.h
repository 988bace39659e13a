// SPDX-License-Identifier: GPL-2.0-or-later
// What the composed handshakes of TLS 1.2 and TLS 1.3 share: the connection's state, and how one step of a flight is
// sent with its departures. A handshake composes honest bodies; the departures that hold for every message (left out,
// repeated, other octets, additional messages beside it) are applied here.
#pragma once

#include "server/flights/choices.h"
#include "server/flights/session_state.h"
#include "server/wire/client_hello.h"

namespace alert40 {

/// A ClientHello as it came: parsed, and the whole handshake message for the transcript hash.
struct ReceivedHello {
    ClientHello hello;
    Bytes message;
};

/// What the connection owns and both handshakes work on.
struct FlightState : SessionState {
    FlightState(const FlightPlan& the_plan, ProtocolVersion version) : SessionState(version), plan(the_plan) {}

    const FlightPlan& plan;
};

class FlightHandshake : public MessageTaker {
public:
    explicit FlightHandshake(FlightState& state) : state_(state) {}

    /// The first ClientHello.
    virtual void start(ReceivedHello received) = 0;

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
