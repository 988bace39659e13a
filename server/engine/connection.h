// SPDX-License-Identifier: GPL-2.0-or-later
// One connection, from accept to close: the only place where TLS bytes meet a socket.
//
//   accept -> faults at the connect -> STARTTLS dialogue, where there is one -> the whole ClientHello
//          -> decision -> refusal | composed flight | stack -> close
//
// Every byte both ways passes the tap; every wait has a deadline.
#pragma once

#include "server/engine/bind.h"
#include "server/engine/deadline.h"
#include "server/engine/observer.h"
#include "server/faults/interference.h"
#include "server/stack/server_session.h"
#include "server/wire/hello_gatherer.h"
#include "server/wire/outcome.h"
#include "server/wire/starttls_dialogue.h"
#include "server/wire/tap.h"

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>

namespace alert40 {

struct ConnectionLimits {
    std::chrono::milliseconds client_hello{10'000};
    std::chrono::milliseconds handshake{10'000};
    std::chrono::milliseconds request{10'000};
    std::chrono::milliseconds stall{60'000};
    std::chrono::milliseconds drain{500}; // for the peer's FIN, after ours
};

/// Chooses the scenario that answers a ClientHello; nullptr: nobody answers for its name. It may have to be bound
/// first.
using ChooseScenario = std::function<asio::awaitable<std::shared_ptr<BoundScenario>>(const ClientHello&)>;

/// For a scenario that outlives its connections.
inline std::shared_ptr<BoundScenario> unowned(BoundScenario* scenario)
{
    return {std::shared_ptr<void>(), scenario};
}

class Connection {
public:
    /// `only` answers whatever comes, and its faults act from the connect on; where it is nullptr, `choose` is asked,
    /// which outlives the connection.
    Connection(asio::ip::tcp::socket socket, std::shared_ptr<BoundScenario> only, const ChooseScenario& choose,
               DeadlineQueue& deadlines, const ConnectionLimits& limits);

    /// Answers the client and closes. Throws nothing but what stops it from outside. Then `transcript` and `scenario`.
    asio::awaitable<void> run();

    /// Before run(): `recorder` is told every byte, and outlives the connection.
    void record_to(WireRecorder* recorder) { tap_.record_to(recorder); }
    /// Before run(): `observer` is told which scenario answers, and outlives the connection.
    void tell_choice(ConnectionObserver* observer);

    const Transcript& transcript() const { return tap_.transcript(); }
    Transcript take_transcript() { return tap_.take(); }
    BoundScenario* scenario() const { return scenario_.get(); }
    /// What the server behind did, where this one is a middlebox and the connection came as far as that.
    std::optional<UpstreamEnd> upstream_end() const { return upstream_end_; }

    /// Before run(): what only the session knows is told to `other` as well, which taps the same octets and outlives
    /// this: secrets, each before the first record that it protects, and alerts that it has decrypted.
    void tell(Tap& other) { told_ = &other; }

private:
    enum class Received { bytes, fin, reset, deadline };

    asio::awaitable<Received> receive();
    asio::awaitable<bool> send(ByteView bytes);
    asio::awaitable<bool> carry_out(WireSteps steps);
    asio::awaitable<bool> carry_out(WireStep& step);
    asio::awaitable<bool> pass_on(ByteView bytes);
    asio::awaitable<bool> pause(std::chrono::milliseconds length);
    asio::awaitable<void> converse();
    asio::awaitable<bool> take_proxy_header();
    asio::awaitable<bool> agree_on_tls();
    asio::awaitable<ClientHelloGatherer::Status> gather();
    asio::awaitable<std::optional<GatheredClientHello>> gather_past_faults(GatheredClientHello gathered);
    asio::awaitable<void> answer(GatheredClientHello gathered);
    asio::awaitable<void> refuse_with(AlertDescription alert);
    asio::awaitable<void> refuse(Refusal refusal, const BoundIdentity& identity, const GatheredClientHello& gathered);
    asio::awaitable<void> end_as(RefusalAnswer answer);
    asio::awaitable<void> answer_plainly(const NotTls& other);
    asio::awaitable<void> refuse_certificate(ServerSession& session, PeerFault fault);
    asio::awaitable<bool> judge_certificate(const ServerSession& session);
    std::optional<PeerFault> certificate_fault(const ServerSession& session) const;
    RefusalAnswer certificate_answer(PeerFault fault) const;
    asio::awaitable<void> fly(GatheredClientHello gathered, std::shared_ptr<const FlightPlan> plan,
                              ProtocolVersion version);
    asio::awaitable<void> serve(GatheredClientHello gathered, std::shared_ptr<TlsContext> context);
    asio::awaitable<void> drive(ServerSession& session);
    asio::awaitable<bool> flush(ServerSession& session);
    asio::awaitable<bool> send_records(Bytes bytes);
    asio::awaitable<bool> feed(ServerSession& session);
    asio::awaitable<bool> handshake(ServerSession& session);
    asio::awaitable<void> reply(ServerSession& session);
    asio::awaitable<void> stand_between(std::optional<GatheredClientHello> gathered);
    asio::awaitable<void> pass_between(asio::ip::tcp::socket& behind);
    asio::awaitable<bool> from_client(asio::ip::tcp::socket& behind);
    asio::awaitable<bool> from_behind(asio::ip::tcp::socket& behind);
    asio::awaitable<bool> hand_to(asio::ip::tcp::socket& behind, Bytes came);
    asio::awaitable<void> act_as_box(asio::ip::tcp::socket& behind, std::optional<GatheredClientHello> gathered);
    asio::awaitable<Bytes> answer_of_upstream(std::string_view request);
    asio::awaitable<void> close();
    asio::awaitable<void> half_close();
    asio::awaitable<void> stall();
    void reset();
    void read_last_words();
    void note(SocketEventKind kind);
    void note_alert_of(const ServerSession& session);
    void tap(Direction direction, ByteView bytes);
    void meet(std::shared_ptr<BoundScenario> scenario);
    void answer_as(BoundServer& server);
    bool keeps_first_bytes() const;
    unsigned http_status(const ServerSession& session, std::string_view request) const;
    std::string words_of_refusal(unsigned status) const;
    std::string page(ServerSession& session, std::string_view request) const;

    asio::ip::tcp::socket socket_;
    std::shared_ptr<BoundScenario> scenario_;
    ConnectionObserver* observer_ = nullptr;
    BoundBackEnd* back_end_ = nullptr; // of scenario_
    BoundServer* server_ = nullptr;    // of back_end_: its default until the ClientHello names a host
    const ChooseScenario& choose_;
    const ConnectionLimits& limits_;
    Tap tap_;
    DeadlineQueue& deadlines_;
    DeadlineQueue::Entry deadline_;
    Bytes buffer_; // what the last receive() read: its first received_ octets
    std::size_t received_ = 0;
    std::optional<StarttlsDialogue> dialogue_;
    bool taps_ = true;                         // what passes is written down at once
    bool in_clear_ = false;                    // what passes is of the dialogue, not TLS
    Bytes ahead_;                              // came during a pause, and receive() has not given it out
    std::size_t number_ = 0;                   // which one this is of its scenario's connections, from 1
    std::optional<Interference> interference_; // of server_'s faults, where it has any
    Bytes first_bytes_; // up to the ClientHello's end, where the faults or an upstream server want them
    std::optional<unsigned> http_refusal_; // the handshake completes, and this answers the request
    Bytes inbox_;                          // what the faults have handed on and nobody has taken yet
    bool ended_ = false;                   // nothing more is sent or received
    Tap* told_ = nullptr;
    std::optional<UpstreamEnd> upstream_end_;
    asio::ip::tcp::socket* behind_ = nullptr; // the server behind, while this one inspects
    bool client_done_ = false;                // it has ended its side, and the server behind was told
};

} // namespace alert40
