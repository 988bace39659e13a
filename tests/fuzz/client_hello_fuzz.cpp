// SPDX-License-Identifier: GPL-2.0-or-later
// A client's first bytes through the gatherer. The first input byte is the step in which the rest is fed: the answer
// must not depend on it. A hello that was parsed survives composing and parsing, and all that can be asked of it is
// asked.
#include "server/wire/hello_gatherer.h"
#include "server/wire/proxy_header.h"

#include <algorithm>
#include <cstdlib>

namespace alert40 {
namespace {

void require(bool condition)
{
    if (!condition) std::abort();
}

ClientHelloGatherer::Status gather(ByteView stream, std::size_t step)
{
    ClientHelloGatherer gatherer;
    ClientHelloGatherer::Status status = NeedMore{1};
    while (!stream.empty() && std::holds_alternative<NeedMore>(status)) {
        const ByteView piece = stream.first(std::min(step, stream.size()));
        status = gatherer.feed(piece);
        stream = stream.subspan(piece.size());
    }
    return status;
}

void ask_everything(const ClientHello& hello)
{
    hello.server_name();
    hello.supported_versions();
    hello.groups();
    hello.signature_schemes();
    hello.signature_schemes_cert();
    hello.alpn_protocols();
    hello.key_share_groups();
    hello.psk_key_exchange_modes();
    hello.offered_versions();
    require(hello.offers(hello.cipher_suites.front()));
}

void check_hello(const GatheredClientHello& gathered)
{
    ask_everything(gathered.hello);
    const Bytes body = compose_client_hello(gathered.hello);
    const auto again = parse_client_hello(body);
    require(std::holds_alternative<ClientHello>(again));
    require(std::get<ClientHello>(again) == gathered.hello);
    // An empty extension block, two zero bytes, is the one thing that composing leaves out.
    const ByteView sent = ByteView(gathered.message).subspan(kHandshakeHeaderLength);
    require(std::equal(body.begin(), body.end(), sent.begin()));
    require(sent.size() == body.size() || (gathered.hello.extensions.empty() && sent.size() == body.size() + 2));
}

/// What is decided of a beginning stays so.
void check_proxy_header(ByteView stream, std::size_t step)
{
    const auto whole = proxy_header_length(stream);
    require(!whole || *whole <= stream.size());
    const auto part = proxy_header_length(stream.first(std::min(step, stream.size())));
    require(!part || part == whole);
}

void check(ByteView input)
{
    if (input.empty()) return;
    const ByteView stream = input.subspan(1);
    check_proxy_header(stream, input[0]);
    const auto whole = gather(stream, std::max<std::size_t>(stream.size(), 1));
    const auto pieces = gather(stream, std::size_t{input[0]} + 1);
    require(whole.index() == pieces.index());
    if (const auto* error = std::get_if<WireError>(&whole)) require(*error == std::get<WireError>(pieces));
    if (const auto* other = std::get_if<NotTls>(&whole)) require(other->kind == std::get<NotTls>(pieces).kind);
    const auto* gathered = std::get_if<GatheredClientHello>(&whole);
    if (gathered == nullptr) return;
    const auto& same = std::get<GatheredClientHello>(pieces);
    require(gathered->hello == same.hello && gathered->message == same.message && gathered->records == same.records);
    check_hello(*gathered);
}

} // namespace
} // namespace alert40

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    alert40::check({data, size});
    return 0;
}
