// SPDX-License-Identifier: GPL-2.0-or-later
// Probes of a scenario that this process serves on a loopback port.
#pragma once

#include "client-checks/probes/live.h"
#include "tests/engine/served.h"

namespace alert40::test {

/// A server with these sections, and who asks it.
class Asked {
public:
    explicit Asked(const std::string& sections) : served(sections)
    {
        target.hosts = {"127.0.0.1"};
        target.port = served.endpoint.port();
        target.server_name = std::string(kServerName);
        target.reference_name = std::string(kServerName);
        target.limits.at_a_time = 40;
        target.limits.least_gap = {};
        gate.emplace(served.io.get_executor(), target.limits);
    }

    ProbePlace place() { return {*gate, target, served.endpoint}; }

    ProbeHello usual() const
    {
        ProbeHello hello;
        hello.hello = modern_hello(target.server_name);
        return hello;
    }

    Answer ask(const ProbeHello& hello)
    {
        Answer answer;
        served.run([&]() -> asio::awaitable<void> {
            auto got = co_await probe(place(), hello);
            answer = std::move(got);
        });
        return answer;
    }

    Experiments experiment_with(const ProbeHello& hello)
    {
        std::optional<Experiments> made;
        served.run([&]() -> asio::awaitable<void> {
            auto first = co_await probe(place(), hello);
            auto all = co_await experiment(place(), hello, std::move(first));
            made = std::move(all);
        });
        return *std::move(made);
    }

    Served served;
    LiveTarget target;
    std::optional<ConnectionGate> gate;
};

inline ProbeHello with(ProbeHello hello, const std::vector<HelloChange>& changes)
{
    for (const auto& change : changes) change.apply(hello);
    return hello;
}

} // namespace alert40::test
