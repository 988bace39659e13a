// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/records/wire_fields.h"

#include "client-checks/records/hello_fields.h"

#include "certs/hex.h"
#include "server/wire/record.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace alert40 {
namespace {

using std::chrono::microseconds;

constexpr std::uint64_t kMostOctets = 0xFFFF;      // of a record
constexpr std::uint64_t kMostConnections = 10'000; // of one run
constexpr std::uint64_t kMostPlain = 1ULL << 40;   // of what is no TLS

/// One connection, told event by event, as Tap writes it down.
class ConnectionWriter {
public:
    explicit ConnectionWriter(microseconds opened) : opened_(opened) {}

    void record(const JsonValue& from, microseconds at);
    void other_bytes(const JsonValue& from, microseconds at);
    void cut_record(const JsonValue& from, microseconds at);
    void socket(SocketEventKind kind, microseconds at)
    {
        transcript_.events.emplace_back(SocketEvent{kind, since(at), transcript_.phase});
    }
    void accept() { accepted_ = true; }
    bool is_open() const { return deciding_event(transcript_) == nullptr; }
    RecordedConnection take() { return {std::move(transcript_), std::move(server_octets_), std::move(client_octets_)}; }

private:
    /// What comes after the connection was accepted is later than it, also within one unit of the recorder's clock: a
    /// RST at 0 answers the SYN (diagnosis/refused_syn.h).
    microseconds since(microseconds at) const { return std::max(at - opened_, microseconds{accepted_ ? 1 : 0}); }
    void reach(Phase phase) { transcript_.phase = std::max(transcript_.phase, phase); }
    bool is_tls13() const
    {
        return transcript_.server_hello && transcript_.server_hello->selected_version() == ProtocolVersion::tls13;
    }
    void message(const JsonValue& record, Direction direction, std::string_view name, RecordEvent& event);
    void certificate(const JsonValue& record, Direction direction);
    void client_hello(const JsonValue& record, ProtocolVersion version);
    void server_hello(const JsonValue& record);
    void protected_record(Direction direction, const RecordEvent& event);

    microseconds opened_;
    Transcript transcript_;
    std::vector<std::size_t> server_octets_;
    std::vector<std::size_t> client_octets_;
    bool application_[2] = {};
    bool accepted_ = false;
};

Direction direction_of(const JsonValue& from)
{
    const auto dir = from.member("dir");
    if (dir.text() == "c2s") return Direction::client_to_server;
    if (dir.text() == "s2c") return Direction::server_to_client;
    dir.fail("no direction", "one of: c2s, s2c");
}

ContentType type_of(const JsonValue& from)
{
    constexpr std::pair<std::string_view, ContentType> kTypes[] = {
        {"handshake", ContentType::handshake},
        {"alert", ContentType::alert},
        {"change_cipher_spec", ContentType::change_cipher_spec},
        {"application_data", ContentType::application_data}};
    for (const auto& [name, type] : kTypes)
        if (from.text() == name) return type;
    from.fail("no type of record",
              "one of: handshake, alert, change_cipher_spec, application_data, non-tls, partial-record");
}

Alert read_alert(const JsonValue& from)
{
    Alert alert;
    const auto level = from.member("level");
    if (level.text() == "warning")
        alert.level = AlertLevel::warning;
    else if (level.text() != "fatal")
        level.fail("no level of an alert", "one of: fatal, warning");
    alert.description = static_cast<AlertDescription>(from.member("desc").number(255));
    return alert;
}

void ConnectionWriter::record(const JsonValue& from, microseconds at)
{
    RecordEvent event;
    event.direction = direction_of(from);
    event.at = since(at);
    event.phase = transcript_.phase;
    event.type = type_of(from.member("type"));
    if (const auto version = from.maybe("rec_version")) event.version = static_cast<ProtocolVersion>(version->hex());
    event.length = static_cast<std::uint16_t>(from.member("len").number(kMostOctets));
    const auto encrypted = from.maybe("encrypted");
    event.encrypted = (encrypted && encrypted->yes()) || event.type == ContentType::application_data;
    if (event.encrypted) {
        protected_record(event.direction, event);
    } else {
        if (const auto alert = from.maybe("alert")) event.alert = read_alert(*alert);
        if (const auto messages = from.maybe("hs"))
            for (const auto& each : messages->items()) message(from, event.direction, each.text(), event);
    }
    transcript_.events.emplace_back(std::move(event));
}

void ConnectionWriter::protected_record(Direction direction, const RecordEvent& event)
{
    if (is_tls13()) return; // nothing of it is readable
    if (event.type == ContentType::handshake && direction == Direction::client_to_server)
        reach(Phase::after_client_finished);
    if (event.type != ContentType::application_data) return;
    application_[static_cast<std::size_t>(direction)] = true;
    if (application_[0] && application_[1]) reach(Phase::after_application_data);
}

void ConnectionWriter::message(const JsonValue& record, Direction direction, std::string_view name, RecordEvent& event)
{
    const auto type = name == "hello_retry_request" ? HandshakeType::server_hello : find_handshake_type(name);
    if (!type) record.fail(fmt::format("hs: '{}' is no handshake message", name));
    event.messages.push_back(*type);
    if (*type == HandshakeType::certificate) certificate(record, direction);
    if (direction == Direction::client_to_server) {
        if (*type == HandshakeType::client_hello) client_hello(record, event.version);
        return;
    }
    if (*type == HandshakeType::server_hello) server_hello(record);
    if (*type == HandshakeType::server_hello_done) reach(Phase::after_server_flight);
}

void ConnectionWriter::certificate(const JsonValue& record, Direction direction)
{
    constexpr std::uint64_t kLongest = 0xFFFFFF; // RFC 8446 section 4.4.2: ASN1Cert<1..2^24-1>
    const bool client = direction == Direction::client_to_server;
    (client ? transcript_.client_certificate_seen : transcript_.server_certificate_seen) = true;
    auto& octets = client ? client_octets_ : server_octets_;
    const auto fields = record.maybe("certificate");
    const auto sizes = fields ? fields->maybe("sizes") : std::nullopt;
    if (!sizes) return;
    for (const auto& size : sizes->items()) octets.push_back(static_cast<std::size_t>(size.number(kLongest)));
}

void ConnectionWriter::client_hello(const JsonValue& record, ProtocolVersion version)
{
    reach(Phase::before_server_hello);
    if (transcript_.client_hello) return; // the first one counts
    if (const auto fields = record.maybe("client_hello")) transcript_.client_hello = read_client_hello(*fields);
    transcript_.client_hello_record_version = version;
}

void ConnectionWriter::server_hello(const JsonValue& record)
{
    const auto fields = record.maybe("server_hello");
    if (!fields) return;
    auto hello = read_server_hello(*fields, transcript_.client_hello ? &*transcript_.client_hello : nullptr);
    transcript_.group = hello.key_share_group();
    if (hello.is_hello_retry_request())
        transcript_.hello_retry_request = true;
    else
        reach(Phase::after_server_hello);
    transcript_.server_hello = std::move(hello);
}

void ConnectionWriter::other_bytes(const JsonValue& from, microseconds at)
{
    const auto text = from.maybe("text");
    OtherBytes bytes{direction_of(from),
                     since(at),
                     transcript_.phase,
                     {},
                     static_cast<std::size_t>(from.member("len").number(kMostPlain))};
    if (text) bytes.first_bytes = to_bytes(text->text().substr(0, kFirstBytesKept));
    if (bytes.direction == Direction::client_to_server && !transcript_.client_hello && !transcript_.not_tls) {
        const auto status = ClientHelloGatherer{}.feed(text ? to_bytes(text->text()) : Bytes{});
        const auto* other = std::get_if<NotTls>(&status);
        transcript_.not_tls = other != nullptr ? *other : NotTls{NotTlsKind::unknown, bytes.first_bytes};
    }
    transcript_.events.emplace_back(std::move(bytes));
}

/// The header tells what it would have been: five octets in hexadecimal digits.
void ConnectionWriter::cut_record(const JsonValue& from, microseconds at)
{
    RecordEvent event;
    event.direction = direction_of(from);
    event.at = since(at);
    event.phase = transcript_.phase;
    const auto header = from.maybe("record_header");
    const auto bytes = header ? parse_hex(header->text()) : std::nullopt;
    if (header && !bytes) header->fail("hexadecimal digits were expected");
    if (bytes && bytes->size() >= kRecordHeaderLength) {
        const auto read = read_record_header(*bytes);
        event.type = read.type;
        event.version = read.version;
        event.length = read.length;
    }
    event.encrypted = is_tls13() && event.type == ContentType::application_data;
    transcript_.events.emplace_back(std::move(event));
}

class WireReader {
public:
    void entry(const JsonValue& from);
    std::vector<RecordedConnection> take();

private:
    ConnectionWriter& connection(std::uint64_t number, microseconds at);
    void event(const JsonValue& from, std::uint64_t number, microseconds at);

    std::map<std::uint64_t, ConnectionWriter> connections_; // they are numbered as they are opened
};

ConnectionWriter& WireReader::connection(std::uint64_t number, microseconds at)
{
    return connections_.try_emplace(number, at).first->second;
}

void WireReader::entry(const JsonValue& from)
{
    const auto at = microseconds(static_cast<std::int64_t>(from.member("t_ms").milliseconds() * 1000));
    const auto conn = from.maybe("conn");
    const auto number = conn ? conn->number(kMostConnections) : 0;
    if (from.has("event")) return event(from, number, at);
    const auto type = from.member("type");
    if (type.text() == "non-tls") return connection(number, at).other_bytes(from, at);
    if (type.text() == "partial-record") return connection(number, at).cut_record(from, at);
    connection(number, at).record(from, at);
}

void WireReader::event(const JsonValue& from, std::uint64_t number, microseconds at)
{
    const auto kind = from.member("event");
    if (kind.text() == "connect") {
        connection(number, at).accept();
    } else if (kind.text() == "timeout") { // of the whole run
        for (auto& [key, each] : connections_)
            if (each.is_open()) each.socket(SocketEventKind::deadline, at);
    } else if (kind.text() == "fin" || kind.text() == "rst") {
        const bool fin = kind.text() == "fin";
        const bool client = direction_of(from) == Direction::client_to_server;
        const auto end = client ? (fin ? SocketEventKind::client_fin : SocketEventKind::client_reset)
                                : (fin ? SocketEventKind::server_fin : SocketEventKind::server_reset);
        connection(number, at).socket(end, at);
    } else {
        kind.fail("no event", "one of: connect, fin, rst, timeout");
    }
}

std::vector<RecordedConnection> WireReader::take()
{
    std::vector<RecordedConnection> all;
    for (auto& [number, each] : connections_) all.push_back(each.take());
    return all;
}

} // namespace

std::vector<RecordedConnection> read_wire(const JsonValue& wire)
{
    WireReader reader;
    for (const auto& each : wire.items()) reader.entry(each);
    return reader.take();
}

} // namespace alert40
