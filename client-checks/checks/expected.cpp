// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/checks/expected.h"

#include "scenarios/loader/input_error.h"
#include "server/wire/alert_message.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

Symptom parse_symptom(const Located<std::string>& text)
{
    auto symptom = Symptom::parse(text.value);
    if (!symptom)
        throw InputError(text.where, fmt::format("unknown symptom '{}'", text.value),
                         hint_for(text.value, all_symptom_names()));
    return *symptom;
}

void apply(const ExpectationException& exception, Expected& expected)
{
    if (exception.skip) expected.skip = *exception.skip;
    if (exception.ends) {
        expected.ends = *exception.ends;
        expected.alert.reset();
        expected.phase.reset();
        expected.symptom.reset();
    }
    if (exception.alert) expected.alert = exception.alert;
    if (exception.alert_level) expected.alert_level = *exception.alert_level;
    if (exception.phase) expected.phase = exception.phase;
    if (exception.symptom) expected.symptom = parse_symptom(*exception.symptom);
    if (exception.resumed) expected.resumed = exception.resumed;
    expected.because.push_back(exception.because);
    expected.where = exception.name.where;
}

/// It is "*" among the manners that says how this rejection shows: not even an alert that the scenario names for the
/// library leaves the client.
bool under_every_reason(const RosterEntry& client, const Expected& expected)
{
    return expected.symptom && client.manners.contains(kEveryReason) &&
           !client.manners.contains(expected.symptom->text());
}

/// The client judges by itself: what the wire shows is its library's manner.
void apply_manner(const RosterEntry& client, Expected& expected)
{
    auto manner = client.manners.find(expected.symptom->text());
    if (manner == client.manners.end()) manner = client.manners.find(kEveryReason);
    if (manner == client.manners.end() && client.definition.library == kUnknownLibrary) {
        expected.any_manner = true;
        return;
    }
    if (manner == client.manners.end())
        throw InputError(
            expected.where,
            fmt::format("the lexicon of {} does not say how '{}' shows on the wire", client.definition.library,
                        expected.symptom->text()),
            fmt::format("a line in [manners] of client-checks/lexicons/{}.toml", client.definition.library));
    if (expected.alert) return; // the scenario says which, and why
    switch (manner->second.kind) {
    case Manner::Kind::alert:
        expected.alert = manner->second.alert;
        return;
    case Manner::Kind::close:
        expected.ends = Ending::client_closes; // or it resets: what it has not read when it closes decides
        return;
    case Manner::Kind::reset:
        expected.resets = true;
        return;
    case Manner::Kind::accepts:
        expected.ends = Ending::connected;
        expected.symptom.reset();
        expected.because.push_back(fmt::format("{} accepts it", client.definition.library));
        return;
    }
}

std::optional<Symptom> usual_symptom(const Expected& expected)
{
    switch (expected.ends) {
    case Ending::connected:
        return Symptom::parse("connected");
    case Ending::server_alert:
        return Symptom::received(*expected.alert);
    case Ending::server_close:
        return Symptom::parse("closed");
    case Ending::server_reset:
        return Symptom::parse("reset");
    case Ending::timeout:
        return Symptom::parse("timeout");
    case Ending::not_listening:
        return Symptom::parse("refused");
    case Ending::client_never_speaks:
        return Symptom::parse("local:configuration");
    case Ending::client_rejects:
    case Ending::client_closes:
    case Ending::http_refuses:
        return std::nullopt;
    }
    return std::nullopt;
}

} // namespace

Expected expect(const Scenario& scenario, const RosterEntry& client)
{
    const Expectation& said = scenario.expect;
    Expected expected;
    expected.ends = said.ends;
    expected.alert = said.alert;
    expected.alert_level = said.alert_level.value_or(AlertLevel::fatal);
    expected.phase = said.phase;
    expected.resumed = said.resumed;
    expected.where = said.where;
    if (said.symptom) expected.symptom = parse_symptom(*said.symptom);
    const auto apply_all = [&](const std::vector<Deviation>& deviations) {
        for (const auto& deviation : deviations)
            if (deviation.covers(scenario.id)) apply(deviation.differs, expected);
    };
    // From the general to the particular: the library and what it is like, the client; what a scenario says of either
    // stands above what its own file says.
    apply_all(client.lexicon->differs);
    for (const auto& library : client.lexicon->lineage)
        for (const auto& exception : said.library)
            if (exception.name.value == library) apply(exception, expected);
    if (expected.ends == Ending::client_rejects && under_every_reason(client, expected)) expected.alert.reset();
    apply_all(client.definition.differs);
    for (const auto& exception : said.client)
        if (exception.name.value == client.definition.name) apply(exception, expected);
    if (!expected.skip.empty()) return expected;
    // An alert that the scenario names is the one to be seen; where it names none, the library's manner says which.
    if (expected.ends == Ending::client_rejects && !expected.alert) apply_manner(client, expected);
    if (!expected.symptom) expected.symptom = usual_symptom(expected);
    return expected;
}

std::string describe(const Expected& expected)
{
    std::string wire{name(expected.ends)};
    if (expected.alert) wire += " " + display_name(Alert{expected.alert_level, *expected.alert});
    if (expected.phase) wire += fmt::format(", {}", name(*expected.phase));
    if (expected.symptom) wire += fmt::format("; the client reports {}", expected.symptom->text());
    return wire;
}

} // namespace alert40
