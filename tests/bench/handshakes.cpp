// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/bench/handshakes.h"

#include "server/stack/tls_session.h"
#include "tests/bench/socket.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <fmt/format.h>
#include <system_error>

namespace alert40::bench {
namespace {

constexpr int kSilence = 10'000; // ms without any event: what is open then has failed
constexpr int kEventsAtOnce = 64;

class HandshakeLoad {
public:
    HandshakeLoad(const sockaddr_in& target, const TlsClientConfig& client, std::size_t connections,
                  std::size_t concurrency, std::size_t rate)
        : target_(target),
          context_(TlsContext::client(client)),
          request_(to_bytes(fmt::format("GET / HTTP/1.0\r\nHost: {}\r\n\r\n", client.server_name))),
          to_start_(connections),
          connections_(connections),
          rate_(rate),
          peers_(std::min(connections, concurrency)),
          epoll_(epoll_create1(EPOLL_CLOEXEC))
    {
        if (epoll_.number() < 0) throw std::system_error(errno, std::generic_category(), "make an epoll instance");
    }

    HandshakeCounts run()
    {
        for (std::uint32_t index = 0; index < peers_.size(); ++index) idle_.push_back(index);
        std::array<epoll_event, kEventsAtOnce> events;
        for (;;) {
            const int wait = start_what_is_due();
            if (open_ == 0 && to_start_ == 0) break;
            const int ready = epoll_wait(epoll_.number(), events.data(), kEventsAtOnce, wait);
            if (ready < 0 && errno == EINTR) continue;
            if (ready < 0 || (ready == 0 && wait == kSilence)) break;
            for (int i = 0; i < ready; ++i) handle(events[static_cast<std::size_t>(i)].data.u32);
        }
        counts_.failed += open_ + to_start_;
        return counts_;
    }

private:
    struct Peer {
        FileDescriptor socket;
        std::unique_ptr<TlsSession> session;
        bool greeted = false;
        bool established = false;
        bool answered = false;
    };

    /// Returns how long to wait for what happens, in ms: until the next is due, where one is.
    int start_what_is_due()
    {
        using std::chrono::steady_clock;
        const std::chrono::duration<double> elapsed = steady_clock::now() - began_;
        const auto due =
            rate_ == 0 ? static_cast<double>(connections_) : elapsed.count() * static_cast<double>(rate_) + 1;
        while (!idle_.empty() && to_start_ > 0 && static_cast<double>(connections_ - to_start_) < due) {
            const auto index = idle_.back();
            idle_.pop_back();
            start(index);
        }
        return rate_ != 0 && to_start_ > 0 && !idle_.empty() ? 1 : kSilence;
    }

    void start(std::uint32_t index)
    {
        peers_[index] =
            Peer{connect_to(target_, --to_start_, false), std::make_unique<TlsSession>(context_), false, false, false};
        ++open_;
        watch(EPOLL_CTL_ADD, index, EPOLLOUT);
    }

    void watch(int operation, std::uint32_t index, std::uint32_t what)
    {
        epoll_event event{};
        event.events = what;
        event.data.u32 = index;
        epoll_ctl(epoll_.number(), operation, peers_[index].socket.number(), &event);
    }

    void handle(std::uint32_t index)
    {
        Peer& peer = peers_[index];
        if (!peer.greeted) { // connected, or refused
            peer.greeted = true;
            if (!drive(peer)) return end(index, "refused");
            return watch(EPOLL_CTL_MOD, index, EPOLLIN);
        }
        std::array<std::uint8_t, 16 * 1024> buffer;
        const ssize_t count = recv(peer.socket.number(), buffer.data(), buffer.size(), 0);
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0) return end(index, "closed before an answer");
        peer.session->receive(ByteView(buffer.data(), static_cast<std::size_t>(count)));
        if (!drive(peer)) end(index, peer.session->error() ? peer.session->error()->text : "not sent");
    }

    /// False where the handshake failed, or the socket does not take what is to be sent.
    bool drive(Peer& peer)
    {
        if (!peer.established) {
            const TlsProgress progress = peer.session->advance();
            if (progress == TlsProgress::failed) return false;
            peer.established = progress == TlsProgress::established;
            if (peer.established) peer.session->write(request_);
        }
        if (peer.established && !peer.session->read().empty()) peer.answered = true;
        const Bytes output = peer.session->take_output();
        return output.empty() || send_all(peer.socket, std::string(output.begin(), output.end()));
    }

    void end(std::uint32_t index, const std::string& reason)
    {
        Peer& peer = peers_[index];
        if (peer.answered)
            ++counts_.answered;
        else if (++counts_.failed == 1)
            counts_.first_failure = reason;
        peer = Peer();
        --open_;
        idle_.push_back(index);
    }

    sockaddr_in target_;
    std::shared_ptr<TlsContext> context_;
    Bytes request_;
    std::size_t to_start_;
    std::size_t connections_;
    std::size_t rate_; // a second; 0: no limit
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::vector<std::uint32_t> idle_; // peers without a connection
    std::size_t open_ = 0;
    std::vector<Peer> peers_;
    FileDescriptor epoll_;
    HandshakeCounts counts_;
};

} // namespace

HandshakeCounts run_handshakes(const sockaddr_in& target, const TlsClientConfig& client, std::size_t connections,
                               std::size_t concurrency, std::size_t rate)
{
    return HandshakeLoad(target, client, connections, concurrency, rate).run();
}

} // namespace alert40::bench
