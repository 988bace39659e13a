// SPDX-License-Identifier: GPL-2.0-or-later
// A capture file of either format, read to its end: every TLS connection in it is judged. What is held stays bounded,
// each connection is handed over once, and a capture that is cut says so.
#include "client-checks/captures/capture_reading.h"
#include "scenarios/loader/input_error.h"

#include <cstdlib>

namespace alert40 {
namespace {

void require(bool condition)
{
    if (!condition) std::abort();
}

void check(ByteView input)
{
    ByteSource source(input);
    KeyLog secrets;
    try {
        const auto reading = read_capture(source, "input", secrets);
        require(reading.lines.size() <= reading.tls_connections);
        require(reading.tls_connections <= reading.connections.connections);
        std::size_t counted = 0;
        for (const auto& [state, count] : reading.by_state) counted += count;
        require(counted == reading.tls_connections);
        for (const auto& alike : reading.failures) {
            require(!alike.kept.empty() && alike.count >= alike.kept.size());
            require(beside(reading, alike.kept.front()).size() <= 16);
        }
        require(!reading.damage.empty() || source.peek(1).empty());
    } catch (const InputError&) { // no capture, or of another link type
    }
}

} // namespace
} // namespace alert40

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    alert40::check({data, size});
    return 0;
}
