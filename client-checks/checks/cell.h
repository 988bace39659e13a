// SPDX-License-Identifier: GPL-2.0-or-later
// A cell: one scenario x one client, faulty and fixed, and the verdict on it.
#pragma once

#include "client-checks/checks/run_client.h"
#include "client-checks/diagnosis/finding.h"
#include "scenarios/loader/cause.h"

namespace alert40 {

enum class Verdict { pass, fail, skip, error };
std::string_view name(Verdict verdict);

struct CellResult {
    std::string client;
    Verdict verdict = Verdict::error;
    std::vector<std::string> why;     // each reason for anything but a plain pass
    std::vector<std::string> because; // exceptions of the scenario that were applied
    bool accepts = false;             // the client is expected to accept the fault, and does
    std::optional<Expected> expected;
    std::optional<Observation> faulty;
    std::optional<Observation> fixed;
    unsigned connection = 1;                // which of client.connections `faulty` is
    std::map<unsigned, Observation> beside; // the other ones
    std::vector<Observation> fixed_beside;
    std::vector<Finding> findings;
    std::vector<std::string> first_class;      // causes that the evidence cannot tell apart, the best first
    std::vector<std::string> from_client_only; // causes by the client's text alone
    std::string next_test;
    std::optional<Diagnosis> proved; // what the probes found at the same server, where that was asked for
    std::chrono::milliseconds wall{};
};

/// What judging a cell needs beside running it.
struct Judgement {
    const CauseCatalogue& causes;
    const std::vector<IndistinguishableClass>& classes;
    bool with_fix = true;
};

/// Runs and judges; what fails in the machine becomes Verdict::error, bad input is thrown (InputError).
asio::awaitable<CellResult> run_cell(const RunContext& context, const Judgement& judgement, const Scenario& scenario,
                                     const RosterEntry& client);

/// The verdict on what was observed: fills findings, verdict and why. Separate, so that it can be tested on its own.
void judge(CellResult& cell, const Scenario& scenario, const RosterEntry& client, const Judgement& judgement);

} // namespace alert40
