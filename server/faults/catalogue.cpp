// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/catalogue.h"

#include "scenarios/loader/input_error.h"
#include "server/faults/kinds.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

constexpr FaultKind kFaults[] = {
    {"alert", "Sends an alert in clear, then closes", make_alert_fault, alert_fault_schema},
    {"close", "Closes the connection (FIN)", make_close_fault, no_settings_schema},
    {"reset", "Resets the connection (RST)", make_reset_fault, no_settings_schema},
    {"send", "Sends plain bytes, then closes", make_send_fault, send_fault_schema},
    {"stall", "Answers nothing from here on", make_stall_fault, no_settings_schema},
};

std::vector<std::string> fault_names()
{
    std::vector<std::string> names;
    for (const auto& kind : kFaults) names.emplace_back(kind.name);
    return names;
}

} // namespace

std::span<const FaultKind> all_faults()
{
    return kFaults;
}

std::unique_ptr<Fault> make_fault(const FaultSettings& settings)
{
    const Trigger at = Trigger::parse(settings.trigger);
    for (const auto& kind : kFaults)
        if (kind.name == settings.kind.value) return kind.make(at, settings.settings);
    throw InputError(settings.kind.where, fmt::format("unknown fault '{}'", settings.kind.value),
                     hint_for(settings.kind.value, fault_names()));
}

nlohmann::json fault_schema()
{
    nlohmann::json alternatives = nlohmann::json::array();
    for (const auto& kind : kFaults) {
        nlohmann::json schema = kind.schema();
        schema["description"] = kind.summary;
        schema["properties"]["at"] = {{"type", "string"},
                                      {"description", "connect, client:<message>, server:record:<n>, ..."}};
        schema["properties"]["do"] = {{"const", kind.name}};
        schema["required"].push_back("at");
        schema["required"].push_back("do");
        alternatives.push_back(schema);
    }
    return {{"oneOf", alternatives}};
}

} // namespace alert40
