// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/upgrade.h"

#include "client-checks/probes/ldap_answer.h"
#include "client-checks/probes/reading.h"
#include "server/engine/nursery.h"
#include "tests/probes/asked.h"

#include <asio/experimental/as_tuple.hpp>
#include <asio/write.hpp>
#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using namespace test;
using namespace std::string_literals;

constexpr auto kOffer = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                        "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'><stream:features>"
                        "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>";

LdapAnswer read(const std::string& text)
{
    const Bytes bytes = to_bytes(text);
    return read_ldap_answer(bytes);
}

TEST_CASE("an LDAP server's answer to StartTLS is read in every form of length", "[probes][ldap]")
{
    CHECK(read("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"s).agrees());
    // Active Directory's: lengths of four octets, and the request's name behind.
    CHECK(read("\x30\x84\x00\x00\x00\x28\x02\x01\x01\x78\x84\x00\x00\x00\x1f\x0a\x01\x00\x04\x00\x04\x00\x8a\x16"
               "1.3.6.1.4.1.1466.20037"s)
              .agrees());
}

TEST_CASE("an LDAP server that has no StartTLS is quoted with its code", "[probes][ldap]")
{
    const auto refused = read("\x30\x0f\x02\x01\x01\x78\x0a\x0a\x01\x02\x04\x00\x04\x03no\x07"s);
    REQUIRE(refused.reading == LdapReading::answer);
    CHECK_FALSE(refused.agrees());
    CHECK(describe(refused) == "protocolError (2): no.");
    CHECK(describe(read("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x34\x04\x00\x04\x00"s)) == "unavailable (52)");
}

TEST_CASE("what is no answer to StartTLS is told from one that is not whole", "[probes][ldap]")
{
    const auto whole = "\x30\x84\x00\x00\x00\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"s;
    for (std::size_t length = 0; length < whole.size(); ++length) {
        CAPTURE(length);
        CHECK(read(whole.substr(0, length)).reading == LdapReading::incomplete);
    }
    const auto other = GENERATE(as<std::string>(), "HTTP/1.1 400 Bad Request\r\n\r\n", "\x15\x03\x01\x00\x02\x02\x46"s,
                                "\x30\x80\x02\x01\x01\x00\x00"s,              // an indefinite length
                                "\x30\x85\x01\x00\x00\x00\x00"s,              // one of five octets
                                "\x30\x84\xff\xff\xff\xff\x02"s,              // one that no answer has
                                "\x30\x05\x02\x01\x01\x61\x00"s,              // a BindResponse
                                "\x30\x07\x02\x01\x01\x78\x02\x0a\x00"s,      // a code without octets
                                "\x30\x08\x02\x01\x01\x78\x7f\x0a\x01\x00"s); // longer within than around
    CHECK(read(other).reading == LdapReading::other);
}

/// A server of few words: it answers the first octets of a connection by what they begin with, and closes.
class Scripted {
public:
    /// `answers`: how the words begin, and what is said to them; nothing is said to others.
    using Answers = std::vector<std::pair<std::string, std::string>>;

    Scripted(bool closes, Answers answers)
        : closes_(closes),
          answers_(std::move(answers)),
          acceptor_(io_, asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0))
    {
        target.hosts = {"127.0.0.1"};
        target.port = acceptor_.local_endpoint().port();
        target.server_name = "one.test";
        target.reference_name = "one.test";
        target.limits.at_a_time = 40;
        target.limits.least_gap = {};
        gate_.emplace(io_.get_executor(), target.limits);
    }

    ExperimentReading diagnosed()
    {
        std::optional<ExperimentReading> reading;
        std::exception_ptr failure;
        auto work = [&]() -> asio::awaitable<void> {
            Nursery serving(io_.get_executor());
            auto accepting = [this, &serving]() -> asio::awaitable<void> { co_await accept(serving); };
            serving.spawn(std::move(accepting));
            const ProbePlace place{*gate_, target, acceptor_.local_endpoint()};
            ProbeHello hello;
            hello.hello = modern_hello(target.server_name);
            auto first = co_await probe(place, hello);
            auto made = co_await experiment(place, hello, std::move(first));
            reading = read_experiments(made, {});
            serving.stop();
            co_await serving.join();
        };
        asio::co_spawn(io_, work, [&](std::exception_ptr thrown) { failure = thrown; });
        io_.run();
        if (failure) std::rethrow_exception(failure);
        return *std::move(reading);
    }

    /// Connections that were made.
    std::size_t used() const { return gate_->used(); }

    LiveTarget target;

private:
    using Socket = std::shared_ptr<asio::ip::tcp::socket>;
    static constexpr auto kTuple = asio::experimental::as_tuple(asio::use_awaitable);

    asio::awaitable<void> accept(Nursery& serving)
    {
        while (true) {
            auto socket = std::make_shared<asio::ip::tcp::socket>(io_);
            auto [error] = co_await acceptor_.async_accept(*socket, kTuple);
            if (error) co_return;
            auto answering = [this, socket]() -> asio::awaitable<void> { co_await serve(socket); };
            serving.spawn(std::move(answering));
        }
    }

    asio::awaitable<void> serve(Socket socket)
    {
        std::array<char, 4096> buffer{};
        while (true) {
            auto [error, count] = co_await socket->async_read_some(asio::buffer(buffer), kTuple);
            if (error) co_return;
            const std::string heard(buffer.data(), count);
            const auto known = std::find_if(answers_.begin(), answers_.end(),
                                            [&](const auto& each) { return heard.starts_with(each.first); });
            if (known != answers_.end()) {
                const std::string words = known->second;
                auto [ignored, sent] = co_await asio::async_write(*socket, asio::buffer(words), kTuple);
                static_cast<void>(ignored);
                static_cast<void>(sent);
            } else if (closes_) {
                socket->close();
                co_return;
            }
        }
    }

    asio::io_context io_{1};
    std::optional<ConnectionGate> gate_; // ends before its context
    bool closes_;
    Answers answers_;
    asio::ip::tcp::acceptor acceptor_;
};

const auto kLdapRequest = "\x30\x1d\x02\x01\x01\x77"s;

bool has_line(const std::vector<std::string>& lines, const std::string& words)
{
    return std::any_of(lines.begin(), lines.end(),
                       [&](const auto& each) { return each.find(words) != std::string::npos; });
}

TEST_CASE("a server that waits for its own protocol's request for TLS is asked for it", "[probes][upgrade]")
{
    const auto closes = GENERATE(true, false); // at a ClientHello, or silent
    const auto [begins, says, proof] = GENERATE(table<std::string, std::string, std::string>(
        {{"\x30\x1d\x02\x01\x01\x77"s, "\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"s,
          "LDAP's StartTLS (RFC 4511, section 4.14) is agreed to"},
         {"<?xml", kOffer, "XMPP's STARTTLS (RFC 6120, section 5) is offered"}}));
    Scripted server(closes, {{begins, says}});
    const auto reading = server.diagnosed();
    REQUIRE_FALSE(reading.findings.empty());
    CHECK(reading.findings.front().cause == "starttls-expected");
    CHECK(reading.findings.front().confidence == Confidence::certain);
    CHECK(has_line(reading.proof, proof));
    CHECK(has_line(reading.notes, "--starttls"));
}

TEST_CASE("a server that speaks the protocol and offers no TLS has none", "[probes][upgrade]")
{
    const auto features = "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'><stream:features>"
                          "<bind/></stream:features>"s;
    const auto [begins, says] = GENERATE_COPY(table<std::string, std::string>(
        {{kLdapRequest, "\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x02\x04\x00\x04\x00"s}, {"<?xml", features}}));
    Scripted server(true, {{begins, says}});
    const auto reading = server.diagnosed();
    REQUIRE_FALSE(reading.findings.empty());
    CHECK(reading.findings.front().cause == "not-tls");
    CHECK(reading.findings.front().confidence == Confidence::certain);
}

TEST_CASE("a host that an XMPP server does not have leaves open whether it has TLS", "[probes][upgrade]")
{
    Scripted server(true, {{"<?xml", "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'><stream:error>"
                                     "<host-unknown/></stream:error></stream:stream>"}});
    const auto reading = server.diagnosed();
    REQUIRE(reading.findings.size() == 2);
    CHECK(reading.findings[0].cause == "starttls-expected");
    CHECK(reading.findings[0].confidence == Confidence::likely);
    CHECK(reading.findings[1].cause == "not-tls");
    CHECK(has_line(reading.proof, "host-unknown"));
}

TEST_CASE("who says nothing to anything stays a riddle, and costs two connections more", "[probes][upgrade]")
{
    const auto closes = GENERATE(true, false);
    Scripted server(closes, {});
    const auto reading = server.diagnosed();
    REQUIRE_FALSE(reading.findings.empty());
    CHECK(reading.findings.front().cause == (closes ? "middlebox-close" : "middlebox-drop"));
    CHECK(has_line(reading.findings.front().because, "LDAP or XMPP"));
    CHECK(server.used() <= 26);
}

TEST_CASE("nobody is asked for LDAP or XMPP who answers in TLS or in clear", "[probes][upgrade]")
{
    Experiments made;
    Answer closed;
    closed.end = AnswerEnd::closed;
    made.as_sent = {closed};
    LiveTarget target;
    CHECK(worth_asking(made, {closed, closed}, target) == std::vector{Starttls::ldap, Starttls::xmpp});
    Answer alert = closed;
    alert.alert = Alert{AlertLevel::fatal, AlertDescription::protocol_version};
    CHECK(worth_asking(made, {closed, alert}, target).empty());
    Answer page;
    page.text = to_bytes("HTTP/1.0 400 Bad Request\r\n");
    made.http = page;
    CHECK(worth_asking(made, {closed}, target).empty());
    page.text = to_bytes(kOffer);
    made.http = page;
    CHECK(worth_asking(made, {closed}, target) == std::vector{Starttls::xmpp});
    target.starttls = Starttls::smtp;
    CHECK(worth_asking(made, {closed}, target).empty());
}

} // namespace
} // namespace alert40
