// SPDX-License-Identifier: GPL-2.0-or-later
// Records and handshake messages. The first input byte is the step in which the rest is fed: the outcome must not
// depend on it, and what was read composes back to the bytes it was read from.
#include "server/wire/handshake.h"
#include "server/wire/record.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <vector>

namespace alert40 {
namespace {

void require(bool condition)
{
    if (!condition) std::abort();
}

struct Reading {
    std::vector<Record> records;
    std::vector<HandshakeMessage> messages;
    std::optional<WireError> error;
    std::size_t pending = 0;

    bool operator==(const Reading&) const = default;
};

/// Reads all that is there; an error ends it.
template <class Reader, class Item>
void drain(Reader& reader, std::vector<Item>& items, std::optional<WireError>& error)
{
    for (;;) {
        auto next = reader.next();
        if (auto* failed = std::get_if<WireError>(&next)) error = *failed;
        if (!std::holds_alternative<Item>(next)) return;
        items.push_back(std::get<Item>(std::move(next)));
    }
}

Reading read_stream(ByteView stream, std::size_t step)
{
    Reading reading;
    RecordReader records;
    HandshakeReader messages;
    std::size_t seen = 0;
    while (!stream.empty()) {
        const ByteView piece = stream.first(std::min(step, stream.size()));
        records.feed(piece);
        drain(records, reading.records, reading.error);
        stream = stream.subspan(piece.size());
    }
    for (; seen < reading.records.size(); ++seen) {
        messages.feed(reading.records[seen].fragment);
        std::optional<WireError> ignored;
        drain(messages, reading.messages, ignored);
    }
    reading.pending = records.pending().size();
    return reading;
}

void check(ByteView input)
{
    if (input.empty()) return;
    const std::size_t step = std::size_t{input[0]} + 1;
    const ByteView stream = input.subspan(1);
    const Reading whole = read_stream(stream, std::max<std::size_t>(stream.size(), 1));
    require(whole == read_stream(stream, step));

    Bytes again;
    for (const auto& record : whole.records) append(again, compose_record(record));
    require(again.size() + whole.pending == stream.size());
    require(std::equal(again.begin(), again.end(), stream.begin()));

    for (const auto& message : whole.messages) {
        HandshakeReader reader;
        reader.feed(compose_handshake(message));
        require(reader.next() == HandshakeReader::Next(message));
    }
}

} // namespace
} // namespace alert40

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    alert40::check({data, size});
    return 0;
}
