// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/flights/handshake.h"

#include "server/wire/writer.h"

#include <algorithm>

namespace alert40 {
namespace {

std::optional<HandshakeType> handshake_type(FlightStep step)
{
    switch (step) {
    case FlightStep::hello_retry_request: // a ServerHello with a random of its own
    case FlightStep::server_hello:
        return HandshakeType::server_hello;
    case FlightStep::encrypted_extensions:
        return HandshakeType::encrypted_extensions;
    case FlightStep::certificate_request:
        return HandshakeType::certificate_request;
    case FlightStep::certificate:
        return HandshakeType::certificate;
    case FlightStep::certificate_status:
        return HandshakeType::certificate_status;
    case FlightStep::certificate_verify:
        return HandshakeType::certificate_verify;
    case FlightStep::server_key_exchange:
        return HandshakeType::server_key_exchange;
    case FlightStep::server_hello_done:
        return HandshakeType::server_hello_done;
    case FlightStep::new_session_ticket:
        return HandshakeType::new_session_ticket;
    case FlightStep::finished:
        return HandshakeType::finished;
    case FlightStep::key_update:
        return HandshakeType::key_update;
    case FlightStep::hello_request:
        return HandshakeType::hello_request;
    case FlightStep::change_cipher_spec:
    case FlightStep::heartbeat:
    case FlightStep::alert:
        return std::nullopt;
    }
    return std::nullopt;
}

/// RFC 6520, section 4: a heartbeat_request with a payload and padding of 16 octets each.
Bytes heartbeat_request()
{
    Writer writer;
    writer.u8(1);
    writer.vector16(random_bytes(16));
    writer.bytes(random_bytes(16));
    return writer.take();
}

constexpr ContentType kHeartbeat{24};

} // namespace

void FlightHandshake::send(FlightStep step)
{
    static const FlightMessage kHonest{};
    send_additional(step, true);
    const FlightMessage* departure = departure_in(state_.plan, step);
    if (departure == nullptr || !departure->omit) send_one(step, departure != nullptr ? *departure : kHonest);
    sent(step);
    // What comes after Finished comes after the whole handshake: send_afterwards().
    if (step != FlightStep::finished) send_additional(step, false);
}

void FlightHandshake::send_afterwards()
{
    send_additional(FlightStep::finished, false);
}

void FlightHandshake::send_additional(FlightStep beside, bool before)
{
    for (const auto& entry : state_.plan.departures) {
        if (!entry.place || entry.place->step.value != beside || entry.place->before != before) continue;
        send_one(entry.message.value, entry);
        if (entry.message.value == FlightStep::key_update) sent(FlightStep::key_update);
    }
}

void FlightHandshake::send_one(FlightStep step, const FlightMessage& departure)
{
    if (state_.error) return; // nothing follows a fatal alert
    if (step == FlightStep::alert) {
        const Bytes alert = compose_alert({departure.level, departure.alert});
        if (departure.clear) return state_.records.send_clear(ContentType::alert, alert);
        return state_.records.send(ContentType::alert, alert);
    }
    const auto type = handshake_type(step);
    Bytes body;
    if (departure.raw)
        body = *departure.raw;
    else if (step == FlightStep::heartbeat)
        body = heartbeat_request();
    else if (step == FlightStep::change_cipher_spec)
        body = {1};
    else
        body = compose(step, departure);
    body.resize(body.size() - std::min<std::size_t>(departure.cut, body.size()));
    append(body, departure.append);
    // A HelloRetryRequest is repeated in answer to each further ClientHello, not at once.
    const unsigned times = step == FlightStep::hello_retry_request ? 1 : departure.repeat;
    for (unsigned time = 0; time < times; ++time) {
        if (!type) {
            const auto record = step == FlightStep::heartbeat ? kHeartbeat : ContentType::change_cipher_spec;
            record == ContentType::change_cipher_spec ? state_.records.send_clear(record, body)
                                                      : state_.records.send(record, body);
            continue;
        }
        const Bytes message = compose_handshake(*type, body);
        // RFC 5246, section 7.4.1.1: a HelloRequest is no part of the transcript.
        if (step != FlightStep::hello_request) append(state_.transcript, message);
        state_.records.send(ContentType::handshake, message);
    }
}

} // namespace alert40
