// SPDX-License-Identifier: GPL-2.0-or-later
// What runs of clients share: the machine's side of a matrix, of the lab.
#pragma once

#include "client-checks/diagnosis/diagnosis.h"
#include "client-checks/process/warm_worker.h"
#include "server/engine/bind.h"
#include "server/engine/capture.h"

#include <asio/io_context.hpp>

namespace alert40 {

class ManualDesk;

/// What every run of a matrix shares. All of it outlives the run.
struct RunContext {
    asio::io_context& io;
    const BindContext& bind;
    const RunDirectory& files; // for the trust anchor and client certificates
    std::filesystem::path ca;
    std::filesystem::path self;
    std::chrono::milliseconds timeout{10'000}; // of a client that the scenario gives no other
    CaptureDirectory* captures = nullptr;      // nullptr: nothing is captured
    WarmPool* warm = nullptr;                  // nullptr: each run is a process of its own
    ManualDesk* desk = nullptr;                // of manual clients; nullptr: nobody is there
    const Knowledge* prove = nullptr;          // where given, a server that failed a client is diagnosed live as well
};

} // namespace alert40
