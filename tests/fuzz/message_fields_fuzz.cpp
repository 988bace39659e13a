// SPDX-License-Identifier: GPL-2.0-or-later
// What the pages are told of a handshake message. The first two input bytes choose the version and the suite, the rest
// is a handshake message as either side may send it. Whatever it is, what comes out is one JSON object in UTF-8.
#include "server/control/message_fields.h"

#include <cstdlib>
#include <nlohmann/json.hpp>

namespace alert40 {
namespace {

void require(bool condition)
{
    if (!condition) std::abort();
}

void check(ByteView input)
{
    if (input.size() < 2 + kHandshakeHeaderLength) return;
    const auto versions = all_protocol_versions();
    const auto suites = all_cipher_suites();
    Negotiated negotiated;
    negotiated.version = versions[input[0] % versions.size()];
    negotiated.suite = suites[std::size_t{input[1]} * suites.size() / 256].value;
    const ByteView body = input.subspan(2 + kHandshakeHeaderLength);
    JsonText json;
    write_fields(json, {HandshakeType{input[2]}, Bytes(body.begin(), body.end())}, negotiated);
    const auto told = nlohmann::json::parse(json.text(), nullptr, false); // discarded where it is no JSON, or no UTF-8
    require(told.is_object());
    require(told.at("length") == body.size());
}

} // namespace
} // namespace alert40

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    alert40::check({data, size});
    return 0;
}
