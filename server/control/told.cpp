// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/told.h"

#include "server/control/message_fields.h"

#include <fmt/chrono.h>

namespace alert40 {
namespace {

void text_or_null(JsonText& json, std::string_view key, const std::string& text)
{
    if (text.empty())
        json.key(key).null();
    else
        json.member(key, text);
}

/// What is no control character, the rest as '.'.
std::string printable(ByteView bytes)
{
    std::string text;
    for (const auto octet : bytes)
        text += octet == '\r' || octet == '\n' || (octet >= 0x20 && octet < 0x7f) ? static_cast<char>(octet) : '.';
    return text;
}

struct StepWriter {
    JsonText& json;
    const KeptStep& step;

    template <class Event> void head(const Event& event, std::string_view from, std::string_view kind) const
    {
        json.member("n", step.number).member("at_us", event.at.count()).member("from", from).member("kind", kind);
        json.member("phase", name(event.phase));
    }

    void operator()(const RecordEvent& record) const
    {
        const bool is_alert = record.alert || record.type == ContentType::alert;
        head(record, name(record.direction), is_alert ? "alert" : "record");
        json.member("type", name(record.inner_type.value_or(record.type)));
        json.member("version", display_name(record.version)).member("length", record.length);
        json.member("encrypted", record.encrypted);
        json.member("decrypted", record.encrypted && (record.inner_type || record.alert));
        json.key("messages").array();
        for (const auto& message : step.messages) {
            json.object().member("type", name(message.type)).key("fields");
            write_fields(json, message, {step.version, step.suite});
            json.end();
        }
        json.end();
        if (record.alert) {
            json.key("alert").object().member("level", name(record.alert->level));
            json.member("name", name(record.alert->description));
            json.member("code", static_cast<int>(record.alert->description)).end();
        }
        json.member("text", text_of(record));
    }

    std::string text_of(const RecordEvent& record) const
    {
        if (record.alert) return display_name(*record.alert);
        std::string text;
        for (const auto type : record.messages) text += (text.empty() ? "" : ", ") + name(type);
        if (step.messages_cut) text += " (the messages are too large to be kept)";
        if (!text.empty()) return text;
        const auto type = name(record.inner_type.value_or(record.type));
        return record.encrypted && !record.inner_type ? "encrypted " + type : type;
    }

    void operator()(const SocketEvent& event) const
    {
        switch (event.kind) {
        case SocketEventKind::client_fin:
            head(event, "client", "fin");
            break;
        case SocketEventKind::client_reset:
            head(event, "client", "reset");
            break;
        case SocketEventKind::server_fin:
            head(event, "server", "fin");
            break;
        case SocketEventKind::server_reset:
            head(event, "server", "reset");
            break;
        case SocketEventKind::deadline:
            head(event, "deadline", "deadline");
            break;
        }
        json.member("text", name(event.kind));
    }

    void operator()(const OtherBytes& other) const
    {
        head(other, name(other.direction), "bytes");
        json.member("length", other.total).member("text", printable(other.first_bytes));
    }

    void operator()(const PlainText& plain) const
    {
        head(plain, name(plain.direction), "plain");
        json.member("length", plain.bytes.size()).member("text", printable(plain.bytes));
    }
};

} // namespace

std::string time_text(std::chrono::system_clock::time_point time)
{
    const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch());
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(static_cast<std::time_t>(since.count() / 1000)),
                       since.count() % 1000);
}

void write_listener(JsonText& json, const ListenerView& listener, bool whole)
{
    const bool shown = whole || !listener.hidden;
    json.object().member("name", listener.name);
    text_or_null(json, "scenario", shown ? listener.scenario : "");
    if (shown)
        json.member("fixed", listener.fixed);
    else
        json.key("fixed").null();
    text_or_null(json, "persona", shown ? listener.persona : "");
    json.members("addresses", listener.addresses).member("port", listener.port);
    text_or_null(json, "server_name", listener.server_name);
    json.member("url", listener.url());
    text_or_null(json, "owner", listener.owner);
    json.member("hidden", listener.hidden).member("connections", listener.connections).end();
}

void write_connection(JsonText& json, const ConnectionSummary& connection)
{
    json.member("id", connection.id).member("listener", connection.origin.listener);
    text_or_null(json, "scenario", connection.scenario);
    json.member("fixed", connection.fixed).member("started", time_text(connection.started));
    json.member("peer", peer_text(connection.client)).member("state", connection.open ? "open" : "ended");
    text_or_null(json, "ended", connection.ended);
    json.member("failed", connection.failed);
    text_or_null(json, "ja4", connection.ja4);
    text_or_null(json, "server_name", connection.server_name);
    json.member("duration_us", connection.duration.count());
}

void write_step_members(JsonText& json, const KeptStep& step)
{
    std::visit(StepWriter{json, step}, step.event);
}

void write_step(JsonText& json, const KeptStep& step)
{
    json.object();
    write_step_members(json, step);
    json.end();
}

void write_kept(JsonText& json, const KeptConnection& connection)
{
    json.object();
    write_connection(json, connection.summary);
    json.key("steps").array();
    for (const auto& step : connection.steps) write_step(json, step);
    json.end().end();
}

} // namespace alert40
