// SPDX-License-Identifier: GPL-2.0-or-later
// The room of the lab's exercises: real listeners, real clients, kept connections.
#pragma once

#include "client-checks/lab/client_runs.h"
#include "client-checks/lab/exercise_room.h"
#include "server/control/serving.h"

#include <condition_variable>

namespace alert40 {

class ServedRoom final : public ExerciseRoom {
public:
    /// What it is given outlives it. Before connections come: it subscribes to `log`.
    ServedRoom(Serving& serving, ConnectionLog& log, ClientWorker& worker, ClientRuns& runs);

    RoomListener open(const std::string& scenario, const std::string& name, const std::string& alias,
                      const std::string& owner) override;
    void reveal(const std::string& listener) override;
    void fix(const std::string& listener) override;
    void close(const std::string& listener) override;
    std::vector<RoomClient> clients() override;
    RoomRun run(const std::string& client, const std::string& listener, const std::string& owner) override;
    Bytes capture(std::uint64_t connection) override;

private:
    std::vector<RoomConnection> ended_connections(const ClientRun& run);

    Serving& serving_;
    ConnectionLog& log_;
    ClientWorker& worker_;
    ClientRuns& runs_;
    std::mutex mutex_;
    std::condition_variable one_ended_;
    std::uint64_t ended_ = 0; // how many connections have
};

} // namespace alert40
