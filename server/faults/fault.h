// SPDX-License-Identifier: GPL-2.0-or-later
// A fault: at its trigger it puts other steps in the place of those that were planned. It keeps no state of a
// connection: what spans several records is said by steps (SendAfterNext, GatherFlight). catalogue.h lists the faults.
#pragma once

#include "server/faults/trigger.h"
#include "server/wire/steps.h"

#include <algorithm>

namespace alert40 {

class Fault {
public:
    explicit Fault(Trigger at) : at_(at) {}
    virtual ~Fault() = default;

    /// What happens at `event` instead of `planned`. Planned at an event of the server's side is the sending of the
    /// record (Send), at one of the client's side its handing on (HandOn), at the connect nothing. What does not end
    /// the connection lets the handshake go on. A delay that comes first among the faults of a place stays first.
    WireSteps act(const Event& event, WireSteps planned) const
    {
        if (!at_.matches(event)) return planned;
        const auto is_pause = [](const WireStep& step) { return std::holds_alternative<Pause>(step); };
        const auto first = std::find_if_not(planned.begin(), planned.end(), is_pause);
        WireSteps steps(planned.begin(), first);
        planned.erase(planned.begin(), first);
        for (auto& step : replace(event, std::move(planned))) steps.push_back(std::move(step));
        return steps;
    }

    const Trigger& at() const { return at_; }
    /// Whenever it acts, nothing comes after it on that connection.
    virtual bool ends() const { return false; }
    /// A PROXY header before the ClientHello is read, and no part of TLS.
    virtual bool takes_proxy_header() const { return false; }

private:
    virtual WireSteps replace(const Event& event, WireSteps planned) const = 0;

    Trigger at_;
};

} // namespace alert40
