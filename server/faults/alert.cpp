// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

#include "scenarios/loader/codecs.h"
#include "server/wire/alert_message.h"
#include "server/wire/record.h"

namespace alert40 {
namespace {

struct Settings {
    AlertDescription description = AlertDescription::handshake_failure;
    AlertLevel level = AlertLevel::fatal;
};

const Fields<Settings>& fields()
{
    static const Fields<Settings> table = {
        field("description", &Settings::description, "Which alert").require(),
        field("level", &Settings::level, "fatal where it is not said"),
    };
    return table;
}

/// Sends one alert at one event, in clear as a box in the middle has to (it holds no keys), then closes. The record
/// carries 0x0303, as nginx, haproxy and Apache were measured to send it.
class AlertAt final : public Fault {
public:
    AlertAt(Trigger at, Settings settings) : Fault(at), settings_(settings) {}

private:
    WireSteps replace(WireSteps /*planned*/) const override
    {
        const Bytes alert = compose_alert({settings_.level, settings_.description});
        return {Send{compose_record(ContentType::alert, ProtocolVersion::tls12, alert)}, CloseConnection{}};
    }

    Settings settings_;
};

} // namespace

std::unique_ptr<Fault> make_alert_fault(Trigger at, const TomlTable& settings)
{
    return std::make_unique<AlertAt>(at, read_table(settings, fields()));
}

nlohmann::json alert_fault_schema()
{
    return schema_of(fields());
}

} // namespace alert40
