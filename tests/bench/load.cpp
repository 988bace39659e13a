// SPDX-License-Identifier: GPL-2.0-or-later
// alert40-load: the clients of scripts/bench. One thread, epoll, as little per connection as possible: it shares the
// machine with the server it measures.
//
//   alert40-load HOST:PORT --mode alert --connections N --concurrency C [--hello FILE]
//       Sends one ClientHello per connection and reads to the end.
//   alert40-load HOST:PORT --mode stall N [--probe HOST:PORT] [--probes K] [--hello FILE] [--probe-hello FILE]
//       Opens N connections, sends a ClientHello on each, prints {"held":N} and holds them until a line (or the end) of
//       standard input; then measures how soon K new connections, one after the other, are answered at --probe.
//   alert40-load HOST:PORT --mode handshake --connections N --concurrency C --version V --cipher SUITE --ca FILE --name
//   N [--rate R]
//       Whole handshakes with X25519 and one suite, one HTTP request and its answer on each; R of them begin in a
//       second.
//
// Prints one JSON object: counts, alerts by description, seconds, milliseconds.

#include "tests/bench/handshakes.h"
#include "tests/bench/socket.h"

#include <nlohmann/json.hpp>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace alert40::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kSilence = 10'000;       // ms without any event: what is open then counts as an error
constexpr std::size_t kAnswerKept = 7; // octets: an alert record
constexpr std::uint32_t kEventsAtOnce = 256;

double seconds_since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Counts {
    std::size_t connections = 0; // that ended
    std::size_t errors = 0;      // refused, reset before an answer, or silent
    std::size_t unanswered = 0;  // closed without an octet
    std::size_t other = 0;       // answered with anything but an alert
    std::map<std::string, std::size_t> alerts;
};

/// Keeps `concurrency` connections going until `connections` have ended.
class AlertLoad {
public:
    AlertLoad(const sockaddr_in& target, std::string hello, std::size_t connections, std::size_t concurrency)
        : target_(target),
          hello_(std::move(hello)),
          to_start_(connections),
          clients_(std::min(connections, concurrency)),
          epoll_(epoll_create1(EPOLL_CLOEXEC))
    {
        if (epoll_.number() < 0) throw std::system_error(errno, std::generic_category(), "make an epoll instance");
    }

    Counts run()
    {
        for (std::uint32_t index = 0; index < clients_.size(); ++index) start(index);
        std::array<epoll_event, kEventsAtOnce> events;
        while (open_ > 0) {
            const int ready = epoll_wait(epoll_.number(), events.data(), kEventsAtOnce, kSilence);
            if (ready < 0 && errno == EINTR) continue;
            if (ready <= 0) break;
            for (int i = 0; i < ready; ++i) handle(events[static_cast<std::size_t>(i)].data.u32);
        }
        counts_.errors += open_ + to_start_;
        return counts_;
    }

private:
    struct Client {
        FileDescriptor socket;
        bool hello_sent = false;
        std::string answer; // its beginning
    };

    void start(std::uint32_t index)
    {
        if (to_start_ == 0) return;
        Client& client = clients_[index];
        client = Client{connect_to(target_, --to_start_, false), false, {}};
        ++open_;
        watch(EPOLL_CTL_ADD, index, EPOLLOUT);
    }

    void watch(int operation, std::uint32_t index, std::uint32_t what)
    {
        epoll_event event{};
        event.events = what;
        event.data.u32 = index;
        epoll_ctl(epoll_.number(), operation, clients_[index].socket.number(), &event);
    }

    void handle(std::uint32_t index)
    {
        Client& client = clients_[index];
        if (!client.hello_sent) { // connected, or refused
            client.hello_sent = send_all(client.socket, hello_);
            if (!client.hello_sent) return end(index, true);
            return watch(EPOLL_CTL_MOD, index, EPOLLIN);
        }
        std::array<char, 16 * 1024> buffer;
        const ssize_t count = recv(client.socket.number(), buffer.data(), buffer.size(), 0);
        if (count > 0) {
            const std::size_t room = kAnswerKept - client.answer.size();
            client.answer.append(buffer.data(), std::min(static_cast<std::size_t>(count), room));
        } else if (count == 0 || errno != EAGAIN) {
            end(index, count < 0 && client.answer.empty());
        }
    }

    void end(std::uint32_t index, bool failed)
    {
        const std::string& answer = clients_[index].answer;
        const int description = alert_description(answer);
        ++counts_.connections;
        if (failed)
            ++counts_.errors;
        else if (answer.empty())
            ++counts_.unanswered;
        else if (description < 0)
            ++counts_.other;
        else
            ++counts_.alerts[std::to_string(description)];
        clients_[index].socket = FileDescriptor();
        --open_;
        start(index);
    }

    sockaddr_in target_;
    std::string hello_;
    std::size_t to_start_;
    std::size_t open_ = 0;
    std::vector<Client> clients_;
    FileDescriptor epoll_;
    Counts counts_;
};

nlohmann::json run_alert(const sockaddr_in& target, const std::string& hello, std::size_t connections,
                         std::size_t concurrency)
{
    const auto start = Clock::now();
    const Counts counts = AlertLoad(target, hello, connections, concurrency).run();
    return {{"mode", "alert"},
            {"connections", counts.connections},
            {"errors", counts.errors},
            {"unanswered", counts.unanswered},
            {"other", counts.other},
            {"alerts", counts.alerts},
            {"wall_seconds", seconds_since(start)}};
}

std::vector<FileDescriptor> hold(const sockaddr_in& target, const std::string& hello, std::size_t count)
{
    std::vector<FileDescriptor> held;
    for (std::size_t index = 0; index < count; ++index) {
        held.push_back(connect_to(target, index, true));
        if (!send_all(held.back(), hello)) throw std::runtime_error("a ClientHello did not fit into a socket");
    }
    return held;
}

/// Milliseconds from the connect to the first octet of the answer; -1 where none comes.
double answer_time(const sockaddr_in& target, const std::string& hello)
{
    const auto start = Clock::now();
    const auto socket = connect_to(target, 0, true);
    pollfd readable{socket.number(), POLLIN, 0};
    char octet;
    if (!send_all(socket, hello) || poll(&readable, 1, kSilence) != 1 || recv(socket.number(), &octet, 1, 0) != 1)
        return -1;
    return seconds_since(start) * 1000;
}

/// How many connections were neither answered nor closed.
std::ptrdiff_t count_silent(const std::vector<FileDescriptor>& sockets)
{
    auto is_silent = [](const FileDescriptor& socket) {
        char octet;
        return recv(socket.number(), &octet, 1, MSG_DONTWAIT | MSG_PEEK) < 0 && errno == EAGAIN;
    };
    return std::count_if(sockets.begin(), sockets.end(), is_silent);
}

struct Probe {
    sockaddr_in target;
    std::string hello;
    std::size_t count;
};

nlohmann::json run_stall(const sockaddr_in& target, const std::string& hello, std::size_t count, const Probe& probe)
{
    const auto start = Clock::now();
    const auto held = hold(target, hello, count);
    const double opening = seconds_since(start);
    std::cout << nlohmann::json{{"held", held.size()}} << std::endl;
    std::string go_on;
    std::getline(std::cin, go_on);

    std::vector<double> answers;
    for (std::size_t i = 0; i < probe.count; ++i) answers.push_back(answer_time(probe.target, probe.hello));
    return {{"mode", "stall"},
            {"connections", count},
            {"silent", count_silent(held)},
            {"opening_seconds", opening},
            {"answer_ms", answers}};
}

struct Options {
    std::string target, mode = "alert", hello, probe, probe_hello, version, cipher, ca, name;
    std::size_t connections = 10'000, concurrency = 64, stalled = 0, probes = 20, rate = 0;
};

std::size_t number(const std::string& text)
{
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) throw std::runtime_error(text + " is not a number");
    return value;
}

Options parse(std::vector<std::string> arguments)
{
    Options options;
    std::reverse(arguments.begin(), arguments.end());
    auto next = [&] {
        if (arguments.empty()) throw std::runtime_error("an argument is missing (see the top of tests/bench/load.cpp)");
        auto argument = std::move(arguments.back());
        arguments.pop_back();
        return argument;
    };
    options.target = next();
    while (!arguments.empty()) {
        const auto option = next();
        if (option == "--mode")
            options.mode = next();
        else if (option == "--connections")
            options.connections = number(next());
        else if (option == "--concurrency")
            options.concurrency = number(next());
        else if (option == "--rate")
            options.rate = number(next());
        else if (option == "--probe")
            options.probe = next();
        else if (option == "--probes")
            options.probes = number(next());
        else if (option == "--hello")
            options.hello = next();
        else if (option == "--probe-hello")
            options.probe_hello = next();
        else if (option == "--version")
            options.version = next();
        else if (option == "--cipher")
            options.cipher = next();
        else if (option == "--ca")
            options.ca = next();
        else if (option == "--name")
            options.name = next();
        else
            throw std::runtime_error("unknown option " + option);
        if (option == "--mode" && options.mode == "stall") options.stalled = number(next());
    }
    if (options.mode != "alert" && options.mode != "stall" && options.mode != "handshake")
        throw std::runtime_error("--mode is alert, stall or handshake");
    return options;
}

nlohmann::json run_handshake(const Options& options)
{
    std::ifstream ca(options.ca);
    const auto version = find_protocol_version(options.version);
    const auto* suite = find_cipher_suite(options.cipher);
    if (!ca || !version || suite == nullptr)
        throw std::runtime_error("--version, --cipher or --ca is none that there is");
    TlsClientConfig client;
    client.versions = {*version};
    client.cipher_suites = {suite->value};
    client.groups = {NamedGroup::x25519, NamedGroup::secp256r1}; // the second for the certificate
    client.anchors_pem.assign(std::istreambuf_iterator<char>(ca), {});
    client.server_name = options.name;
    const auto start = Clock::now();
    const auto counts =
        run_handshakes(parse_address(options.target), client, options.connections, options.concurrency, options.rate);
    return {{"mode", "handshake"},
            {"answered", counts.answered},
            {"failed", counts.failed},
            {"first_failure", counts.first_failure},
            {"wall_seconds", seconds_since(start)}};
}

nlohmann::json run(const Options& options)
{
    raise_descriptor_limit();
    if (options.mode == "handshake") return run_handshake(options);
    const auto target = parse_address(options.target);
    const auto hello = load_client_hello(options.hello);
    if (options.mode == "alert") return run_alert(target, hello, options.connections, options.concurrency);
    if (options.probe.empty()) return run_stall(target, hello, options.stalled, Probe{target, hello, 0});
    const Probe probe{parse_address(options.probe), load_client_hello(options.probe_hello), options.probes};
    return run_stall(target, hello, options.stalled, probe);
}

} // namespace
} // namespace alert40::bench

int main(int count, char** arguments)
{
    try {
        std::cout << alert40::bench::run(alert40::bench::parse({arguments + 1, arguments + count})) << std::endl;
    } catch (const std::exception& error) {
        std::cerr << "alert40-load: " << error.what() << '\n';
        return 2;
    }
}
