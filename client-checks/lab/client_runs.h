// SPDX-License-Identifier: GPL-2.0-or-later
// The runs of clients that were asked for in the lab: who asked, what came out, which connections belong to it. The
// newest are kept.
#pragma once

#include "client-checks/lab/client_worker.h"
#include "client-checks/lab/connection_maker.h"
#include "server/control/callers.h"
#include "server/control/connection_log.h"

#include <nlohmann/json.hpp>
#include <set>

namespace alert40 {

struct ClientRun {
    std::uint64_t id = 0; // from 1
    std::string client;
    std::string listener;
    std::string scenario; // its id
    bool fixed = false;
    bool hidden = false; // the scenario is shown to the trainer only
    std::string owner;   // a learner's name; empty: the trainer's
    std::string quota;   // whose share of runs it counts to: a learner's name; empty: nobody's
    std::chrono::system_clock::time_point asked;
    bool begun = false;
    bool ended = false;
    std::uint64_t after = 0; // connections of this id and below came before it began
    std::uint64_t upto = 0;  // those above came after it had ended
    ClientRunResult result;

    /// The trainer's are shown to all, but for those that show a hidden scenario.
    bool may_see(const Caller& caller) const { return caller.may_change(owner) || (owner.empty() && !hidden); }
};

/// Any thread may use it.
class ClientRuns {
public:
    static constexpr std::size_t kMostKept = 300;
    static constexpr std::size_t kMostUnended = 64;     // of all together
    static constexpr std::size_t kMostUnendedOfOne = 4; // of one learner
    static constexpr std::size_t kMostListed = 50;
    static constexpr std::size_t kMostShown = 64 * 1024; // octets of each output

    /// Whether a process of ours made the connection; nullopt: that cannot be told (is_from_descendant()).
    using AskMaker = std::function<std::optional<bool>(const TcpEnd& client, const TcpEnd& server)>;

    /// `log` outlives it.
    explicit ClientRuns(const ConnectionLog& log, AskMaker ask = is_from_descendant) : log_(log), ask_(std::move(ask))
    {
    }

    /// To be told of each connection while its client cannot have left yet: as it is opened.
    void came(const ConnectionSummary& connection);

    /// Its number. Throws Problem 503 where as many as may be are under way, 429 where this learner has his share.
    std::uint64_t open(ClientRun run);
    void begin(std::uint64_t id);
    void end(std::uint64_t id, ClientRunResult result);

    /// nullopt: it never was, or is not kept any more.
    std::optional<ClientRun> find(std::uint64_t id) const;
    /// The newest first, at most kMostListed.
    std::vector<ClientRun> recent() const;
    /// The run whose client made this connection: it came from this machine while the run had the listener to itself,
    /// and from no process that is not ours. Where its maker cannot be told, it counts by the time alone.
    std::optional<ClientRun> run_of(const ConnectionSummary& connection) const;
    std::vector<ConnectionSummary> connections_of(const ClientRun& run) const;

    /// How far it has come and what it showed, without the outputs: for the event stream.
    nlohmann::ordered_json summary_json(const ClientRun& run) const;
    /// As the API tells it; without the scenario where `caller` may not know it.
    nlohmann::ordered_json to_json(const ClientRun& run, const Caller& caller) const;

private:
    static constexpr std::size_t kMostRemembered = 4096; // connections of each of the two sets

    ClientRun* at(std::uint64_t id);
    bool belongs(const ClientRun& run, const ConnectionSummary& connection) const;
    void remember(std::set<std::uint64_t>& connections, std::uint64_t id) const;
    bool is_told_by_time(const std::vector<ConnectionSummary>& connections) const;

    const ConnectionLog& log_;
    AskMaker ask_;
    mutable std::mutex mutex_;
    std::deque<ClientRun> runs_; // ids ascending
    std::uint64_t last_ = 0;
    std::set<std::uint64_t> foreign_;     // connections of processes that are not ours
    std::set<std::uint64_t> of_somebody_; // those whose maker could not be told
};

} // namespace alert40
