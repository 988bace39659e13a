// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

#include "server/faults/reaction.h"

#include <algorithm>

namespace alert40 {
namespace {

struct Settings : Reaction {
    std::vector<std::string> names;
};

const Fields<Settings>& fields()
{
    static const Fields<Settings> table = with_reaction<Settings>({
        field("names", &Settings::names, "Names that it refuses; \".example.test\" means every name below it")
            .require(),
    });
    return table;
}

bool falls_under(std::string_view name, std::string_view filter)
{
    return filter.starts_with(".") ? name.ends_with(filter) : name == filter;
}

/// Refuses a ClientHello by the name in its server_name extension.
class SniFilter final : public Fault {
public:
    SniFilter(Trigger at, Settings settings) : Fault(at), settings_(std::move(settings)) {}

private:
    WireSteps replace(const Event& event, WireSteps planned) const override
    {
        const auto name = event.client_hello != nullptr ? event.client_hello->server_name() : std::nullopt;
        const bool refused = name && std::any_of(settings_.names.begin(), settings_.names.end(),
                                                 [&](const auto& each) { return falls_under(*name, each); });
        return refused ? steps_of(settings_, std::move(planned)) : planned;
    }

    Settings settings_;
};

} // namespace

std::unique_ptr<Fault> make_sni_filter_fault(Trigger at, const TomlTable& settings)
{
    return std::make_unique<SniFilter>(at, read_table(settings, fields()));
}

nlohmann::json sni_filter_fault_schema()
{
    return schema_of(fields());
}

} // namespace alert40
