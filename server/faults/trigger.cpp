// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/trigger.h"

#include "scenarios/loader/fields.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace alert40 {
namespace {

constexpr std::string_view kForms =
    "connect, client:<message>, server:<message>, client:record:<n>, server:record:<n>, server:any_record, "
    "client:http_request";
constexpr std::int64_t kMostConnections = 1'000'000'000;

// Records that are no handshake messages, by the name of their content type.
constexpr ContentType kOtherTypes[] = {ContentType::change_cipher_spec, ContentType::alert,
                                       ContentType::application_data};

struct Place {
    Direction side;
    HandshakeType message;
    unsigned tls12; // 0: none
    unsigned tls13;
};

constexpr auto kClient = Direction::client_to_server;
constexpr auto kServer = Direction::server_to_client;

constexpr Place kPlaces[] = {
    {kClient, HandshakeType::client_hello, 1, 1},         {kServer, HandshakeType::server_hello, 2, 2},
    {kServer, HandshakeType::encrypted_extensions, 0, 3}, {kServer, HandshakeType::certificate, 3, 5},
    {kServer, HandshakeType::certificate_status, 4, 0},   {kServer, HandshakeType::server_key_exchange, 5, 0},
    {kServer, HandshakeType::certificate_request, 6, 4},  {kServer, HandshakeType::server_hello_done, 7, 0},
    {kServer, HandshakeType::certificate_verify, 0, 6},   {kClient, HandshakeType::end_of_early_data, 0, 8},
    {kClient, HandshakeType::certificate, 8, 9},          {kClient, HandshakeType::client_key_exchange, 9, 0},
    {kClient, HandshakeType::certificate_verify, 10, 10}, {kClient, HandshakeType::finished, 11, 11},
    {kServer, HandshakeType::new_session_ticket, 12, 12}, {kServer, HandshakeType::hello_request, 14, 0},
    {kServer, HandshakeType::key_update, 0, 14},          {kClient, HandshakeType::key_update, 0, 14},
};

std::size_t parse_record_number(std::string_view digits, const SourcePos& where)
{
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size() || number == 0)
        throw InputError(where, fmt::format("'{}' is not the number of a record", digits),
                         "records are counted from 1");
    return number;
}

std::vector<std::string> message_names()
{
    auto names = all_handshake_type_names();
    for (const auto type : kOtherTypes) names.push_back(name(type));
    return names;
}

} // namespace

std::optional<unsigned> place_of(Direction side, HandshakeType message, bool tls13)
{
    // The server's Finished is the last of its first flight in TLS 1.3, and of the handshake in TLS 1.2.
    if (side == kServer && message == HandshakeType::finished) return tls13 ? 7U : 13U;
    for (const auto& place : kPlaces)
        if (place.side == side && place.message == message) {
            const unsigned number = tls13 ? place.tls13 : place.tls12;
            return number != 0 ? std::optional(number) : std::nullopt;
        }
    return std::nullopt;
}

Connections Connections::read(const TomlValue& value)
{
    Connections connections;
    connections.every_ = std::holds_alternative<TomlTable>(value.content);
    const TomlValue* number = &value;
    if (connections.every_) {
        struct Every {
            TomlValue every;
        };
        const Fields<Every> fields = {{"every", "Every k-th connection, k from 1",
                                       [](const TomlValue& given, Every& target) { target.every = given; },
                                       [] { return nlohmann::json(); }, true}};
        read_table(value.as_table(), fields);
        number = value.as_table().find("every");
    }
    connections.number_ = static_cast<std::size_t>(read_integer(*number, 1, kMostConnections));
    return connections;
}

Trigger Trigger::parse(const Located<std::string>& text)
{
    Trigger trigger;
    const std::string_view value = text.value;
    if (value == "connect") {
        trigger.connect_ = true;
        return trigger;
    }
    const auto colon = value.find(':');
    const auto side = value.substr(0, colon);
    if (colon == std::string_view::npos || (side != "client" && side != "server"))
        throw InputError(text.where, fmt::format("unknown trigger '{}'", value), fmt::format("one of: {}", kForms));
    trigger.direction_ = side == "client" ? kClient : kServer;
    const auto rest = value.substr(colon + 1);
    if (rest.starts_with("record:")) {
        trigger.record_number_ = parse_record_number(rest.substr(7), text.where);
        return trigger;
    }
    trigger.any_record_ = rest == "any_record";
    trigger.http_request_ = trigger.direction_ == kClient && rest == "http_request";
    if (trigger.any_record_ || trigger.http_request_) return trigger;
    for (const auto type : kOtherTypes)
        if (rest == name(type)) trigger.type_ = type;
    if (trigger.type_) return trigger;
    trigger.message_ = find_handshake_type(rest);
    if (!trigger.message_)
        throw InputError(text.where, fmt::format("unknown handshake message '{}'", rest),
                         hint_for(rest, message_names()));
    const auto sent = [&](Direction from) {
        return place_of(from, *trigger.message_, false) || place_of(from, *trigger.message_, true);
    };
    if (!sent(trigger.direction_))
        throw InputError(text.where, fmt::format("a {} never sends {}", side, rest),
                         sent(kClient)   ? fmt::format("client:{}", rest)
                         : sent(kServer) ? fmt::format("server:{}", rest)
                                         : "by number: server:record:3");
    return trigger;
}

bool Trigger::matches(const Event& event) const
{
    if (!connections_.includes(event.connection)) return false;
    if (connect_ || event.connect) return connect_ && event.connect;
    if (http_request_ || event.http_request) return http_request_ && event.http_request;
    if (event.direction != direction_) return false;
    if (any_record_) return true;
    if (record_number_ != 0) return event.record_number == record_number_;
    if (type_) return event.type == type_;
    return std::find(event.messages.begin(), event.messages.end(), *message_) != event.messages.end();
}

} // namespace alert40
