// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/handshake.h"

#include "client-checks/probes/composed_client.h"

namespace alert40 {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

class Player {
public:
    Player(ProbeConnection& connection, HandshakePlan plan)
        : connection_(connection),
          plan_(std::move(plan)),
          client_(plan_.offer),
          tap_(connection.tap())
    {
        tap_.client_hello(client_.client_hello(), ComposedClient::kRecordVersion);
    }

    asio::awaitable<void> run();
    Handshake take();

private:
    asio::awaitable<void> shake_hands();
    asio::awaitable<void> ask();
    milliseconds patience() const;
    asio::awaitable<void> flush();
    asio::awaitable<Received> hear(milliseconds deadline);
    void note_alerts();
    HandshakeEnd end_of(Received received) const;

    ProbeConnection& connection_;
    HandshakePlan plan_;
    ComposedClient client_;
    Tap tap_;
    Handshake result_;
    Bytes reply_;
    bool noted_received_ = false;
    bool noted_sent_ = false;
};

asio::awaitable<void> Player::run()
{
    const auto start = Clock::now();
    co_await shake_hands();
    result_.took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
    result_.established = client_.established();
    if (result_.established && client_.progress() != TlsProgress::failed) co_await ask();
    result_.transcript = tap_.transcript();
    connection_.tap() = tap_;
    client_.shut_down(); // good-bye, after the transcript: it is nothing that came of the handshake
    const Bytes good_bye = client_.take_output();
    if (!good_bye.empty()) co_await connection_.send(good_bye);
    connection_.shut_down();
}

asio::awaitable<void> Player::shake_hands()
{
    const auto until = Clock::now() + plan_.deadline;
    co_await flush();
    while (client_.progress() == TlsProgress::wants_input) {
        const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now());
        const auto received = co_await hear(std::max(left, milliseconds(1)));
        if (received == Received::bytes) continue;
        result_.end = end_of(received);
        if (received == Received::silent) tap_.socket(SocketEventKind::deadline, Clock::now());
        co_return;
    }
    if (client_.progress() != TlsProgress::failed) {
        result_.end = HandshakeEnd::quiet;
        co_return;
    }
    result_.end = !client_.unplayable().empty() ? HandshakeEnd::unplayable : HandshakeEnd::failed;
    if (client_.closed()) result_.end = HandshakeEnd::closed;
    if (const auto alert = client_.received_alert(); alert && alert->level == AlertLevel::fatal)
        result_.end = HandshakeEnd::alert;
}

/// The request, and what comes of it. In TLS 1.3 the server has not yet judged the client when the handshake is over
/// for us (RFC 8446, appendix C.2).
asio::awaitable<void> Player::ask()
{
    const auto& alpn = client_.server().alpn;
    if (plan_.sends_request) client_.write(compose_request(alpn, plan_.protocol, plan_.host));
    co_await flush();
    if (!plan_.sends_request) co_return;
    const auto until = Clock::now() + patience();
    for (;;) {
        append(reply_, client_.read());
        result_.reply = read_reply(alpn, plan_.protocol, reply_);
        if (!reply_.empty()) result_.end = HandshakeEnd::answered;
        if (result_.reply.complete || client_.closed()) break;
        const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now());
        if (left <= milliseconds(0)) break;
        const auto received = co_await hear(left);
        if (client_.progress() == TlsProgress::failed) {
            const auto alert = client_.received_alert();
            result_.end = alert && alert->level == AlertLevel::fatal ? HandshakeEnd::alert : HandshakeEnd::failed;
            co_return;
        }
        if (received == Received::bytes) continue;
        if (reply_.empty() && received != Received::silent) result_.end = end_of(received);
        break;
    }
    if (reply_.empty() && client_.closed()) result_.end = HandshakeEnd::closed;
}

/// A server of TLS 1.3 that asked for a certificate judges it only now, and some take their time: Java, cold, 2 s. A
/// ticket shows that it has (none gives one before).
milliseconds Player::patience() const
{
    const auto& server = client_.server();
    const bool judges = server.request && server.hello->selected_version() == ProtocolVersion::tls13;
    constexpr milliseconds kLongest{2000};
    if (!judges || !server.sessions.empty()) return plan_.patience;
    return std::max(plan_.patience, std::min(plan_.deadline, kLongest));
}

asio::awaitable<void> Player::flush()
{
    const Bytes output = client_.take_output();
    for (auto& entry : client_.take_secrets()) tap_.secret(std::move(entry));
    if (output.empty()) co_return;
    tap_.bytes(Direction::client_to_server, output, Clock::now());
    note_alerts();
    co_await connection_.send(output); // what the server said before it went can still be read
}

/// The secrets come before the bytes that they protect: those are among what was just received.
asio::awaitable<Received> Player::hear(milliseconds deadline)
{
    const auto received = co_await connection_.receive(deadline);
    if (received == Received::bytes) {
        client_.receive(connection_.received());
        for (auto& entry : client_.take_secrets()) tap_.secret(std::move(entry));
        tap_.bytes(Direction::server_to_client, connection_.received(), Clock::now());
        note_alerts();
        co_await flush();
    } else if (received != Received::silent) {
        const bool closed = received == Received::closed;
        tap_.socket(closed ? SocketEventKind::server_fin : SocketEventKind::server_reset, Clock::now());
    }
    co_return received;
}

/// Up to TLS 1.2 the tap cannot read alerts under keys.
void Player::note_alerts()
{
    if (const auto alert = client_.received_alert(); alert && !std::exchange(noted_received_, true))
        tap_.decrypted_alert(Direction::server_to_client, *alert);
    if (const auto alert = client_.sent_alert(); alert && !std::exchange(noted_sent_, true))
        tap_.decrypted_alert(Direction::client_to_server, *alert);
}

HandshakeEnd Player::end_of(Received received) const
{
    if (received == Received::closed) return HandshakeEnd::closed;
    return received == Received::reset ? HandshakeEnd::reset : HandshakeEnd::silent;
}

Handshake Player::take()
{
    result_.server = client_.server();
    result_.good_bye = client_.closed();
    if (result_.end == HandshakeEnd::alert) result_.alert = client_.received_alert();
    result_.sent_alert = client_.sent_alert();
    result_.sent_certificate = client_.sent_certificate();
    result_.failure = client_.failure();
    result_.left_out = client_.left_out();
    return std::move(result_);
}

} // namespace

std::string_view name(HandshakeEnd end)
{
    switch (end) {
    case HandshakeEnd::answered:
        return "answered";
    case HandshakeEnd::quiet:
        return "quiet";
    case HandshakeEnd::alert:
        return "alert";
    case HandshakeEnd::closed:
        return "closed";
    case HandshakeEnd::reset:
        return "reset";
    case HandshakeEnd::silent:
        return "silent";
    case HandshakeEnd::failed:
        return "failed";
    case HandshakeEnd::unplayable:
        return "unplayable";
    }
    return "";
}

asio::awaitable<Handshake> play_handshake(ProbeConnection& connection, HandshakePlan plan)
{
    Player player(connection, std::move(plan));
    co_await player.run();
    Handshake handshake = player.take();
    co_return handshake;
}

} // namespace alert40
