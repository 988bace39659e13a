// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/supply.h"

#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

namespace alert40 {

Supply::Supply(Binder& binder, Bind bind, Scenario scenario, bool fixed, std::size_t workers)
    : binder_(binder),
      bind_(std::move(bind)),
      scenario_(std::move(scenario)),
      fixed_(fixed),
      places_(workers)
{
}

void Supply::bind()
{
    for (std::size_t worker = 0; worker < places_.size(); ++worker) bind_for(worker);
}

void Supply::bind_for(std::size_t worker)
{
    if (bound(worker)) return;
    auto made = bind_(scenario_, fixed_, shared_);
    {
        const std::lock_guard lock(mutex_);
        places_[worker].bound = std::move(made);
    }
    wake(worker);
}

void Supply::bind_quietly(std::size_t worker)
{
    try {
        bind_for(worker);
    } catch (const std::exception&) {
        const std::lock_guard lock(mutex_);
        places_[worker].failed = true;
    }
    wake(worker);
}

void Supply::bind_later(const std::function<void(const Supply&, const std::string&)>& failed)
{
    for (std::size_t worker = 0; worker < places_.size(); ++worker)
        binder_.put_off([self = shared_from_this(), worker, failed] {
            try {
                self->bind_for(worker);
            } catch (const std::exception& error) {
                if (worker == 0) failed(*self, error.what());
            }
        });
}

std::shared_ptr<BoundScenario> Supply::bound(std::size_t worker) const
{
    const std::lock_guard lock(mutex_);
    return places_[worker].bound;
}

asio::awaitable<std::shared_ptr<BoundScenario>> Supply::take(std::size_t worker)
{
    const auto executor = co_await asio::this_coro::executor;
    for (;;) {
        std::shared_ptr<asio::steady_timer> awake;
        bool ask = false;
        {
            const std::lock_guard lock(mutex_);
            Place& place = places_[worker];
            if (place.bound || place.failed) co_return place.bound;
            awake = std::make_shared<asio::steady_timer>(executor, asio::steady_timer::time_point::max());
            place.waiting.push_back(awake);
            ask = !std::exchange(place.asked, true);
        }
        if (ask) binder_.soon([self = shared_from_this(), worker] { self->bind_quietly(worker); });
        asio::error_code woken;
        co_await awake->async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
}

void Supply::wake(std::size_t worker)
{
    const std::lock_guard lock(mutex_);
    for (auto& timer : std::exchange(places_[worker].waiting, {})) {
        const auto executor = timer->get_executor();
        asio::post(executor, [held = std::move(timer)] { held->cancel(); });
    }
}

} // namespace alert40
