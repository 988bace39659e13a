// SPDX-License-Identifier: GPL-2.0-or-later
// The lab's clients for its pages: who is here, the commands to paste, runs on the server's machine, and what every
// client said in a stored run. A page chooses a client, a listener and a scenario by id; no text of a page ever becomes
// a part of a command.
#pragma once

#include "client-checks/lab/client_runs.h"
#include "client-checks/lab/stored_answers.h"
#include "server/control/http_server.h"
#include "server/control/serving.h"

namespace alert40 {

class LabClients {
public:
    /// What it is given outlives it. `told` hears of each run that was asked for, begins and ends; on any thread.
    LabClients(ClientWorker& worker, ClientRuns& runs, StoredAnswers& answers, Serving& serving,
               std::function<void(const ClientRun&)> told);

    /// GET /api/clients, /api/scenarios/{family}/{name}/commands and /answers, /api/listeners/{name}/commands,
    /// POST /api/runs, GET /api/runs and /api/runs/{id}.
    void mount(HttpServer& http);

    // Each as the contract of the API says; throws Problem.
    nlohmann::ordered_json clients();
    /// `listener` may be the common port; the scenario is the one that it serves, or behind the common port this one.
    nlohmann::ordered_json commands(const std::string& listener, const std::string& scenario, const Caller& caller);
    /// {"client", "listener", "scenario"}: the last for the common port only.
    nlohmann::ordered_json start(const nlohmann::json& wanted, const Caller& caller);
    nlohmann::ordered_json run(std::uint64_t id, const Caller& caller);
    /// The newest first, of those that the caller may see.
    nlohmann::ordered_json recent(const Caller& caller);

private:
    ListenerView listener(const std::string& name) const;
    ServedCopy served(const ListenerView& listener, const std::string& scenario) const;
    void check_client(const std::string& name);
    void tell(std::uint64_t id) const;

    ClientWorker& worker_;
    ClientRuns& runs_;
    StoredAnswers& answers_;
    Serving& serving_;
    std::function<void(const ClientRun&)> told_;
};

} // namespace alert40
