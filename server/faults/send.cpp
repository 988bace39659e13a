// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

namespace alert40 {
namespace {

struct Settings {
    std::string text;
};

const Fields<Settings>& fields()
{
    static const Fields<Settings> table = {field("text", &Settings::text, "The bytes, as text").require()};
    return table;
}

/// Sends plain bytes at one event, as a server that speaks no TLS does, then closes.
class SendAt final : public Fault {
public:
    SendAt(Trigger at, Bytes bytes) : Fault(at), bytes_(std::move(bytes)) {}

private:
    WireSteps replace(WireSteps /*planned*/) const override { return {Send{bytes_}, CloseConnection{}}; }

    Bytes bytes_;
};

} // namespace

std::unique_ptr<Fault> make_send_fault(Trigger at, const TomlTable& settings)
{
    return std::make_unique<SendAt>(at, to_bytes(read_table(settings, fields()).text));
}

nlohmann::json send_fault_schema()
{
    return schema_of(fields());
}

} // namespace alert40
