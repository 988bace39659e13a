// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/loader/flight_fields.h"

#include "scenarios/loader/words.h"

#include <algorithm>

namespace alert40 {

namespace {

constexpr std::pair<std::string_view, FlightStep> kSteps[] = {
    {"hello_retry_request", FlightStep::hello_retry_request},
    {"server_hello", FlightStep::server_hello},
    {"encrypted_extensions", FlightStep::encrypted_extensions},
    {"certificate_request", FlightStep::certificate_request},
    {"certificate", FlightStep::certificate},
    {"certificate_status", FlightStep::certificate_status},
    {"certificate_verify", FlightStep::certificate_verify},
    {"server_key_exchange", FlightStep::server_key_exchange},
    {"server_hello_done", FlightStep::server_hello_done},
    {"new_session_ticket", FlightStep::new_session_ticket},
    {"change_cipher_spec", FlightStep::change_cipher_spec},
    {"finished", FlightStep::finished},
    {"key_update", FlightStep::key_update},
    {"hello_request", FlightStep::hello_request},
    {"heartbeat", FlightStep::heartbeat},
    {"alert", FlightStep::alert},
};

} // namespace

std::string_view name(FlightStep step)
{
    for (const auto& [word, value] : kSteps)
        if (value == step) return word;
    return {};
}

std::optional<FlightStep> find_flight_step(std::string_view name)
{
    for (const auto& [word, value] : kSteps)
        if (word == name) return value;
    return std::nullopt;
}

std::vector<std::string> all_flight_step_names()
{
    std::vector<std::string> names;
    for (const auto& [word, value] : kSteps) names.emplace_back(word);
    return names;
}

template <> struct Codec<FlightStep> {
    static FlightStep read(const TomlValue& value)
    {
        return read_name(value, "message", find_flight_step, all_flight_step_names());
    }
    static nlohmann::json schema() { return names_schema(all_flight_step_names()); }
};

template <> struct Codec<ExtensionType> {
    static ExtensionType read(const TomlValue& value)
    {
        return read_name(value, "extension", find_extension_type, all_extension_type_names());
    }
    static nlohmann::json schema() { return names_schema(all_extension_type_names()); }
};

constexpr auto kSessionIdAnswers = words<SessionIdAnswer>(
    "session id",
    {{"honest", SessionIdAnswer::honest}, {"empty", SessionIdAnswer::empty}, {"other", SessionIdAnswer::other}});
template <> struct Codec<SessionIdAnswer> : WordCodec<SessionIdAnswer, kSessionIdAnswers> {
};

constexpr auto kSentinels = words<Sentinel>(
    "downgrade sentinel", {{"honest", Sentinel::honest}, {"tls12", Sentinel::tls12}, {"tls11", Sentinel::tls11}});
template <> struct Codec<Sentinel> : WordCodec<Sentinel, kSentinels> {
};

constexpr auto kRetryGroups = words<RetryGroup>("choice of a group", {{"honest", RetryGroup::honest},
                                                                      {"unoffered", RetryGroup::unoffered},
                                                                      {"already-shared", RetryGroup::already_shared}});
template <> struct Codec<RetryGroup> : WordCodec<RetryGroup, kRetryGroups> {
};

constexpr auto kChainAnswers = words<ChainAnswer>("state of the chain", {{"honest", ChainAnswer::honest},
                                                                         {"empty", ChainAnswer::empty},
                                                                         {"garbled", ChainAnswer::garbled},
                                                                         {"truncated", ChainAnswer::truncated}});
template <> struct Codec<ChainAnswer> : WordCodec<ChainAnswer, kChainAnswers> {
};

constexpr auto kSignatureAnswers = words<SignatureAnswer>("signature", {{"honest", SignatureAnswer::honest},
                                                                        {"corrupted", SignatureAnswer::corrupted},
                                                                        {"other-key", SignatureAnswer::other_key}});
template <> struct Codec<SignatureAnswer> : WordCodec<SignatureAnswer, kSignatureAnswers> {
};

constexpr auto kDhPrimes =
    words<DhPrime>("kind of modulus", {{"prime", DhPrime::prime}, {"composite", DhPrime::composite}});
template <> struct Codec<DhPrime> : WordCodec<DhPrime, kDhPrimes> {
};

template <class T> struct Codec<Choice<T>> {
    static Choice<T> read(const TomlValue& value)
    {
        if (std::holds_alternative<std::string>(value.content) && value.as_string() == "unoffered") return {true, {}};
        return {false, Codec<T>::read(value)};
    }
    static nlohmann::json schema() { return {{"anyOf", {Codec<T>::schema(), {{"const", "unoffered"}}}}}; }
};

namespace {

using Table = Fields<FlightMessage>;

Bytes read_hex(const TomlValue& value)
{
    const auto& text = value.as_string();
    const auto digit = [&](char c) -> int {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        if (c >= 'A' && c <= 'F') return c - 'A' + 10;
        throw InputError(value.where, fmt::format("'{}' is no hexadecimal digit", c), "two digits per octet: \"0a01\"");
    };
    if (text.size() % 2 != 0)
        throw InputError(value.where, "an odd number of hexadecimal digits", "two digits per octet: \"0a01\"");
    Bytes octets;
    for (std::size_t at = 0; at < text.size(); at += 2)
        octets.push_back(static_cast<std::uint8_t>(digit(text[at]) * 16 + digit(text[at + 1])));
    return octets;
}

nlohmann::json hex_schema()
{
    return {{"type", "string"}, {"pattern", "^([0-9A-Fa-f]{2})*$"}};
}

/// Octets, written in hexadecimal.
template <class Target, class Member>
Field<Target> hex_field(std::string key, Member Target::*member, std::string summary)
{
    return {std::move(key), std::move(summary),
            [member](const TomlValue& value, Target& target) { target.*member = read_hex(value); }, hex_schema};
}

template <class Member>
Field<FlightMessage> number_field(std::string key, Member FlightMessage::*member, unsigned least, unsigned most,
                                  std::string summary)
{
    return {std::move(key), std::move(summary),
            [=](const TomlValue& value, FlightMessage& message) {
                message.*member = static_cast<unsigned>(read_integer(value, least, most));
            },
            [=] {
                return nlohmann::json{{"type", "integer"}, {"minimum", least}, {"maximum", most}};
            }};
}

/// A version's name, or any number: servers have said 3.5 and worse.
Field<FlightMessage> version_field(std::string key, std::optional<ProtocolVersion> FlightMessage::*member,
                                   std::string summary)
{
    return {std::move(key), std::move(summary),
            [member](const TomlValue& value, FlightMessage& message) {
                if (std::holds_alternative<std::int64_t>(value.content))
                    message.*member = static_cast<ProtocolVersion>(read_integer(value, 0, 0xFFFF));
                else
                    message.*member = Codec<ProtocolVersion>::read(value);
            },
            [] {
                return nlohmann::json{
                    {"anyOf",
                     {Codec<ProtocolVersion>::schema(), {{"type", "integer"}, {"minimum", 0}, {"maximum", 0xFFFF}}}}};
            }};
}

Field<FlightMessage> place_field(std::string key, bool before)
{
    return {std::move(key), fmt::format("Sends one more such message {} this one", before ? "before" : "after"),
            [before](const TomlValue& value, FlightMessage& message) {
                if (message.place) throw InputError(value.where, "'after' and 'before' exclude each other");
                message.place = FlightPlace{before, Codec<Located<FlightStep>>::read(value)};
            },
            [] { return Codec<FlightStep>::schema(); }};
}

const Fields<FlightExtension>& extension_fields()
{
    static const Fields<FlightExtension> fields = {
        field("type", &FlightExtension::type, "The extension's name").require(),
        hex_field("body", &FlightExtension::body, "Its extension_data, in hexadecimal"),
    };
    return fields;
}

Field<FlightMessage> extensions_field()
{
    return {"extensions", "Further extensions, each in the place of an honest one of its type",
            [](const TomlValue& value, FlightMessage& message) {
                for (const auto& item : value.as_array())
                    message.extensions.push_back(read_table(item.as_table(), extension_fields()));
            },
            [] {
                return nlohmann::json{{"type", "array"}, {"items", schema_of(extension_fields())}};
            }};
}

/// What every handshake message takes.
Table common()
{
    return {
        field("message", &FlightMessage::message, "Which message departs from an honest server's").require(),
        place_field("after", false),
        place_field("before", true),
        field("omit", &FlightMessage::omit, "It is not sent"),
        number_field("repeat", &FlightMessage::repeat, 1, 100, "How often it is sent"),
        hex_field("raw", &FlightMessage::raw, "The whole body instead, in hexadecimal"),
        number_field("cut", &FlightMessage::cut, 0, 65'535, "Octets that are missing at the body's end"),
        hex_field("append", &FlightMessage::append, "Octets too many at the body's end, in hexadecimal"),
    };
}

Table& operator+=(Table& fields, Table more)
{
    for (auto& each : more) fields.push_back(std::move(each));
    return fields;
}

Table extensions()
{
    return {field("without_extensions", &FlightMessage::without_extensions, "Extensions that are left out of it"),
            extensions_field()};
}

Table alpn()
{
    return {field("alpn", &FlightMessage::alpn, "The protocol it selects, or \"unoffered\"")};
}

Table hello()
{
    return {
        version_field("legacy_version", &FlightMessage::legacy_version, "The version field, a name or a number"),
        version_field("selected_version", &FlightMessage::selected_version, "In supported_versions (TLS 1.3)"),
        field("cipher", &FlightMessage::cipher, "The suite it selects, or \"unoffered\""),
        field("session_id", &FlightMessage::session_id, "The legacy_session_id_echo"),
        number_field("compression", &FlightMessage::compression, 0, 255, "The compression method"),
    };
}

Table signature()
{
    return {field("signature", &FlightMessage::signature, "Whether the signature is what it should be"),
            field("scheme", &FlightMessage::scheme, "The signature scheme it names and signs with, or \"unoffered\"")};
}

Table chain()
{
    return {field("chain", &FlightMessage::chain, "What the certificate list looks like"),
            field("recipe", &FlightMessage::recipe, "Another recipe's chain; the server's own key stays"),
            hex_field("staple", &FlightMessage::staple, "The OCSPResponse, in hexadecimal")};
}

Table server_key_exchange()
{
    Table fields = {
        field("group", &FlightMessage::group, "The curve, or \"unoffered\""),
        number_field("dh_bits", &FlightMessage::dh_bits, 16, 8192, "Bits of the modulus of DHE parameters"),
        field("dh_prime", &FlightMessage::dh_prime, "Whether the modulus is a prime"),
        number_field("dh_public_value", &FlightMessage::dh_public_value, 0, 65'535, "The server's public value"),
    };
    fields += signature();
    return fields;
}

/// Of a record that is no handshake message.
Table record(std::string raw)
{
    return {field("message", &FlightMessage::message, "Which message departs from an honest server's").require(),
            place_field("after", false), place_field("before", true),
            number_field("repeat", &FlightMessage::repeat, 1, 100, "How often it is sent"),
            hex_field("raw", &FlightMessage::raw, std::move(raw))};
}

Table alert()
{
    return {field("message", &FlightMessage::message, "Which message departs from an honest server's").require(),
            place_field("after", false),
            place_field("before", true),
            field("alert", &FlightMessage::alert, "Its description").require(),
            field("level", &FlightMessage::level, "Its level; fatal where it is not said"),
            field("clear", &FlightMessage::clear, "Sent without the keys that hold there")};
}

Table table_of(FlightStep step)
{
    Table fields = common();
    switch (step) {
    case FlightStep::hello_retry_request:
        fields += hello();
        fields += extensions();
        fields.push_back(field("group", &FlightMessage::retry_group, "The group it asks for"));
        return fields;
    case FlightStep::server_hello:
        fields += hello();
        fields += extensions();
        fields += alpn();
        fields.push_back(field("sentinel", &FlightMessage::sentinel, "The downgrade sentinel in its random"));
        fields.push_back(field("group", &FlightMessage::group, "The group of its key_share, or \"unoffered\""));
        fields.push_back(number_field("psk_identity", &FlightMessage::psk_identity, 0, 65'535,
                                      "The selected_identity of pre_shared_key"));
        return fields;
    case FlightStep::encrypted_extensions:
        fields += extensions();
        fields += alpn();
        return fields;
    case FlightStep::certificate_request:
    case FlightStep::new_session_ticket:
        fields += extensions();
        return fields;
    case FlightStep::certificate:
    case FlightStep::certificate_status:
        fields += chain();
        return fields;
    case FlightStep::server_key_exchange:
        fields += server_key_exchange();
        return fields;
    case FlightStep::certificate_verify:
        fields += signature();
        return fields;
    case FlightStep::finished:
        fields.push_back(field("corrupted", &FlightMessage::corrupted, "Its verify_data is wrong"));
        return fields;
    case FlightStep::server_hello_done:
    case FlightStep::key_update:
    case FlightStep::hello_request:
        return fields;
    case FlightStep::change_cipher_spec:
        fields = record("Its payload, in hexadecimal; absent: 01");
        fields.push_back(field("omit", &FlightMessage::omit, "It is not sent"));
        return fields;
    case FlightStep::heartbeat:
        return record("The HeartbeatMessage (RFC 6520), in hexadecimal; absent: a request of 16 octets");
    case FlightStep::alert:
        return alert();
    }
    return fields;
}

const Table& fields_of(FlightStep step)
{
    static const auto tables = [] {
        std::vector<Table> all;
        for (const auto& [word, value] : kSteps) all.push_back(table_of(value));
        return all;
    }();
    const auto* row =
        std::find_if(std::begin(kSteps), std::end(kSteps), [&](const auto& each) { return each.second == step; });
    return tables.at(static_cast<std::size_t>(row - std::begin(kSteps)));
}

/// Messages that no honest flight of ours has: without a place there is nowhere to put them.
bool needs_place(FlightStep step)
{
    return step == FlightStep::alert || step == FlightStep::heartbeat || step == FlightStep::hello_request ||
           step == FlightStep::key_update;
}

std::string as_text(const TomlValue& value)
{
    if (const auto* text = std::get_if<std::string>(&value.content)) return *text;
    if (const auto* number = std::get_if<std::int64_t>(&value.content)) return std::to_string(*number);
    if (const auto* flag = std::get_if<bool>(&value.content)) return *flag ? "true" : "false";
    std::string text;
    if (const auto* list = std::get_if<TomlArray>(&value.content))
        for (const auto& item : *list) text += (text.empty() ? "" : " ") + as_text(item);
    if (const auto* table = std::get_if<TomlTable>(&value.content))
        if (const auto* type = table->find("type")) text = as_text(*type);
    return text;
}

/// "cipher unoffered, session_id empty".
std::string departure_text(const TomlTable& table)
{
    std::string text;
    for (const auto& [key, value] : table.entries)
        if (key != "message") text += fmt::format("{}{} {}", text.empty() ? "" : ", ", key, as_text(value));
    return text;
}

} // namespace

FlightMessage Codec<FlightMessage>::read(const TomlValue& value)
{
    const auto& table = value.as_table();
    const auto* named = table.find("message");
    if (named == nullptr)
        throw InputError(value.where, "the key 'message' is missing", hint_for("", all_flight_step_names()));
    const auto step = Codec<FlightStep>::read(*named);
    FlightMessage message = read_table(table, fields_of(step));
    message.departure = departure_text(table);
    if (needs_place(step) && !message.place)
        throw InputError(named->where, fmt::format("{} has no place of its own in a flight", name(step)),
                         "after = \"finished\"");
    if (message.omit && message.place) throw InputError(value.where, "an additional message that is left out");
    return message;
}

nlohmann::json Codec<FlightMessage>::schema()
{
    nlohmann::json alternatives = nlohmann::json::array();
    for (const auto& [word, step] : kSteps) {
        nlohmann::json schema = schema_of(fields_of(step));
        schema["properties"]["message"] = {{"const", word}};
        alternatives.push_back(std::move(schema));
    }
    return {{"oneOf", alternatives}};
}

} // namespace alert40
