// SPDX-License-Identifier: GPL-2.0-or-later
// Databases: PostgreSQL's SSLRequest (its manual, section "Message Flow", SSL Session Encryption) and MySQL's (its
// internals manual, Protocol::SSLRequest).
#include "server/wire/starttls_protocols.h"

namespace alert40 {
namespace {

using Then = StarttlsAnswer::Then;

// Octets of integers, each database in its own order.
void put_be16(Bytes& to, std::uint32_t value)
{
    append(to, Bytes{static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)});
}

void put_be32(Bytes& to, std::uint32_t value)
{
    put_be16(to, value >> 16);
    put_be16(to, value);
}

void put_le(Bytes& to, std::uint32_t value, std::size_t octets)
{
    for (std::size_t index = 0; index < octets; ++index) to.push_back(static_cast<std::uint8_t>(value >> (8 * index)));
}

std::uint32_t be32(ByteView bytes)
{
    return static_cast<std::uint32_t>(bytes[0]) << 24 | static_cast<std::uint32_t>(bytes[1]) << 16 |
           static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3];
}

std::uint32_t le24(ByteView bytes)
{
    return static_cast<std::uint32_t>(bytes[2]) << 16 | static_cast<std::uint32_t>(bytes[1]) << 8 | bytes[0];
}

void put_text(Bytes& to, std::string_view text) // and the NUL behind it
{
    append(to, to_bytes(text));
    to.push_back(0);
}

// PostgreSQL

constexpr std::uint32_t kSslRequest = 80877103;
constexpr std::uint32_t kGssEncRequest = 80877104;
constexpr std::uint32_t kCancelRequest = 80877102;
constexpr std::size_t kLongestStartup = 10000; // MAX_STARTUP_PACKET_LENGTH in src/include/libpq/pqcomm.h

Bytes postgres_message(char type, ByteView body)
{
    Bytes message{static_cast<std::uint8_t>(type)};
    put_be32(message, static_cast<std::uint32_t>(body.size() + 4));
    append(message, body);
    return message;
}

Bytes postgres_error(std::string_view severity, std::string_view state, std::string_view text)
{
    Bytes body;
    for (const auto& [field, value] : {std::pair{'S', severity}, {'V', severity}, {'C', state}, {'M', text}}) {
        body.push_back(static_cast<std::uint8_t>(field));
        put_text(body, value);
    }
    body.push_back(0);
    return postgres_message('E', body);
}

Bytes postgres_ready()
{
    return postgres_message('Z', to_bytes("I")); // idle
}

/// Start-up messages have no type octet; afterwards there is one before the length.
std::optional<std::size_t> measure_postgres(ByteView bytes, const StarttlsState& state)
{
    const std::size_t type = state.secure && state.started ? 1 : 0;
    if (bytes.size() < type + 4) return 0;
    const std::size_t length = be32(bytes.subspan(type));
    const std::size_t least = type != 0 ? 4 : 8;
    if (length < least || (type == 0 && length > kLongestStartup)) return std::nullopt;
    return type + length;
}

Bytes postgres_row(const std::string& text)
{
    Bytes columns;
    put_be16(columns, 1);
    put_text(columns, "alert40");
    put_be32(columns, 0);          // of no table
    put_be16(columns, 0);          // and no column of one
    put_be32(columns, 25);         // text
    put_be16(columns, 0xFFFF);     // of variable length
    put_be32(columns, 0xFFFFFFFF); // no modifier
    put_be16(columns, 0);          // as text
    Bytes row;
    put_be16(row, 1);
    put_be32(row, static_cast<std::uint32_t>(text.size()));
    append(row, to_bytes(text));
    Bytes done;
    put_text(done, "SELECT 1");
    Bytes messages = postgres_message('T', columns);
    append(messages, postgres_message('D', row));
    append(messages, postgres_message('C', done));
    append(messages, postgres_ready());
    return messages;
}

StarttlsAnswer start_postgres(ByteView message, StarttlsState& state)
{
    const auto code = be32(message.subspan(4));
    if (code == kSslRequest && !state.secure) return {to_bytes("S"), Then::tls};
    if (code == kGssEncRequest) return {to_bytes("N"), Then::goes_on};
    if (code == kCancelRequest) return {{}, Then::over};
    if (code >> 16 != 3) return {postgres_error("FATAL", "0A000", "unsupported frontend protocol"), Then::over};
    if (!state.secure) return {postgres_error("FATAL", "28000", "no encryption: SSL comes first"), Then::over};
    state.started = true;
    Bytes greeting = postgres_message('R', Bytes{0, 0, 0, 0}); // AuthenticationOk
    append(greeting, postgres_ready());
    return {greeting, Then::goes_on};
}

StarttlsAnswer answer_postgres(ByteView message, StarttlsState& state)
{
    if (!state.started) return start_postgres(message, state);
    switch (message[0]) {
    case 'Q':
        return {postgres_row(state.text), Then::goes_on};
    case 'X':
        return {{}, Then::over};
    case 'S': // Sync
        return {postgres_ready(), Then::goes_on};
    default:
        return {postgres_error("ERROR", "0A000", "simple queries alone are answered"), Then::goes_on};
    }
}

// MySQL

constexpr std::uint32_t kClientProtocol41 = 0x200;
constexpr std::uint32_t kClientSsl = 0x800;
// CLIENT_LONG_PASSWORD, _LONG_FLAG, _CONNECT_WITH_DB, _TRANSACTIONS, _SECURE_CONNECTION, _PLUGIN_AUTH
constexpr std::uint32_t kCapabilities = 0x1 | 0x4 | 0x8 | kClientProtocol41 | kClientSsl | 0x2000 | 0x8000 | 0x80000;
constexpr std::size_t kSslRequestLength = 32;
constexpr std::uint8_t kUtf8 = 33;

Bytes mysql_packet(std::uint8_t sequence, ByteView payload)
{
    Bytes packet;
    put_le(packet, static_cast<std::uint32_t>(payload.size()), 3);
    packet.push_back(sequence);
    append(packet, payload);
    return packet;
}

Bytes mysql_greeting()
{
    Bytes payload{10}; // HandshakeV10
    put_text(payload, "8.0.0-alert40");
    put_le(payload, 40, 4);            // connection id
    put_text(payload, "alert40!");     // the first 8 octets of the scramble; any password is right
    put_le(payload, kCapabilities, 2); // lower half
    payload.push_back(kUtf8);
    put_le(payload, 2, 2); // SERVER_STATUS_AUTOCOMMIT
    put_le(payload, kCapabilities >> 16, 2);
    payload.push_back(21); // octets of the scramble, its NUL included
    append(payload, Bytes(10, 0));
    put_text(payload, "alert40alert"); // the other 12
    put_text(payload, "mysql_native_password");
    return mysql_packet(0, payload);
}

std::optional<std::size_t> measure_mysql(ByteView bytes, const StarttlsState& /*state*/)
{
    if (bytes.size() < 4) return 0;
    const std::size_t length = le24(bytes);
    if (length == 0) return std::nullopt;
    return 4 + length;
}

Bytes mysql_ok(std::uint8_t sequence)
{
    return mysql_packet(sequence, Bytes{0x00, 0, 0, 2, 0, 0, 0}); // no rows, no id, autocommit, no warnings
}

Bytes mysql_error(std::uint8_t sequence, std::uint32_t code, std::string_view state, std::string_view text)
{
    Bytes payload{0xFF};
    put_le(payload, code, 2);
    append(payload, to_bytes("#" + std::string(state)));
    append(payload, to_bytes(text));
    return mysql_packet(sequence, payload);
}

void put_counted(Bytes& to, std::string_view text) // at most 250 octets: a length in one octet
{
    text = text.substr(0, 250);
    to.push_back(static_cast<std::uint8_t>(text.size()));
    append(to, to_bytes(text));
}

/// A result of one column and one row.
Bytes mysql_row(const std::string& text)
{
    const Bytes end{0xFE, 0, 0, 2, 0};
    Bytes column;
    for (const auto* each : {"def", "", "", "", "alert40", ""}) put_counted(column, each);
    append(column, Bytes{0x0C, kUtf8, 0});
    put_le(column, 1024, 4);
    append(column, Bytes{0xFD, 0, 0, 0, 0, 0}); // VAR_STRING
    Bytes row;
    put_counted(row, text);
    Bytes packets = mysql_packet(1, Bytes{1});
    append(packets, mysql_packet(2, column));
    append(packets, mysql_packet(3, end));
    append(packets, mysql_packet(4, row));
    append(packets, mysql_packet(5, end));
    return packets;
}

StarttlsAnswer start_mysql(ByteView packet, StarttlsState& state)
{
    const auto next = static_cast<std::uint8_t>(packet[3] + 1);
    const auto payload = packet.subspan(4);
    const bool asks = payload.size() == kSslRequestLength && (payload[1] & (kClientSsl >> 8)) != 0;
    if (asks && !state.secure) return {{}, Then::tls}; // no answer: TLS follows at once
    if (!state.secure)                                 // ER_SECURE_TRANSPORT_REQUIRED
        return {mysql_error(next, 3159, "HY000", "Connections using insecure transport are prohibited"), Then::over};
    state.started = true;
    return {mysql_ok(next), Then::goes_on};
}

StarttlsAnswer answer_mysql(ByteView packet, StarttlsState& state)
{
    if (!state.started) return start_mysql(packet, state);
    constexpr std::uint8_t kQuit = 1;
    constexpr std::uint8_t kUseDatabase = 2;
    constexpr std::uint8_t kQuery = 3;
    constexpr std::uint8_t kPing = 14;
    switch (packet[4]) {
    case kQuit:
        return {{}, Then::over};
    case kQuery:
        return {mysql_row(state.text), Then::goes_on};
    case kUseDatabase:
    case kPing:
        return {mysql_ok(1), Then::goes_on};
    default: // ER_UNKNOWN_COM_ERROR
        return {mysql_error(1, 1047, "08S01", "Unknown command"), Then::goes_on};
    }
}

} // namespace

const StarttlsProtocol& postgres_protocol()
{
    static const StarttlsProtocol protocol{
        Starttls::postgres,
        "PostgreSQL",
        [] { return Bytes{}; },
        measure_postgres,
        answer_postgres,
        [] { return postgres_error("FATAL", "08P01", "this is PostgreSQL; an SSLRequest comes before TLS"); }};
    return protocol;
}

const StarttlsProtocol& mysql_protocol()
{
    static const StarttlsProtocol protocol{
        Starttls::mysql, "MySQL",
        mysql_greeting,  measure_mysql,
        answer_mysql,    [] { return mysql_error(1, 1043, "08S01", "Bad handshake: an SSLRequest comes before TLS"); }};
    return protocol;
}

} // namespace alert40
