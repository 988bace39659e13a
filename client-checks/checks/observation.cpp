// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/checks/observation.h"

#include "client-checks/checks/stub_verdict.h"
#include "client-checks/lexicons/line_search.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

/// Of a device that says nothing of success, the wire does.
bool shows_connected(const Observation& observation)
{
    return std::any_of(observation.connections.begin(), observation.connections.end(), [](const auto& connection) {
        return std::holds_alternative<Completed>(outcome_of(connection).how);
    });
}

bool says_connected(const Observation& observation, const ClientDefinition& client)
{
    const ChildResult& child = observation.child;
    if (child.timed_out) return false;
    if (client.kind == ClientKind::trigger && !client.connected_pattern) return shows_connected(observation);
    if (client.connected_exit_code && child.exit_code != *client.connected_exit_code) return false;
    const auto& pattern = observation.connected_pattern ? observation.connected_pattern : client.connected_pattern;
    return !pattern || search_lines(child.output, *pattern).has_value();
}

std::string first_line(const std::string& text)
{
    constexpr std::size_t kMostQuoted = 500;
    const auto begin = text.find_first_not_of(" \r\n\t");
    if (begin == std::string::npos) return {};
    return text.substr(begin, std::min(text.find_first_of("\r\n", begin) - begin, kMostQuoted));
}

/// TryTLS: "The last string the stub should print is the verdict", and why stands before it.
void read_stub(Observation& observation)
{
    const StubVerdict verdict = read_stub_verdict(observation.child.output);
    observation.says = verdict.text;
    switch (verdict.kind) {
    case StubVerdict::Kind::accept:
        observation.symptoms = {*Symptom::parse("connected")};
        return;
    case StubVerdict::Kind::reject:
        observation.symptoms = {*Symptom::parse("unspecified")};
        return;
    case StubVerdict::Kind::unsupported: // the run was a skip
    case StubVerdict::Kind::none:
        observation.symptoms.clear();
        return;
    }
}

void read_symptoms(Observation& observation, const RosterEntry& client)
{
    const ChildResult& child = observation.child;
    if (client.definition.kind == ClientKind::trytls && !child.timed_out) return read_stub(observation);
    if (says_connected(observation, client.definition)) {
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
        if (observation.tells_no_cause && observation.says.empty())
            observation.says = first_line(child.output.empty() ? child.errors : child.output);
        if (observation.tells_no_cause) observation.symptoms = {*Symptom::parse("unspecified")};
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
        if (expected.any_manner) return received != nullptr || is_gone(outcome.how);
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

std::size_t with_client_hello(const Observation& observation)
{
    return static_cast<std::size_t>(std::count_if(observation.connections.begin(), observation.connections.end(),
                                                  [](const auto& each) { return each.client_hello.has_value(); }));
}

/// How a connection differs that was expected and is there.
std::optional<std::string> difference_of(const Transcript& wire, const Expected& expected)
{
    const Outcome outcome = outcome_of(wire);
    const bool phase_differs = expected.phase && expected.ends != Ending::connected && outcome.phase != *expected.phase;
    if (!ends_as(outcome, expected) || phase_differs)
        return fmt::format("on the wire: expected {}, seen {}", expected_wire(expected), describe(outcome));
    if (expected.resumed && resumed(wire) != *expected.resumed)
        return fmt::format("on the wire: expected {} handshake", *expected.resumed ? "an abbreviated" : "a full");
    return std::nullopt;
}

std::optional<std::string> difference_on_wire(const Observation& observation, const Expected& expected)
{
    const std::size_t spoken = with_client_hello(observation);
    if (expected.ends == Ending::client_never_speaks)
        return spoken == 0 ? std::nullopt : std::optional<std::string>("the client sent a ClientHello");
    const Transcript* wire = observation.wire();
    if (expected.ends == Ending::not_listening)
        return wire == nullptr ? std::nullopt : std::optional<std::string>("the client was connected");
    if (wire == nullptr) return "the client never connected";
    if (observation.resumes && spoken < 2) return "the client did not connect a second time";
    return difference_of(*wire, expected);
}

} // namespace

void interpret(Observation& observation, const Expected& expected, const RosterEntry& client)
{
    read_symptoms(observation, client);
    std::optional<std::size_t> first;
    std::size_t to_skip = observation.resumes ? 1 : 0;
    for (std::size_t index = 0; index < observation.connections.size(); ++index) {
        const Transcript& transcript = observation.connections[index];
        if (!transcript.client_hello || (to_skip > 0 && to_skip-- > 0)) continue;
        if (!first) first = index;
        if (!ends_as(outcome_of(transcript), expected)) continue;
        first = index;
        break;
    }
    observation.deciding = first.value_or(0);
}

bool resumed(const Transcript& transcript)
{
    if (!transcript.server_hello) return false;
    const ServerHello& hello = *transcript.server_hello;
    if (hello.selected_version() == ProtocolVersion::tls13) return hello.has_extension(ExtensionType::pre_shared_key);
    // Not by the session id: a client that offers a ticket may leave it empty (RFC 5077 section 3.4).
    for (const auto& event : transcript.events) {
        const auto* record = std::get_if<RecordEvent>(&event);
        if (record != nullptr && record->type == ContentType::change_cipher_spec)
            return record->direction == Direction::server_to_client; // in a full handshake the client's comes first
    }
    return false;
}

/// A client that only tells success from failure, as a TryTLS stub does, reports every failure rightly.
bool says_no_more(const Observation& observation, const Expected& expected)
{
    return observation.tells_no_cause && expected.symptom != Symptom::parse("connected") &&
           contains(observation.symptoms, *Symptom::parse("unspecified"));
}

std::vector<std::string> differences(const Observation& observation, const Expected& expected)
{
    std::vector<std::string> found;
    if (auto difference = difference_on_wire(observation, expected)) found.push_back(*std::move(difference));
    if (expected.symptom && !contains(observation.symptoms, *expected.symptom) && !says_no_more(observation, expected))
        found.push_back(fmt::format("the client reports {}, expected {}", describe(observation.symptoms),
                                    expected.symptom->text()));
    return found;
}

} // namespace alert40
