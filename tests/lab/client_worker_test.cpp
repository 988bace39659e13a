// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/client_worker.h"
#include "scenarios/loader/catalogue.h"
#include "tests/certs/support.h"
#include "tests/source_dir.h"

#include <asio/ip/tcp.hpp>
#include <catch2/catch.hpp>

#include <future>

using namespace alert40;

namespace {

/// A listener that accepts by the kernel alone: whoever connects waits.
class SilentServer {
public:
    SilentServer() : acceptor_(io_, {asio::ip::address_v4::loopback(), 0}) {}
    unsigned port() const { return acceptor_.local_endpoint().port(); }

private:
    asio::io_context io_;
    asio::ip::tcp::acceptor acceptor_;
};

/// A port of nobody.
unsigned free_port()
{
    return SilentServer().port();
}

ServedCopy server_on(unsigned port, const std::string& scenario = "control/healthy-tls12")
{
    ServedCopy server;
    server.scenario = load_scenarios(select_scenarios(test_source_dir(), {scenario})).front();
    server.port = port;
    server.tag = std::to_string(port);
    return server;
}

struct Room {
    Room()
    {
        ClientWorkerOptions options;
        options.data = test_source_dir();
        options.state_directory = directory.path() / "state";
        options.self = ALERT40_CHECK_PROGRAM;
        worker.emplace(std::move(options));
        worker->start();
    }

    std::future<ClientRunResult> run(
        const std::string& client, ServedCopy server, std::function<void()> started = [] {})
    {
        auto promise = std::make_shared<std::promise<ClientRunResult>>();
        ClientJob job;
        job.client = client;
        job.server = std::move(server);
        job.started = std::move(started);
        job.ended = [promise](ClientRunResult result) { promise->set_value(std::move(result)); };
        worker->run(std::move(job));
        return promise->get_future();
    }

    test::TemporaryDirectory directory;
    std::optional<ClientWorker> worker;
};

} // namespace

TEST_CASE("the clients are listed, and of those that are not here the reason", "[lab][clients]")
{
    Room room;
    const auto clients = room.worker->clients();
    CHECK(clients.size() > 40);
    const auto builtin =
        std::find_if(clients.begin(), clients.end(), [](const auto& each) { return each.name == "builtin"; });
    REQUIRE(builtin != clients.end());
    CHECK(builtin->why_not.empty());
    CHECK(builtin->library == "wolfssl");
    CHECK_FALSE(builtin->title.empty());
}

TEST_CASE("a client that is here gets a command with the port, the name and the anchors", "[lab][clients]")
{
    Room room;
    const auto commands = room.worker->commands(server_on(4433));
    const auto builtin =
        std::find_if(commands.begin(), commands.end(), [](const auto& each) { return each.client == "builtin"; });
    REQUIRE(builtin != commands.end());
    CHECK(builtin->argv.front() == ALERT40_CHECK_PROGRAM);
    CHECK(builtin->shell.find("127.0.0.1:4433") != std::string::npos);
    CHECK(builtin->shell.find("healthy-tls12.control.localhost") != std::string::npos);
    CHECK(builtin->shell.find("root.pem") != std::string::npos);
    CHECK(builtin->elsewhere.empty()); // it is this program
}

TEST_CASE("a client is run, and what it says is read", "[lab][clients]")
{
    Room room;
    bool started = false;
    const auto result = room.run("builtin", server_on(free_port()), [&] { started = true; }).get();
    CHECK(started);
    CHECK(result.why_not.empty());
    CHECK(describe(result.symptoms) == "refused");
    CHECK(result.child.exit_code == 1);
    CHECK_FALSE(result.shell.empty());
}

TEST_CASE("what cannot be run is told with its reason", "[lab][clients]")
{
    Room room;
    CHECK(room.run("nobody", server_on(1)).get().why_not == "no client is named nobody");
    // It cannot be asked to repeat a connection with a lower version.
    const auto result = room.run("builtin", server_on(1, "version/inappropriate-fallback-tls12")).get();
    CHECK_FALSE(result.why_not.empty());
    CHECK(result.shell.empty());
}

TEST_CASE("runs against one server come one after the other", "[lab][clients]")
{
    Room room;
    const auto port = free_port();
    std::atomic<int> under_way{0};
    std::atomic<int> most{0};
    std::vector<std::future<ClientRunResult>> results;
    for (int number = 0; number < 3; ++number) {
        auto promise = std::make_shared<std::promise<ClientRunResult>>();
        results.push_back(promise->get_future());
        ClientJob job;
        job.client = "builtin";
        job.server = server_on(port);
        job.started = [&] { most = std::max<int>(most, ++under_way); };
        job.ended = [&, promise](ClientRunResult result) {
            --under_way;
            promise->set_value(std::move(result));
        };
        room.worker->run(std::move(job));
    }
    for (auto& result : results) CHECK(result.get().why_not.empty());
    CHECK(most == 1);
}

TEST_CASE("when the lab ends a client that waits is ended, and who waited is told", "[lab][clients]")
{
    Room room;
    const SilentServer silent;
    std::promise<void> started;
    auto running = room.run("builtin", server_on(silent.port()), [&] { started.set_value(); });
    auto waiting = room.run("builtin", server_on(silent.port()));
    started.get_future().get();
    room.worker->stop();
    CHECK(running.get().why_not == "the lab has ended");
    CHECK(waiting.get().why_not == "the lab has ended");
}
