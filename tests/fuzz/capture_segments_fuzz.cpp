// SPDX-License-Identifier: GPL-2.0-or-later
// TCP segments as the input says, between a few ends: a file's framing is not in the way here. Each octet string
//     | who, flags (1) | sequence (1) | acknowledgement (1) | cut (1) | length (1) | payload |
// is one. However they overlap, what a stream tells has the length of what it covers.
#include "client-checks/captures/tcp_connections.h"
#include "client-checks/captures/tls_connection.h"

#include <cstdlib>

namespace alert40 {
namespace {

void require(bool condition)
{
    if (!condition) std::abort();
}

class Length final : public StreamListener {
public:
    void data(ByteView octets) override { total += octets.size(); }
    void missing(std::uint64_t octets, Loss /*why*/) override
    {
        require(octets > 0);
        total += octets;
    }
    std::uint64_t total = 0;
};

SeenSegment segment_of(ByteView header, ByteView payload)
{
    SeenSegment segment;
    Endpoint client;
    client.address.octets[0] = static_cast<std::uint8_t>(1 + (header[0] >> 6));
    client.port = 50000;
    Endpoint server;
    server.address.octets[0] = 9;
    server.port = 443;
    const bool from_client = (header[0] & 0x20) == 0;
    segment.from = from_client ? client : server;
    segment.to = from_client ? server : client;
    segment.flags = header[0] & 0x1F;
    segment.sequence = 0xFFFFFFC0U + header[1] * 4U;
    segment.acknowledgement = 0xFFFFFFC0U + header[2] * 4U;
    segment.cut = header[3] < 0xF0 ? 0 : header[3];
    segment.payload = payload;
    segment.hops = 64;
    return segment;
}

void check(ByteView input)
{
    KeyLog secrets;
    std::size_t handed_over = 0;
    TcpConnections connections(secrets, [&](SeenConnection seen) {
        ++handed_over;
        tls_connection(std::move(seen));
    });
    TcpStream stream;
    stream.start(0xFFFFFFC0U);
    Length length;
    std::uint64_t furthest = 0;
    Conversation::Time at{};
    while (input.size() >= 5) {
        const auto header = input.first(5);
        const auto payload = input.subspan(5, std::min<std::size_t>(header[4], input.size() - 5));
        input = input.subspan(5 + payload.size());
        const auto segment = segment_of(header, payload);
        connections.segment(segment, at += std::chrono::milliseconds(header[3]));
        stream.segment(segment.sequence, payload, segment.cut, length);
        if (!payload.empty() || segment.cut > 0)
            furthest = std::max<std::uint64_t>(furthest, header[1] * 4U + payload.size() + segment.cut);
    }
    stream.flush(length);
    require(length.total == furthest);
    connections.finish();
    require(handed_over == connections.counts().connections);
}

} // namespace
} // namespace alert40

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    alert40::check({data, size});
    return 0;
}
