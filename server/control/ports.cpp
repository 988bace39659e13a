// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/ports.h"

namespace alert40 {

using asio::ip::tcp;

void Ports::open(const std::vector<std::string>& addresses, unsigned port, const AnsweringOf& answering)
{
    std::vector<std::vector<tcp::acceptor>> acceptors(workers_.size());
    workers_.front()->on_thread([&] {
        auto first = listen_on_all(workers_.front()->io(), addresses, static_cast<asio::ip::port_type>(port));
        for (std::size_t index = 1; index < workers_.size(); ++index)
            for (auto& each : first) acceptors[index].push_back(listen_beside(workers_[index]->io(), each));
        port_ = first.front().local_endpoint().port();
        acceptors.front() = std::move(first);
    });
    for (std::size_t index = 0; index < workers_.size(); ++index)
        workers_[index]->on_thread([&, index] {
            for (auto& each : acceptors[index])
                open_.push_back({index, start_listening(workers_[index]->engine(), std::move(each), answering(index))});
        });
}

void Ports::hold(const std::vector<std::string>& addresses, unsigned port)
{
    workers_.front()->on_thread([&] {
        held_ = hold_all(workers_.front()->io(), addresses, static_cast<asio::ip::port_type>(port));
        port_ = held_.front().local_endpoint().port();
    });
}

void Ports::answer_with(const AnsweringOf& answering)
{
    for (auto& each : open_) workers_[each.worker]->on_thread([&] { each.port->answer_with(answering(each.worker)); });
}

void Ports::close()
{
    for (auto& each : open_) workers_[each.worker]->on_thread([&] { each.port->close(); });
    open_.clear();
    if (!held_.empty()) workers_.front()->on_thread([&] { held_.clear(); });
}

} // namespace alert40
