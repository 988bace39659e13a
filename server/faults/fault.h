// SPDX-License-Identifier: GPL-2.0-or-later
// A fault: at its trigger it puts other steps in the place of those that were planned. catalogue.h lists them.
#pragma once

#include "server/faults/trigger.h"
#include "server/wire/steps.h"

namespace alert40 {

class Fault {
public:
    explicit Fault(Trigger at) : at_(at) {}
    virtual ~Fault() = default;

    /// What happens at `event` instead of `planned`. Planned at an event of the server's side is the sending of the
    /// record; at the connect and at an event of the client's side nothing: there the handshake goes on, unless what is
    /// returned ends the connection (CloseConnection, ResetConnection, Stall).
    WireSteps act(const Event& event, WireSteps planned) const
    {
        return at_.matches(event) ? replace(std::move(planned)) : std::move(planned);
    }

private:
    virtual WireSteps replace(WireSteps planned) const = 0;

    Trigger at_;
};

} // namespace alert40
