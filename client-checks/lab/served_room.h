// SPDX-License-Identifier: GPL-2.0-or-later
// The room of the exercises in the lab: hidden listeners of its serving, runs of its clients, its kept connections.
#pragma once

#include "client-checks/lab/exercise_room.h"
#include "client-checks/lab/lab_clients.h"

#include <condition_variable>

namespace alert40 {

class ServedRoom final : public ExerciseRoom {
public:
    /// What it is given outlives it, and no connection has come yet.
    ServedRoom(Serving& serving, ClientWorker& worker, LabClients& clients, const ClientRuns& runs, ConnectionLog& log);

    RoomListener open(const std::string& scenario, const std::string& name, const std::string& alias,
                      const std::string& owner) override;
    void close(const std::string& listener) override;
    std::vector<RoomClient> clients() override;
    RoomRun run(const std::string& client, const std::string& listener, const std::string& owner) override;
    Bytes capture(std::uint64_t connection) override;

    /// To be called with each run that begins or ends: run() waits for it.
    void told(const ClientRun& run);

private:
    std::vector<RoomConnection> connections_of(const ClientRun& run) const;
    template <class Done> void wait_for(std::chrono::milliseconds limit, Done done);

    Serving& serving_;
    ClientWorker& worker_;
    LabClients& clients_;
    const ClientRuns& runs_;
    const ConnectionLog& log_;
    std::mutex mutex_;
    std::condition_variable changed_;
};

} // namespace alert40
