// SPDX-License-Identifier: GPL-2.0-or-later
<<<<<<< HEAD
// The room of the lab's exercises: real listeners, real clients, kept connections.
#pragma once

#include "client-checks/lab/client_runs.h"
#include "client-checks/lab/exercise_room.h"
#include "server/control/serving.h"
=======
// The room of the exercises in the lab: hidden listeners of its serving, runs of its clients, its kept connections.
#pragma once

#include "client-checks/lab/exercise_room.h"
#include "client-checks/lab/lab_clients.h"
>>>>>>> exercises

#include <condition_variable>

namespace alert40 {

class ServedRoom final : public ExerciseRoom {
public:
<<<<<<< HEAD
    /// What it is given outlives it. Before connections come: it subscribes to `log`.
    ServedRoom(Serving& serving, ConnectionLog& log, ClientWorker& worker, ClientRuns& runs);
=======
    /// What it is given outlives it, and no connection has come yet.
    ServedRoom(Serving& serving, ClientWorker& worker, LabClients& clients, const ClientRuns& runs, ConnectionLog& log);
>>>>>>> exercises

    RoomListener open(const std::string& scenario, const std::string& name, const std::string& alias,
                      const std::string& owner) override;
    void reveal(const std::string& listener) override;
    void close(const std::string& listener) override;
    std::vector<RoomClient> clients() override;
    RoomRun run(const std::string& client, const std::string& listener, const std::string& owner) override;
    Bytes capture(std::uint64_t connection) override;

<<<<<<< HEAD
private:
    std::vector<RoomConnection> ended_connections(const ClientRun& run);

    Serving& serving_;
    ConnectionLog& log_;
    ClientWorker& worker_;
    ClientRuns& runs_;
    std::mutex mutex_;
    std::condition_variable one_ended_;
    std::uint64_t ended_ = 0; // how many connections have
=======
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
>>>>>>> exercises
};

} // namespace alert40
