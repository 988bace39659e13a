// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/checks/observation.h"

#include "client-checks/lexicons/line_search.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

bool says_connected(const ChildResult& child, const ClientDefinition& client)
{
    if (child.timed_out) return false;
    if (client.connected_exit_code && child.exit_code != *client.connected_exit_code) return false;
    return !client.connected_pattern || search_lines(child.output, *client.connected_pattern).has_value();
}

void read_symptoms(Observation& observation, const RosterEntry& client)
{
    const ChildResult& child = observation.child;
    if (says_connected(child, client.definition)) {
        observation.symptoms = {*Symptom::parse("connected")};
        return;
    }
    Reading reading = read_output(*client.lexicon, {child.output, child.errors, child.exit_code});
    observation.symptoms = std::move(reading.symptoms);
    observation.says = std::move(reading.says);
    if (child.timed_out) {
        observation.symptoms = {*Symptom::parse("timeout")};
        observation.says = fmt::format("(ended after its deadline of {} ms)", child.wall.count() / 1000);
    } else if (observation.symptoms.empty()) {
        if (child.output.empty() && child.errors.empty()) observation.symptoms = {*Symptom::parse("silent")};
        if (child.signal != 0) observation.says = fmt::format("(ended by signal {})", child.signal);
    }
}

bool is_gone(const HowEnded& how)
{
    return std::holds_alternative<PeerClosed>(how) || std::holds_alternative<PeerReset>(how);
}

/// Whether the wire ended in the expected way, the phase apart.
bool ends_as(const Outcome& outcome, const Expected& expected)
{
    const auto* sent = std::get_if<AlertSent>(&outcome.how);
    const auto* received = std::get_if<AlertReceived>(&outcome.how);
    switch (expected.ends) {
    case Ending::connected:
        return std::holds_alternative<Completed>(outcome.how);
    case Ending::server_alert:
        return sent != nullptr && sent->alert.description == *expected.alert &&
               sent->alert.level == expected.alert_level;
    case Ending::server_close:
        return std::holds_alternative<WeClosed>(outcome.how);
    case Ending::server_reset:
        return std::holds_alternative<WeReset>(outcome.how);
    case Ending::timeout:
        return is_gone(outcome.how) || std::holds_alternative<Expired>(outcome.how);
    case Ending::client_rejects:
        if (expected.alert)
            return received != nullptr && received->alert.description == *expected.alert &&
                   received->alert.level == expected.alert_level;
        return expected.resets ? std::holds_alternative<PeerReset>(outcome.how)
                               : std::holds_alternative<PeerClosed>(outcome.how);
    case Ending::client_closes:
        return is_gone(outcome.how);
    case Ending::http_refuses: // the symptom says with which status
        return std::holds_alternative<Completed>(outcome.how);
    case Ending::not_listening:
    case Ending::client_never_speaks:
        return false;
    }
    return false;
}

std::string expected_wire(const Expected& expected)
{
    Expected wire = expected;
    wire.symptom.reset();
    return describe(wire);
}

} // namespace

void interpret(Observation& observation, const Expected& expected, const RosterEntry& client)
{
    read_symptoms(observation, client);
    std::optional<std::size_t> first;
    for (std::size_t index = 0; index < observation.connections.size(); ++index) {
        const Transcript& transcript = observation.connections[index];
        if (!transcript.client_hello) continue;
        if (!first) first = index;
        if (!ends_as(outcome_of(transcript), expected)) continue;
        first = index;
        break;
    }
    observation.deciding = first.value_or(0);
}

std::vector<std::string> differences(const Observation& observation, const Expected& expected)
{
    std::vector<std::string> found;
    const Transcript* wire = observation.wire();
    if (wire == nullptr) {
        found.emplace_back("the client never connected");
    } else {
        const Outcome outcome = outcome_of(*wire);
        const bool phase_differs =
            expected.phase && expected.ends != Ending::connected && outcome.phase != *expected.phase;
        if (!ends_as(outcome, expected) || phase_differs)
            found.push_back(
                fmt::format("on the wire: expected {}, seen {}", expected_wire(expected), describe(outcome)));
    }
    if (expected.symptom && !contains(observation.symptoms, *expected.symptom))
        found.push_back(fmt::format("the client reports {}, expected {}", describe(observation.symptoms),
                                    expected.symptom->text()));
    return found;
}

} // namespace alert40
