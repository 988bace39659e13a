// SPDX-License-Identifier: GPL-2.0-or-later
// The faults of one connection at work, without I/O: bytes in, steps out. Both streams are cut into records, each
// record is an event, and the faults in the order of the scenario say what becomes of it.
//
//   Interference interference(faults, 3);  carry_out(interference.at_connect());
//   carry_out(interference.from_client(bytes, tap.transcript()));   carry_out(interference.from_server(bytes, tap,
//   now));
#pragma once

#include "server/faults/fault.h"
#include "server/wire/record.h"
#include "server/wire/tap.h"

#include <memory>

namespace alert40 {

class Interference {
public:
    /// `connection`: which one it is of its listener, from 1. The faults outlive this.
    Interference(const std::vector<std::unique_ptr<Fault>>& faults, std::size_t connection)
        : faults_(faults),
          connection_(connection)
    {
    }

    WireSteps at_connect() const;
    /// A PROXY header before the ClientHello is to be taken, and not to be given to from_client().
    bool takes_proxy_header() const;
    void note_proxy_header() { behind_proxy_header_ = true; }
    /// The client spoke HTTP in clear instead of TLS.
    WireSteps at_http_request() const;

    /// What becomes of `bytes` of the client, which `transcript` has seen already. A record is handed on when it is
    /// whole, and those of the ClientHello together with its last one; bytes that are no record at once.
    WireSteps from_client(ByteView bytes, const Transcript& transcript);

    /// What becomes of `bytes` for the client, which `tap` has not seen yet: the rest of one flight. What is no whole
    /// record yet waits for the next call.
    WireSteps from_server(ByteView bytes, const Tap& tap, Tap::Time now);

    /// What still waits of either stream when its sender has ended it.
    Bytes rest_of_client() { return rest_of(client_); }
    Bytes rest_of_server() { return rest_of(server_); }

private:
    struct Stream {
        RecordReader records;
        std::size_t count = 0;
        bool raw = false;     // no records any more
        bool changed = false; // its change_cipher_spec has passed
    };

    static Bytes rest_of(Stream& stream);
    static void complete(Event& event, Stream& stream, ContentType header);
    std::optional<Record> next_record(Stream& stream, WireSteps& steps, bool to_client) const;
    const RecordEvent* next_client_event(const Transcript& transcript);
    WireSteps act(Event& event, WireSteps planned) const;

    const std::vector<std::unique_ptr<Fault>>& faults_;
    std::size_t connection_;
    Stream client_;
    Stream server_;
    Bytes client_hello_;           // its records so far
    bool client_hello_on_ = false; // it was handed on
    bool behind_proxy_header_ = false;
    std::size_t seen_events_ = 0; // of the transcript
};

/// `steps` with SendAfterNext and GatherFlight carried out within them: what is left is to be done one by one.
WireSteps settle_flight(WireSteps steps);

} // namespace alert40
