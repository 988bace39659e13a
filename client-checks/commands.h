// SPDX-License-Identifier: GPL-2.0-or-later
// The commands of alert40-check; main.cpp reads the command line and calls one of them. Each returns the exit status.
#pragma once

#include "client-checks/reports/report.h"

namespace alert40 {

struct CheckOptions {
    std::filesystem::path data;
    std::filesystem::path state_directory;           // empty: the default
    std::filesystem::path self;                      // this program
    std::vector<std::string> scenarios;              // empty: all
    std::vector<std::string> clients;                // empty: all
    std::vector<std::filesystem::path> client_files; // the user's own clients: files, or folders of them
    std::filesystem::path answers;                   // of manual clients; empty: they are asked for on the terminal
    std::vector<std::string> reports;                // FORMAT=PATH; "terminal" goes to standard output in any case
    std::size_t jobs = 0;                            // 0: one per processor
    double timeout_seconds = 10;
    bool no_fix = false;
    bool prove = false;               // settle by experiment what the evidence of a failure leaves open
    bool cold = false;                // each run is a process of its own, also of clients that can serve many
    std::filesystem::path capture;    // folder for a capture of each connection; empty: none
    std::string shard;                // "2/5": only this part; empty: all
    std::filesystem::path baseline;   // an earlier result; empty: none
    std::filesystem::path keep_files; // where the files that clients are given stay; empty: they go with the run
};

/// 128 + signal where SIGINT or SIGTERM ended it: then no client is left, and the reports have what was measured.
int run_check(const CheckOptions& options);

struct MergeOptions {
    std::vector<std::string> files;
    std::vector<std::string> reports; // as in CheckOptions
    std::filesystem::path baseline;
};

/// The exit status of the whole run that the files are parts of; 3 where one of them is not complete.
int run_merge(const MergeOptions& options);

struct WithOptions {
    std::filesystem::path data;
    std::filesystem::path state_directory;
    std::string scenario;
    bool fixed = false;
    std::vector<std::string> command;
};

/// Passes on the command's own status; 128 + signal where one ended it.
int run_with(const WithOptions& options);

int run_explain(const std::filesystem::path& data, const std::string& what,
                const std::vector<std::filesystem::path>& client_files = {});

struct DiagnoseOptions {
    std::filesystem::path data;
    std::filesystem::path state_directory;
    std::vector<std::filesystem::path> client_files;
    // One of the four says what is looked at; "-" is standard input.
    std::string server;                 // HOST:PORT
    std::filesystem::path log;          // what a client or server wrote
    std::filesystem::path capture;      // pcap or pcapng
    std::filesystem::path records;      // recorded runs, a JSON object a line (client-checks/records)
    std::filesystem::path key_log;      // beside a capture that holds no secrets
    std::string as_client;              // whose ClientHello; empty: one that offers what is current
    std::string server_name;            // empty: HOST, where it is a name
    std::filesystem::path ca;           // trust anchors, PEM; empty: the system's
    std::filesystem::path client_chain; // PEM; empty: none is sent
    std::filesystem::path client_key;   // PEM
    std::string starttls;               // the protocol that TLS starts in; empty: TLS at once
    std::string proxy;                  // HOST:PORT of an HTTP proxy; empty: none
    std::size_t repeat = 1;             // full handshakes to compare
    std::size_t max_connections = 100;  // to one server, all in all
    double timeout_seconds = 5;         // how long an answer is waited for
    std::vector<std::string> reports;   // FORMAT=PATH: terminal, json
    bool json = false;                  // JSON on standard output in place of text
};

/// 0 healthy, 1 a cause found, 4 undetermined (diagnosis.h).
int run_diagnose(const DiagnoseOptions& options);
int diagnose_server(const DiagnoseOptions& options);
int diagnose_log(const DiagnoseOptions& options);
int diagnose_capture(const DiagnoseOptions& options);
int diagnose_records(const DiagnoseOptions& options);

struct ClientsOptions {
    std::filesystem::path data;
    std::filesystem::path state_directory;
    std::filesystem::path self;
    std::vector<std::string> clients; // empty: all
    std::vector<std::filesystem::path> client_files;
    bool json = false;
    std::filesystem::path
        record_hellos; // where the ClientHellos go; empty: the clients are listed; "-": standard output
};

int run_clients(const ClientsOptions& options);
/// 1 where a client that is here sent none. What the file holds of other clients and versions stays.
int record_hellos(const ClientsOptions& options);

struct LabOptions {
    std::filesystem::path data;
    std::filesystem::path state_directory; // empty: the default
    std::filesystem::path self;
    std::vector<std::filesystem::path> client_files;
    std::vector<std::string> scenarios;  // ids, families, files or folders; empty: all
    std::string listen = "127.0.0.1";    // of the TLS servers
    unsigned port = 0;                   // the common one of all scenarios; 0: a free one
    std::string control = "127.0.0.1:0"; // of the pages: ADDRESS:PORT, or PORT on loopback
    unsigned threads = 1;
    std::filesystem::path results; // whose answers are shown; empty: those that come with the data
    double timeout_seconds = 10;   // what a client gets that is run from a page
    bool open = false;             // the pages are opened in this machine's browser
    bool json = false;             // what is printed is JSON
};

/// Until SIGINT or SIGTERM; then 0, and no child is left.
int run_lab(const LabOptions& options);

} // namespace alert40
