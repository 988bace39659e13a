// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/server_key_exchange.h"

#include "server/wire/reader.h"
#include "server/wire/writer.h"

#include <algorithm>
#include <bit>

namespace alert40 {
namespace {

constexpr std::uint8_t kNamedCurve = 3; // RFC 8422 section 5.4: ECCurveType

bool has_psk(KeyExchange exchange)
{
    return exchange == KeyExchange::psk || exchange == KeyExchange::dhe_psk || exchange == KeyExchange::ecdhe_psk ||
           exchange == KeyExchange::rsa_psk;
}

bool is_dhe(KeyExchange exchange)
{
    return exchange == KeyExchange::dhe || exchange == KeyExchange::dhe_psk;
}

bool is_ecdhe(KeyExchange exchange)
{
    return exchange == KeyExchange::ecdhe || exchange == KeyExchange::ecdhe_psk;
}

bool is_signed(const CipherSuiteInfo& suite)
{
    const bool ephemeral = suite.key_exchange == KeyExchange::dhe || suite.key_exchange == KeyExchange::ecdhe;
    return ephemeral && suite.authentication != Authentication::none;
}

Bytes read_bytes(Reader content)
{
    const ByteView view = content.rest();
    return Bytes(view.begin(), view.end());
}

EcdheParams read_ecdhe(Reader& reader)
{
    if (reader.u8("curve_type") != kNamedCurve)
        reader.fail(AlertDescription::handshake_failure, "curve_type", "no named curve");
    EcdheParams params;
    params.curve = NamedGroup{reader.u16("namedcurve")};
    params.public_value = read_bytes(reader.vector8("public", {.min = 1}));
    return params;
}

DheParams read_dhe(Reader& reader)
{
    DheParams params;
    params.prime = read_bytes(reader.vector16("dh_p", {.min = 1}));
    params.generator = read_bytes(reader.vector16("dh_g", {.min = 1}));
    params.public_value = read_bytes(reader.vector16("dh_Ys", {.min = 1}));
    return params;
}

void write(Writer&, std::monostate) {}

void write(Writer& writer, const EcdheParams& params)
{
    writer.u8(kNamedCurve);
    writer.value(params.curve);
    writer.vector8(params.public_value);
}

void write(Writer& writer, const DheParams& params)
{
    writer.vector16(params.prime);
    writer.vector16(params.generator);
    writer.vector16(params.public_value);
}

} // namespace

std::size_t DheParams::prime_bits() const
{
    const auto first = std::find_if(prime.begin(), prime.end(), [](std::uint8_t byte) { return byte != 0; });
    if (first == prime.end()) return 0;
    const auto whole_bytes = static_cast<std::size_t>(prime.end() - first) - 1;
    return whole_bytes * 8 + static_cast<std::size_t>(std::bit_width(*first));
}

Parsed<ServerKeyExchange> parse_server_key_exchange(ByteView body, const CipherSuiteInfo& suite,
                                                    ProtocolVersion version)
{
    std::optional<WireError> error;
    Reader reader("ServerKeyExchange", body, error);
    ServerKeyExchange exchange;
    const KeyExchange kind = suite.key_exchange;
    if (!has_psk(kind) && !is_dhe(kind) && !is_ecdhe(kind))
        reader.fail(AlertDescription::unexpected_message, {}, "the suite's key exchange has none");
    if (has_psk(kind)) exchange.psk_identity_hint = read_bytes(reader.vector16("psk_identity_hint"));
    if (is_ecdhe(kind)) exchange.params = read_ecdhe(reader);
    if (is_dhe(kind)) exchange.params = read_dhe(reader);
    if (is_signed(suite)) {
        if (version == ProtocolVersion::tls12) exchange.scheme = SignatureScheme{reader.u16("signature_algorithm")};
        exchange.signature = read_bytes(reader.vector16("signature", {.min = 1}));
    }
    reader.expect_end();
    if (error) return *std::move(error);
    return exchange;
}

Bytes compose_params(const ServerKeyExchange& exchange)
{
    Writer writer;
    if (exchange.psk_identity_hint) writer.vector16(*exchange.psk_identity_hint);
    std::visit([&](const auto& params) { write(writer, params); }, exchange.params);
    return writer.take();
}

Bytes compose_server_key_exchange(const ServerKeyExchange& exchange)
{
    Writer writer;
    writer.bytes(compose_params(exchange));
    if (exchange.scheme) writer.value(*exchange.scheme);
    if (exchange.scheme || !exchange.signature.empty()) writer.vector16(exchange.signature);
    return writer.take();
}

} // namespace alert40
