// SPDX-License-Identifier: GPL-2.0-or-later
// The connections that were kept: what each did, step by step, its octets and its secrets; capped, the oldest dropped
// first. Listeners are told of each step while the connection runs.
//
//   ConnectionLog log(limits);   Serving is given it and tells it all;   log.list(...), log.find(id),
//   log.subscribe(...)
//
// Any thread may read; what is returned is a copy that nobody changes.
#pragma once

#include "server/engine/listener.h"
#include "server/wire/outcome.h"
#include "server/wire/recording.h"

#include <deque>
#include <mutex>

namespace alert40 {

/// One event of a transcript with the handshake messages that it completed, decrypted where the tap could.
struct KeptStep {
    std::size_t number = 0; // from 1
    TranscriptEvent event;
    std::vector<HandshakeMessage> messages;
    ProtocolVersion version = ProtocolVersion::tls12; // what the messages are written in, as far as it is known
    CipherSuite suite{};                              // negotiated, as far as it is known
    bool messages_cut = false;                        // the cap on message octets of one connection was reached
};

/// Where a connection came in, as Serving knows it.
struct ConnectionOrigin {
    std::string listener;
    std::string owner;    // a learner's name; empty: the trainer's
    bool hidden = false;  // the scenario is shown to the trainer only
    std::string scenario; // its id, where the wire shows another one; empty: what the wire shows
};

struct ConnectionSummary {
    std::uint64_t id = 0; // from 1, in order of arrival
    ConnectionOrigin origin;
    std::string scenario; // its id; empty: none was chosen (yet)
    bool fixed = false;
    std::chrono::system_clock::time_point started;
    TcpEnd client;
    TcpEnd server;
    bool open = true;
    std::string ended; // describe(outcome_of(...)); empty while it is open
    bool failed = false;
    std::string ja4;         // empty: no ClientHello (yet)
    std::string server_name; // asked for; empty: none
    std::chrono::microseconds duration{};
};

/// "127.0.0.1:4711", "[::1]:4711".
std::string peer_text(const TcpEnd& end);

/// All that is kept of one.
struct KeptConnection {
    ConnectionSummary summary;
    std::vector<KeptStep> steps;
    Recording recording;
    std::vector<KeyLogEntry> key_log;
    std::shared_ptr<const Transcript> transcript; // nullptr while it is open

    /// The octets of step `number` as they passed; nullopt: there is no such step, or it has none (a FIN).
    std::optional<Bytes> octets_of(std::size_t number) const;
    /// Lines as SSLKEYLOGFILE has them; empty where no secret was told.
    std::string key_log_text() const;
    /// A pcapng file with its secrets embedded.
    Bytes capture(const std::string& program) const;

private:
    Transcript so_far() const;
};

/// What happens. `connection` and `step` hold only for the call.
struct ConnectionNews {
    enum class Kind { opened, step, ended, dropped };
    Kind kind{};
    const ConnectionSummary& connection; // of dropped: the last one that was
    const KeptStep* step = nullptr;      // of a step
    std::uint64_t dropped = 0;           // so far
};

struct ConnectionLimitsKept {
    std::size_t connections = 2000;
    std::size_t octets = 96 * 1024 * 1024; // estimated, of all together
};

class ConnectionLog {
public:
    explicit ConnectionLog(ConnectionLimitsKept limits = {});
    ~ConnectionLog();
    ConnectionLog(const ConnectionLog&) = delete;
    ConnectionLog& operator=(const ConnectionLog&) = delete;

    /// Called on the threads of the connections: `told` must be quick and must not call back. Before connections come.
    void subscribe(std::function<void(const ConnectionNews&)> told);

    struct Wanted {
        std::string listener;     // empty: of all
        std::string scenario;     // empty: of all
        std::uint64_t after = 0;  // ids above this one
        std::size_t limit = 1000; // the newest so many
    };
    /// In order of arrival.
    std::vector<ConnectionSummary> list(const Wanted& wanted) const;
    /// nullopt: it never was, or has been dropped.
    std::optional<ConnectionSummary> summary(std::uint64_t id) const;
    std::optional<KeptConnection> find(std::uint64_t id) const;

    std::uint64_t opened() const;
    std::uint64_t dropped() const;
    std::size_t kept() const;
    std::size_t octets() const; // estimated

    /// Lets `look` see what is kept while nothing changes it: quick, and without calling back. False: it is not there.
    bool look_at(std::uint64_t id, const std::function<void(const KeptConnection&)>& look) const;

    /// For the engine (ListenerOptions::observe): the observer of one new connection. The log outlives it.
    std::unique_ptr<ConnectionObserver> observe(ConnectionOrigin origin, const TcpEnd& client, const TcpEnd& server);

private:
    class Entry;
    class Observer;
    std::shared_ptr<Entry> entry(std::uint64_t id) const;
    void count(Entry& entry);
    void drop_oldest();
    void tell(const ConnectionNews& news) const;

    ConnectionLimitsKept limits_;
    std::vector<std::function<void(const ConnectionNews&)>> told_;
    mutable std::mutex mutex_;
    std::deque<std::shared_ptr<Entry>> entries_; // ids ascending
    std::uint64_t last_id_ = 0;
    std::uint64_t dropped_ = 0;
    std::size_t octets_ = 0;
};

} // namespace alert40
