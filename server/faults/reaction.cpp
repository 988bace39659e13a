// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/reaction.h"

#include "server/wire/alert_message.h"
#include "server/wire/record.h"

namespace alert40 {
namespace {

constexpr std::pair<std::string_view, Then> kThens[] = {{"close", Then::close},
                                                        {"half-close", Then::half_close},
                                                        {"reset", Then::reset},
                                                        {"drop", Then::drop},
                                                        {"go-on", Then::go_on}};

std::vector<std::string> then_names()
{
    std::vector<std::string> names;
    for (const auto& [word, then] : kThens) names.emplace_back(word);
    return names;
}

} // namespace

Then Codec<Then>::read(const TomlValue& value)
{
    const auto find = [](std::string_view word) -> std::optional<Then> {
        for (const auto& [known, then] : kThens)
            if (known == word) return then;
        return std::nullopt;
    };
    return read_name(value, "continuation", find, then_names());
}

nlohmann::json Codec<Then>::schema()
{
    return names_schema(then_names());
}

WireSteps steps_of(Then then, WireSteps planned)
{
    switch (then) {
    case Then::close:
        return {CloseConnection{}};
    case Then::half_close:
        return {HalfClose{}};
    case Then::reset:
        return {ResetConnection{}};
    case Then::drop:
        return {Stall{}};
    case Then::go_on:
        break;
    }
    return planned;
}

WireSteps steps_of(const Reaction& reaction, WireSteps planned)
{
    WireSteps steps = steps_of(reaction.then, std::move(planned));
    if (reaction.alert) {
        const Bytes alert = compose_alert({AlertLevel::fatal, *reaction.alert});
        steps.insert(steps.begin(), Send{compose_record(ContentType::alert, ProtocolVersion::tls12, alert)});
    }
    return steps;
}

} // namespace alert40
