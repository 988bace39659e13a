// SPDX-License-Identifier: GPL-2.0-or-later
// One port of a listener on all its addresses and all workers: opened, answered otherwise, closed.
#pragma once

#include "server/control/worker.h"

namespace alert40 {

class Ports {
public:
    /// What answers on one worker.
    using AnsweringOf = std::function<Answering(std::size_t worker)>;

    /// `workers` outlive it and have started.
    explicit Ports(std::vector<std::unique_ptr<Worker>>& workers) : workers_(workers) {}

    /// Listens on each of `addresses`; port 0: one that is free on all. Throws std::system_error naming the address.
    void open(const std::vector<std::string>& addresses, unsigned port, const AnsweringOf& answering);
    /// Binds and does not listen: connections are refused, and the port belongs to nobody else. Throws the same.
    void hold(const std::vector<std::string>& addresses, unsigned port);
    /// From the next connection on.
    void answer_with(const AnsweringOf& answering);
    void close();

    unsigned port() const { return port_; }
    bool listens() const { return !open_.empty(); }

private:
    struct Opened {
        std::size_t worker;
        std::shared_ptr<OpenPort> port;
    };

    std::vector<std::unique_ptr<Worker>>& workers_;
    unsigned port_ = 0;
    std::vector<Opened> open_;
    std::vector<asio::ip::tcp::acceptor> held_; // of the first worker
};

} // namespace alert40
