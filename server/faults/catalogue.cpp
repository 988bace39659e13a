// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/catalogue.h"

#include "scenarios/loader/input_error.h"
#include "server/faults/kinds.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

constexpr auto kAnything = ActsOn::anything;
constexpr auto kRecords = ActsOn::records;
constexpr auto kServerRecords = ActsOn::server_records;
constexpr auto kClientHello = ActsOn::client_hello;

constexpr FaultKind kFaults[] = {
    {"alert", "Sends an alert in clear, then closes", kAnything, make_alert_fault, alert_fault_schema},
    {"bit-flip", "Inverts one bit of a record", kRecords, make_bit_flip_fault, bit_flip_fault_schema},
    {"byte-at-a-time", "Sends a record octet by octet", kRecords, make_byte_at_a_time_fault,
     byte_at_a_time_fault_schema},
    {"client-hello-size-limit", "Refuses a ClientHello over a length", kClientHello, make_client_hello_size_limit_fault,
     client_hello_size_limit_fault_schema},
    {"close", "Closes the connection (FIN)", kAnything, make_close_fault, no_settings_schema},
    {"coalesce", "Sends the rest of a flight in one segment, or record", kServerRecords, make_coalesce_fault,
     coalesce_fault_schema},
    {"delay", "Waits first", kAnything, make_delay_fault, delay_fault_schema},
    {"drop", "Loses a record", kRecords, make_drop_fault, no_settings_schema},
    {"duplicate", "Sends a record or flight two times", kRecords, make_duplicate_fault, duplicate_fault_schema},
    {"expect-proxy-header", "Takes a PROXY header, and refuses a ClientHello without one", kClientHello,
     make_expect_proxy_header_fault, expect_proxy_header_fault_schema},
    {"half-close", "Sends FIN and keeps the socket open", kAnything, make_half_close_fault, no_settings_schema},
    {"refuse-grease", "Refuses a ClientHello with GREASE (RFC 8701)", kClientHello, make_refuse_grease_fault,
     refuse_grease_fault_schema},
    {"refuse-record-version", "Refuses a ClientHello by its record version", kClientHello,
     make_refuse_record_version_fault, refuse_record_version_fault_schema},
    {"refuse-session-id", "Refuses a ClientHello with a session id", kClientHello, make_refuse_session_id_fault,
     refuse_session_id_fault_schema},
    {"refuse-version", "Refuses a ClientHello that offers a version", kClientHello, make_refuse_version_fault,
     refuse_version_fault_schema},
    {"reorder", "Lets a record change places with the next one", kServerRecords, make_reorder_fault,
     no_settings_schema},
    {"replace-record-version", "Puts another version into a record header", kRecords, make_replace_record_version_fault,
     replace_record_version_fault_schema},
    {"reset", "Resets the connection (RST)", kAnything, make_reset_fault, no_settings_schema},
    {"send", "Sends plain bytes, then closes", kAnything, make_send_fault, send_fault_schema},
    {"sni-filter", "Refuses a ClientHello by the name it asks for", kClientHello, make_sni_filter_fault,
     sni_filter_fault_schema},
    {"split", "Cuts a record into several segments, or records", kRecords, make_split_fault, split_fault_schema},
    {"stall", "Answers nothing from here on", kAnything, make_stall_fault, no_settings_schema},
    {"strip-extension", "Takes extensions out of the ClientHello", kClientHello, make_strip_extension_fault,
     strip_extension_fault_schema},
    {"truncate", "Cuts a record in its middle, then closes", kServerRecords, make_truncate_fault,
     truncate_fault_schema},
};

std::vector<std::string> fault_names()
{
    std::vector<std::string> names;
    for (const auto& kind : kFaults) names.emplace_back(kind.name);
    return names;
}

void check_place(const FaultKind& kind, const Trigger& at, const SourcePos& where)
{
    const bool record = !at.at_connect() && !at.at_http_request();
    const bool hello = record && at.message() == HandshakeType::client_hello;
    const bool server = record && at.direction() == Direction::server_to_client;
    if (kind.acts_on == ActsOn::records && !record)
        throw InputError(where, fmt::format("'{}' acts on a record, and here is none", kind.name),
                         "at = \"server:certificate\", \"client:record:2\"");
    if (kind.acts_on == ActsOn::server_records && !server)
        throw InputError(where, fmt::format("'{}' acts on a record that is sent to the client", kind.name),
                         "at = \"server:certificate\", \"server:record:1\"");
    if (kind.acts_on == ActsOn::client_hello && !hello)
        throw InputError(where, fmt::format("'{}' acts on the ClientHello", kind.name), "at = \"client:client_hello\"");
}

bool can_be_tls13(const FaultPlace& place)
{
    return place.versions.empty() || std::count(place.versions.begin(), place.versions.end(), ProtocolVersion::tls13);
}

bool can_be_older(const FaultPlace& place)
{
    return place.versions.empty() || std::any_of(place.versions.begin(), place.versions.end(),
                                                 [](auto version) { return version < ProtocolVersion::tls13; });
}

/// Throws where the trigger's message cannot come.
void check_message(const Trigger& at, const FaultPlace& place, const SourcePos& where)
{
    if (!at.message()) return;
    const auto message = *at.message();
    const bool client = at.direction() == Direction::client_to_server;
    const auto tls13 = can_be_tls13(place) ? place_of(at.direction(), message, true) : std::nullopt;
    const auto older = can_be_older(place) ? place_of(at.direction(), message, false) : std::nullopt;
    if (!tls13 && !older)
        throw InputError(
            where,
            fmt::format("no version of this server has {} from the {}", name(message), client ? "client" : "server"),
            "server.versions says which it has");
    const bool clear = older || message == HandshakeType::client_hello || message == HandshakeType::server_hello;
    if (!place.sees_inside && !clear)
        throw InputError(where,
                         fmt::format("{} is encrypted in TLS 1.3: a box in between cannot see it", name(message)),
                         "by number: server:record:3");
    const bool answer = message == HandshakeType::certificate || message == HandshakeType::certificate_verify;
    if (client && answer && !place.asks_client_certificate)
        throw InputError(where, "this server asks for no client certificate, so none comes",
                         "server.client_certificate = \"required\"");
}

/// Whether an event of `later` cannot come before one of `earlier` on a connection.
bool comes_behind(const Trigger& earlier, const Trigger& later, const FaultPlace& place)
{
    if (earlier.at_connect()) return true;
    if (later.at_connect() || earlier.at_http_request() || later.at_http_request()) return false;
    const auto* hello = earlier.message() == HandshakeType::client_hello ? &earlier : nullptr;
    if (hello != nullptr && later.direction() == Direction::server_to_client) return true;
    if (earlier.direction() == later.direction() && earlier.record_number() != 0 && later.record_number() != 0)
        return later.record_number() >= earlier.record_number();
    if (!earlier.message() || !later.message()) return false;
    const auto behind = [&](bool tls13) {
        const auto first = place_of(earlier.direction(), *earlier.message(), tls13);
        const auto second = place_of(later.direction(), *later.message(), tls13);
        return !second || (first && *second >= *first);
    };
    return (!can_be_tls13(place) || behind(true)) && (!can_be_older(place) || behind(false));
}

} // namespace

std::span<const FaultKind> all_faults()
{
    return kFaults;
}

std::unique_ptr<Fault> make_fault(const FaultSettings& settings)
{
    Trigger at = Trigger::parse(settings.trigger);
    TomlTable own = settings.settings;
    if (const auto* connections = own.find("on_connection")) {
        at.limit_to(Connections::read(*connections));
        std::erase_if(own.entries, [](const auto& entry) { return entry.first == "on_connection"; });
    }
    for (const auto& kind : kFaults)
        if (kind.name == settings.kind.value) {
            check_place(kind, at, settings.trigger.where);
            return kind.make(at, own);
        }
    throw InputError(settings.kind.where, fmt::format("unknown fault '{}'", settings.kind.value),
                     hint_for(settings.kind.value, fault_names()));
}

std::vector<std::unique_ptr<Fault>> make_faults(const std::vector<FaultSettings>& settings, const FaultPlace& place)
{
    std::vector<std::unique_ptr<Fault>> faults;
    for (const auto& each : settings) {
        auto fault = make_fault(each);
        const auto& where = each.trigger.where;
        check_message(fault->at(), place, where);
        for (std::size_t index = 0; index < faults.size(); ++index) {
            const Fault& other = *faults[index];
            if (other.ends() && other.at().connections().all() && comes_behind(other.at(), fault->at(), place))
                throw InputError(where,
                                 fmt::format("'{}' at {} has ended the connection before this",
                                             settings[index].kind.value, settings[index].trigger.value),
                                 "on_connection = 2 lets each act on a connection of its own");
            const bool before = fault->ends() && fault->at().connections().all() &&
                                comes_behind(fault->at(), other.at(), place) &&
                                !comes_behind(other.at(), fault->at(), place);
            if (before)
                throw InputError(
                    settings[index].trigger.where,
                    fmt::format("'{}' at {} has ended the connection before this", each.kind.value, each.trigger.value),
                    "on_connection = 2 lets each act on a connection of its own");
        }
        faults.push_back(std::move(fault));
    }
    return faults;
}

nlohmann::json fault_schema()
{
    const nlohmann::json from_one = {{"type", "integer"}, {"minimum", 1}};
    nlohmann::json alternatives = nlohmann::json::array();
    for (const auto& kind : kFaults) {
        nlohmann::json schema = kind.schema();
        schema["description"] = kind.summary;
        schema["properties"]["at"] = {{"type", "string"},
                                      {"description", "connect, client:<message>, server:record:<n>, ..."}};
        schema["properties"]["do"] = {{"const", kind.name}};
        schema["properties"]["on_connection"] = {
            {"description", "Only the n-th connection, or every k-th: { every = k }"},
            {"anyOf",
             {from_one,
              {{"type", "object"},
               {"properties", {{"every", from_one}}},
               {"required", {"every"}},
               {"additionalProperties", false}}}}};
        schema["required"].push_back("at");
        schema["required"].push_back("do");
        alternatives.push_back(schema);
    }
    return {{"oneOf", alternatives}};
}

} // namespace alert40
