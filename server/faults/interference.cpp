// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/interference.h"

#include <algorithm>

namespace alert40 {
namespace {

void move_behind(WireSteps& to, WireSteps from)
{
    for (auto& step : from) to.push_back(std::move(step));
}

void append_step(WireSteps& steps, bool to_client, Bytes bytes)
{
    if (bytes.empty()) return;
    if (to_client)
        steps.emplace_back(Send{std::move(bytes)});
    else
        steps.emplace_back(HandOn{std::move(bytes)});
}

/// RFC 5246 section 6.2.1: "multiple client messages of the same ContentType MAY be coalesced into a single
/// TLSPlaintext record". Not behind a change_cipher_spec, where each record is sealed by itself.
Bytes merge_handshake_records(ByteView flight)
{
    RecordReader reader;
    reader.feed(flight);
    Bytes merged;
    Bytes content;
    ProtocolVersion version{};
    bool clear = true;
    const auto flush = [&] {
        append(merged, compose_records(ContentType::handshake, version, content));
        content.clear();
    };
    for (;;) {
        auto next = reader.next();
        const auto* record = std::get_if<Record>(&next);
        if (record == nullptr) break;
        if (clear && record->type == ContentType::handshake) {
            version = record->version;
            append(content, record->fragment);
            continue;
        }
        clear = clear && record->type != ContentType::change_cipher_spec;
        flush();
        append(merged, compose_record(*record));
    }
    flush();
    append(merged, reader.pending());
    return merged;
}

WireSteps swap_with_next(WireSteps steps)
{
    WireSteps settled;
    std::optional<Bytes> late;
    for (auto& step : steps) {
        if (auto* held = std::get_if<SendAfterNext>(&step)) {
            if (late) settled.emplace_back(Send{std::move(*late)});
            late = std::move(held->bytes);
            continue;
        }
        const bool sends = std::holds_alternative<Send>(step);
        if (late && ends_connection(step)) settled.emplace_back(Send{*std::exchange(late, std::nullopt)});
        settled.push_back(std::move(step));
        if (late && sends) settled.emplace_back(Send{*std::exchange(late, std::nullopt)});
    }
    if (late) settled.emplace_back(Send{std::move(*late)});
    return settled;
}

WireSteps gather(WireSteps steps)
{
    WireSteps settled;
    std::optional<GatherAs> as;
    Bytes gathered;
    const auto flush = [&] {
        if (as == GatherAs::one_record) gathered = merge_handshake_records(gathered);
        if (as == GatherAs::twice) append_step(settled, true, gathered);
        append_step(settled, true, std::exchange(gathered, {}));
    };
    for (auto& step : steps) {
        const auto* send = std::get_if<Send>(&step);
        if (const auto* start = std::get_if<GatherFlight>(&step)) {
            flush();
            as = start->as;
        } else if (as && send != nullptr) {
            append(gathered, send->bytes);
        } else {
            flush();
            settled.push_back(std::move(step));
        }
    }
    flush();
    return settled;
}

} // namespace

WireSteps settle_flight(WireSteps steps)
{
    return gather(swap_with_next(std::move(steps)));
}

WireSteps Interference::act(Event& event, WireSteps planned) const
{
    event.connection = connection_;
    event.behind_proxy_header = behind_proxy_header_;
    for (const auto& fault : faults_) planned = fault->act(event, std::move(planned));
    return planned;
}

WireSteps Interference::at_connect() const
{
    Event event;
    event.connect = true;
    return act(event, {});
}

bool Interference::takes_proxy_header() const
{
    return std::any_of(faults_.begin(), faults_.end(), [](const auto& each) { return each->takes_proxy_header(); });
}

WireSteps Interference::at_http_request() const
{
    Event event;
    event.http_request = true;
    return act(event, {});
}

Bytes Interference::rest_of(Stream& stream)
{
    const auto pending = stream.records.pending();
    Bytes rest(pending.begin(), pending.end());
    stream.records = RecordReader();
    return rest;
}

/// Up to TLS 1.2 the first handshake record behind change_cipher_spec holds Finished and nothing else (RFC 5246 section
/// 7.4.9), and can be known as that by somebody without keys.
void Interference::complete(Event& event, Stream& stream, ContentType header)
{
    static constexpr HandshakeType kFinished[] = {HandshakeType::finished};
    if (header == ContentType::change_cipher_spec) {
        stream.changed = true;
    } else if (stream.changed && header == ContentType::handshake) {
        if (event.messages.empty()) event.messages = kFinished;
        stream.changed = false;
    }
}

/// The next whole record of `stream`; nullopt where there is none, and then what is no record at all is in `steps`.
std::optional<Record> Interference::next_record(Stream& stream, WireSteps& steps, bool to_client) const
{
    if (!stream.raw) {
        auto next = stream.records.next();
        if (auto* record = std::get_if<Record>(&next)) return std::move(*record);
        if (std::holds_alternative<NeedMore>(next)) return std::nullopt;
        stream.raw = true;
    }
    append_step(steps, to_client, rest_of(stream));
    return std::nullopt;
}

const RecordEvent* Interference::next_client_event(const Transcript& transcript)
{
    while (seen_events_ < transcript.events.size()) {
        const auto* record = std::get_if<RecordEvent>(&transcript.events[seen_events_++]);
        if (record != nullptr && record->direction == Direction::client_to_server) return record;
    }
    return nullptr;
}

WireSteps Interference::from_client(ByteView bytes, const Transcript& transcript)
{
    WireSteps steps;
    client_.records.feed(bytes);
    while (auto record = next_record(client_, steps, false)) {
        Bytes octets = compose_record(*record);
        Event event;
        event.direction = Direction::client_to_server;
        event.record_number = ++client_.count;
        event.type = record->type;
        if (const auto* seen = next_client_event(transcript)) {
            event.messages = seen->messages;
            event.type = seen->inner_type.value_or(seen->type);
        }
        complete(event, client_, record->type);
        if (!client_hello_on_) {
            append(client_hello_, octets);
            octets.clear();
            const bool whole =
                !event.messages.empty() || record->type != ContentType::handshake; // else its next record completes it
            if (whole) octets = std::exchange(client_hello_, {});
            if (!event.messages.empty() && transcript.client_hello) event.client_hello = &*transcript.client_hello;
            client_hello_on_ = whole;
        }
        event.record = octets;
        WireSteps planned;
        append_step(planned, false, octets);
        move_behind(steps, act(event, std::move(planned)));
    }
    return steps;
}

WireSteps Interference::from_server(ByteView bytes, const Tap& tap, Tap::Time now)
{
    // A second tap reads what would be sent, so that a fault sees the messages in a record before it goes out.
    Tap intended = tap;
    WireSteps steps;
    server_.records.feed(bytes);
    while (auto record = next_record(server_, steps, true)) {
        const Bytes octets = compose_record(*record);
        const auto written_before = intended.transcript().events.size();
        intended.bytes(Direction::server_to_client, octets, now);
        Event event;
        event.direction = Direction::server_to_client;
        event.record_number = ++server_.count;
        event.type = record->type;
        event.record = octets;
        const auto& events = intended.transcript().events;
        const auto* written =
            events.size() > written_before ? std::get_if<RecordEvent>(&events.back()) : nullptr; // the tap has a limit
        if (written != nullptr) {
            event.messages = written->messages;
            event.type = written->inner_type.value_or(written->type);
        }
        complete(event, server_, record->type);
        WireSteps planned;
        planned.emplace_back(Send{octets});
        move_behind(steps, act(event, std::move(planned)));
    }
    return settle_flight(std::move(steps));
}

} // namespace alert40
