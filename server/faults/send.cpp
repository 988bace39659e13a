// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

#include "server/faults/reaction.h"

#include <charconv>

namespace alert40 {
namespace {

struct Settings {
    Bytes bytes;
    Then then = Then::close;
};

Bytes read_hex(const TomlValue& value)
{
    const std::string& text = value.as_string();
    Bytes bytes(text.size() / 2);
    for (std::size_t index = 0; index < bytes.size(); ++index) {
        const char* digits = text.data() + 2 * index;
        if (std::from_chars(digits, digits + 2, bytes[index], 16).ptr != digits + 2) bytes.clear();
    }
    if (bytes.empty() || text.size() % 2 != 0)
        throw InputError(value.where, "these are no octets in hexadecimal", "hex = \"150303\"");
    return bytes;
}

Field<Settings> text_field()
{
    return {"text", "The bytes, as text",
            [](const TomlValue& value, Settings& target) { append(target.bytes, to_bytes(value.as_string())); },
            [] { return Codec<std::string>::schema(); }};
}

Field<Settings> hex_field()
{
    return {"hex", "The bytes, in hexadecimal",
            [](const TomlValue& value, Settings& target) { append(target.bytes, read_hex(value)); },
            [] {
                return nlohmann::json{{"type", "string"}, {"pattern", "^([0-9A-Fa-f]{2})*$"}};
            }};
}

const Fields<Settings>& fields()
{
    static const Fields<Settings> table = {
        text_field(),
        hex_field(),
        field("then", &Settings::then, "What follows: close (default), half-close, reset, drop, go-on"),
    };
    return table;
}

/// Sends plain bytes at one event, as a server that speaks no TLS does: in the place of what was planned, or before it.
class SendAt final : public Fault {
public:
    SendAt(Trigger at, Settings settings) : Fault(at), settings_(std::move(settings)) {}
    bool ends() const override { return settings_.then != Then::go_on; }

private:
    WireSteps replace(const Event& /*event*/, WireSteps planned) const override
    {
        WireSteps steps = steps_of(settings_.then, std::move(planned));
        steps.insert(steps.begin(), Send{settings_.bytes});
        return steps;
    }

    Settings settings_;
};

} // namespace

std::unique_ptr<Fault> make_send_fault(Trigger at, const TomlTable& settings)
{
    if (settings.find("text") == nullptr && settings.find("hex") == nullptr)
        throw InputError(settings.where, "the bytes to send are missing", "text = \"SSH-2.0-x\\r\\n\", or hex");
    return std::make_unique<SendAt>(at, read_table(settings, fields()));
}

nlohmann::json send_fault_schema()
{
    return schema_of(fields());
}

} // namespace alert40
