// SPDX-License-Identifier: GPL-2.0-or-later
// The one door that every connection of a live diagnosis goes through: it counts them, holds back what is too much at
// a time or too fast, and lets one be alone with the server.
//
//   auto pass = co_await gate.enter();          nullopt: no connection is left in the budget
//   ... connect, send, read; the pass's end makes room for the next
#pragma once

#include "client-checks/probes/target.h"

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/steady_timer.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace alert40 {

/// Belongs to one io_context's one thread, and outlives its passes.
class ConnectionGate {
public:
    enum class Company {
        among_others,
        alone, // waits until no other is inside, and keeps the others out until it has left
    };

    /// Movable; leaves when it ends.
    class Pass {
    public:
        Pass(ConnectionGate& gate, Company company) : gate_(&gate), company_(company) {}
        Pass(Pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)), company_(other.company_) {}
        Pass& operator=(Pass&& other) noexcept;
        ~Pass() { leave(); }

    private:
        void leave();
        ConnectionGate* gate_;
        Company company_;
    };

    ConnectionGate(asio::any_io_executor executor, const ProbeLimits& limits);
    ConnectionGate(const ConnectionGate&) = delete;
    ConnectionGate& operator=(const ConnectionGate&) = delete;

    /// Waits for room and for the rate; nullopt where the budget is spent, now or when its turn comes. Cancellation
    /// throws asio::system_error (operation_aborted).
    asio::awaitable<std::optional<Pass>> enter(Company company = Company::among_others);

    /// Connections that were let in so far, and how many are left.
    std::size_t used() const { return used_; }
    std::size_t left() const { return limits_.max_connections - used_; }
    /// The most that were inside at the same time.
    std::size_t most_at_a_time() const { return most_inside_; }

    const ProbeLimits& limits() const { return limits_; }

    /// The shortest TCP handshake so far is the path's; the others waited for this program too.
    void note_round_trip(std::chrono::microseconds round_trip) { round_trip_ = std::min(round_trip_, round_trip); }
    std::chrono::milliseconds answer_deadline() const { return alert40::answer_deadline(limits_, round_trip_); }

private:
    using Clock = std::chrono::steady_clock;

    bool has_room(Company company) const;
    asio::awaitable<void> keep_the_rate();

    ProbeLimits limits_;
    asio::any_io_executor executor_;
    asio::steady_timer changed_; // never expires; cancelled when somebody leaves
    std::size_t used_ = 0;
    std::size_t inside_ = 0;
    std::size_t most_inside_ = 0;
    std::size_t waiting_alone_ = 0;
    bool closed_for_others_ = false; // somebody is alone
    Clock::time_point next_start_{};
    std::chrono::microseconds round_trip_ = std::chrono::seconds(10);
};

} // namespace alert40
