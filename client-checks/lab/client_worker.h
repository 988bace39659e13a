// SPDX-License-Identifier: GPL-2.0-or-later
// The thread that runs TLS clients for the lab: who is here, the command for one server, the run itself. Every child of
// the process is started by this thread.
//
//   ClientWorker worker(options);  worker.start();     the clients are looked for beside everything else
//   worker.clients();  worker.commands(server);  worker.run(job);
//   worker.stop();                                     ends the children
#pragma once

#include "client-checks/lab/served_copy.h"

namespace alert40 {

struct ClientWorkerOptions {
    std::filesystem::path data;
    std::filesystem::path state_directory;
    std::filesystem::path self; // this program
    std::vector<std::filesystem::path> client_files;
    std::chrono::milliseconds timeout{10'000}; // of a client that the scenario gives no other
    std::size_t at_once = 4;                   // runs
};

struct ClientView {
    std::string name;
    std::string title;
    std::string version; // empty: not known (yet)
    std::string library;
    std::string why_not; // empty: it can be run here
};

/// How one client is run against a server, or why it cannot be.
struct ClientCommandView {
    std::string client;
    std::vector<std::string> argv;
    std::string shell;     // to be pasted on this machine
    std::string elsewhere; // to be pasted on another one, beside a copy of root.pem; empty: it needs more than that
    std::string needs;     // to be installed beside the client: a sentence without full stop; empty: nothing
    std::string why_not;   // then there is no command
};

struct ClientRunResult {
    std::string shell;
    std::string needs;   // as ClientCommandView's
    std::string why_not; // it was not run
    ChildResult child;   // of the last of its runs, the outputs of all
    SymptomSet symptoms;
    std::string says;
    std::string library;
};

/// One run to be made. The functions are called on the worker's thread.
struct ClientJob {
    std::string client;
    ServedCopy server;
    std::function<void()> started;
    std::function<void(ClientRunResult)> ended; // also where it was never started
};

class ClientWorker {
public:
    explicit ClientWorker(ClientWorkerOptions options);
    ~ClientWorker();
    ClientWorker(const ClientWorker&) = delete;
    ClientWorker& operator=(const ClientWorker&) = delete;

    void start();
    /// Ends every child; runs that wait or go on are told as not run.
    void stop();

    /// Waits until they have been looked for. Their versions are asked for from the first call on, and are filled in as
    /// they come.
    std::vector<ClientView> clients();

    /// Of each client that is here. Writes the files that they need. Throws what command_for() throws, and
    /// std::runtime_error after stop().
    std::vector<ClientCommandView> commands(ServedCopy server);

    /// One server is given to one run at a time; at most `at_once` run together, the others wait in order.
    void run(ClientJob job);

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

} // namespace alert40
