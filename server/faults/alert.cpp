// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

#include "server/faults/reaction.h"
#include "server/wire/alert_message.h"
#include "server/wire/record.h"

namespace alert40 {
namespace {

struct Settings {
    AlertDescription description = AlertDescription::handshake_failure;
    AlertLevel level = AlertLevel::fatal;
    ProtocolVersion record_version = ProtocolVersion::tls12;
    Then then = Then::close;
};

const Fields<Settings>& fields()
{
    static const Fields<Settings> table = {
        field("description", &Settings::description, "Which alert").require(),
        field("level", &Settings::level, "fatal where it is not said"),
        field("record_version", &Settings::record_version, "Of the record that carries it; 1.2 where it is not said"),
        field("then", &Settings::then, "What follows: close (default), half-close, reset, drop, go-on"),
    };
    return table;
}

/// Sends one alert at one event, in clear as a box in the middle has to (it holds no keys). The record carries 0x0303,
/// as nginx, haproxy and Apache were measured to send it, unless another version is asked for.
class AlertAt final : public Fault {
public:
    AlertAt(Trigger at, Settings settings) : Fault(at), settings_(settings) {}
    bool ends() const override { return settings_.then != Then::go_on; }

private:
    WireSteps replace(const Event& /*event*/, WireSteps planned) const override
    {
        const Bytes alert = compose_alert({settings_.level, settings_.description});
        WireSteps steps = steps_of(settings_.then, std::move(planned));
        steps.insert(steps.begin(), Send{compose_record(ContentType::alert, settings_.record_version, alert)});
        return steps;
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
