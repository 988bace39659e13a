// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/gate.h"

#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <asio/system_error.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>

namespace alert40 {

ConnectionGate::ConnectionGate(asio::any_io_executor executor, const ProbeLimits& limits)
    : limits_(limits),
      executor_(executor),
      changed_(executor)
{
    changed_.expires_at(Clock::time_point::max());
}

ConnectionGate::Pass& ConnectionGate::Pass::operator=(Pass&& other) noexcept
{
    if (this == &other) return *this;
    leave();
    gate_ = std::exchange(other.gate_, nullptr);
    company_ = other.company_;
    return *this;
}

void ConnectionGate::Pass::leave()
{
    auto* gate = std::exchange(gate_, nullptr);
    if (gate == nullptr) return;
    --gate->inside_;
    if (company_ == Company::alone) gate->closed_for_others_ = false;
    gate->changed_.cancel(); // wakes all that wait: each looks anew
}

/// Who wants to be alone comes before those who do not: else it would wait for a gap that never comes.
bool ConnectionGate::has_room(Company company) const
{
    if (closed_for_others_) return false;
    if (company == Company::alone) return inside_ == 0;
    return waiting_alone_ == 0 && inside_ < limits_.at_a_time;
}

asio::awaitable<std::optional<ConnectionGate::Pass>> ConnectionGate::enter(Company company)
{
    struct Waiting { // counted down also where the wait is cancelled
        std::size_t& count;
        bool counts;
        Waiting(std::size_t& of, bool does) : count(of), counts(does) { count += counts ? 1 : 0; }
        ~Waiting() { count -= counts ? 1 : 0; }
    };
    {
        const Waiting waiting(waiting_alone_, company == Company::alone);
        while (left() > 0 && !has_room(company)) {
            asio::error_code woken;
            co_await changed_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
            const auto state = co_await asio::this_coro::cancellation_state;
            if (state.cancelled() != asio::cancellation_type::none)
                throw asio::system_error(asio::error::operation_aborted);
        }
        if (left() == 0) co_return std::nullopt;
        ++used_;
        ++inside_;
        most_inside_ = std::max(most_inside_, inside_);
        closed_for_others_ = company == Company::alone;
    }
    Pass pass(*this, company);
    co_await keep_the_rate();
    co_return pass;
}

asio::awaitable<void> ConnectionGate::keep_the_rate()
{
    if (limits_.least_gap.count() == 0) co_return;
    const auto now = Clock::now();
    const auto mine = std::max(now, next_start_);
    next_start_ = mine + limits_.least_gap;
    if (mine == now) co_return;
    asio::steady_timer timer(executor_, mine);
    co_await timer.async_wait(asio::use_awaitable);
}

} // namespace alert40
