// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/trigger.h"

#include "scenarios/loader/input_error.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace alert40 {
namespace {

constexpr std::string_view kForms = "connect, client:<message>, server:<message>, client:record:<n>, server:record:<n>";

std::size_t parse_record_number(std::string_view digits, const SourcePos& where)
{
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size() || number == 0)
        throw InputError(where, fmt::format("'{}' is not the number of a record", digits),
                         "records are counted from 1");
    return number;
}

} // namespace

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
    trigger.direction_ = side == "client" ? Direction::client_to_server : Direction::server_to_client;
    const auto rest = value.substr(colon + 1);
    if (rest.starts_with("record:")) {
        trigger.record_number_ = parse_record_number(rest.substr(7), text.where);
        return trigger;
    }
    trigger.message_ = find_handshake_type(rest);
    if (!trigger.message_)
        throw InputError(text.where, fmt::format("unknown handshake message '{}'", rest),
                         hint_for(rest, all_handshake_type_names()));
    return trigger;
}

bool Trigger::matches(const Event& event) const
{
    if (connect_ || event.connect) return connect_ && event.connect;
    if (event.direction != direction_) return false;
    if (record_number_ != 0) return event.record_number == record_number_;
    return std::find(event.messages.begin(), event.messages.end(), *message_) != event.messages.end();
}

} // namespace alert40
