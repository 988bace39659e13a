// SPDX-License-Identifier: GPL-2.0-or-later
// The commands of alert40-server; main.cpp reads the command line and calls one of them. Each returns the exit status.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace alert40 {

struct ServeOptions {
    std::vector<std::string> scenarios;
    bool all = false;
    bool fixed = false;
    std::string persona; // in the place of each scenario's own; empty: that
    std::string listen = "127.0.0.1";
    unsigned port = 0;
    std::string control; // PORT, ADDR:PORT or off; empty: a free port of loopback
    unsigned threads = 1;
    std::size_t max_connections = 1000;
    std::string log = "text";              // or json
    bool quiet = false;                    // no line per handshake
    std::filesystem::path state_directory; // empty: the default
    std::filesystem::path capture;         // folder; empty: nothing is captured
    std::filesystem::path key_log;         // file; empty: none
    std::filesystem::path data;
};

int run_serve(const ServeOptions& options);
int run_list(const std::filesystem::path& data, bool json);
int run_show(const std::filesystem::path& data, const std::string& name, bool json);
int run_validate(const std::filesystem::path& data, const std::filesystem::path& state,
                 const std::vector<std::string>& names);
int run_schema();
int run_root(const std::filesystem::path& state, const std::filesystem::path& out);

} // namespace alert40
