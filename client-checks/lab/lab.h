// SPDX-License-Identifier: GPL-2.0-or-later
// The lab in one process: the TLS servers, the control API over them, and for the pages diagnosis, offers, clients,
// stored answers and exercises.
//
//   Lab lab(settings);   its ports are bound, scenarios are served
//   lab.start();         pages and clients; url() is the trainer's, join_url() everybody's
//   lab.stop();
#pragma once

#include "scenarios/loader/scenario.h"

#include <functional>
#include <memory>

namespace alert40 {

struct LabSettings {
    std::filesystem::path data;
    std::filesystem::path state_directory; // empty: the default
    std::filesystem::path self;            // this program
    std::vector<std::filesystem::path> client_files;
    std::filesystem::path results; // whose answers are shown; empty: those of the data
    std::string listen = "127.0.0.1";
    unsigned port = 0; // the common one
    std::string control_address = "127.0.0.1";
    unsigned control_port = 0;
    unsigned threads = 1;
    bool bind_later =
        false; // scenarios are bound when they are wanted: it starts sooner, and what is wrong with them shows then
    std::chrono::milliseconds client_timeout{10'000};
    std::function<void(std::string_view)> warn = [](std::string_view) {};
};

class Lab {
public:
    /// Throws InputError, std::runtime_error or std::system_error naming the port that cannot be had.
    Lab(LabSettings settings, std::vector<Scenario> scenarios);
    ~Lab();
    Lab(const Lab&) = delete;
    Lab& operator=(const Lab&) = delete;

    void start();
    /// Ends clients, pages and servers; returns when all have ended.
    void stop();

    std::string url() const;      // "http://127.0.0.1:40111/#token=...": whoever has it is the trainer
    std::string join_url() const; // "http://127.0.0.1:40111/join"
    unsigned port() const;        // the common one
    std::filesystem::path root_file() const;

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

} // namespace alert40
