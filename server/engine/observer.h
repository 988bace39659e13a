// SPDX-License-Identifier: GPL-2.0-or-later
// Who is told what one connection does while it does it. Nobody, most often: that costs nothing.
#pragma once

#include "server/wire/recording.h"

namespace alert40 {

class BoundScenario;

/// Made when a connection is accepted, destroyed when it has ended; called on the connection's thread.
class ConnectionObserver : public WireRecorder {
public:
    /// This scenario answers. It may be told again: never another one.
    virtual void chosen(const BoundScenario& scenario) = 0;
    /// The connection has ended: `transcript` may be taken away. `ended` says how, in words.
    virtual void ended(Transcript& transcript, const std::string& ended) = 0;
};

} // namespace alert40
