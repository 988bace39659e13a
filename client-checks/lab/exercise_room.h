// SPDX-License-Identifier: GPL-2.0-or-later
// What exercises need of the lab around them: a hidden listener, runs of clients against it, what its connections did.
// The lab's own is served_room.h; tests have one without a network.
#pragma once

#include "client-checks/lexicons/symptom.h"
#include "server/wire/transcript.h"

#include <memory>

namespace alert40 {

struct RoomClient {
    std::string name;
    std::string title;
    std::string version; // empty: not known
    std::string library;
};

struct RoomListener {
    std::string name;
    std::vector<std::string> addresses;
    unsigned port = 0;
    std::string server_name; // empty: none is asked for
    std::string url;
};

struct RoomConnection {
    std::uint64_t id = 0;
    std::shared_ptr<const Transcript> transcript; // never nullptr
};

struct RoomRun {
    RoomClient client;
    std::string why_not; // it could not be run: all below is empty
    std::string command; // as a customer would show it
    std::string output;  // both streams
    SymptomSet symptoms;
    std::string says;
    std::vector<RoomConnection> connections; // in order of arrival
};

class ExerciseRoom {
public:
    virtual ~ExerciseRoom() = default;

    /// A listener that shows its scenario to the trainer only. `alias` stands for the scenario's id in every name that
    /// others see ("ticket/t17"). Throws Problem.
    virtual RoomListener open(const std::string& scenario, const std::string& name, const std::string& alias,
                              const std::string& owner) = 0;
    /// Its exercise has ended: everybody may know its scenario, and its owner may change it. Nothing where it is gone.
    virtual void reveal(const std::string& listener) = 0;
    /// From here on it answers with the fix applied. Throws Problem where it is gone.
    virtual void fix(const std::string& listener) = 0;
    /// Nothing where it is gone already.
    virtual void close(const std::string& listener) = 0;

    /// Those that can be run here.
    virtual std::vector<RoomClient> clients() = 0;
    /// Runs it as its scenario asks, and waits for the end. Throws Problem where the listener is gone.
    virtual RoomRun run(const std::string& client, const std::string& listener, const std::string& owner) = 0;

    /// One connection as pcapng without its secrets, as a customer would send it; empty where it is not kept any more.
    virtual Bytes capture(std::uint64_t connection) = 0;
};

} // namespace alert40
