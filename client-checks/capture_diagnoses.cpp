// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/capture_diagnoses.h"

#include "client-checks/diagnosis/sound_end.h"
#include "client-checks/diagnosis/wire_steps.h"
#include "client-checks/reports/capture_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace alert40 {
namespace {

using State = TlsConnection::State;

constexpr std::size_t kMostNumbersShown = 10;

Subject subject_of(const AlikeFailures& alike, std::string_view file)
{
    const auto& first = alike.kept.front();
    Subject subject;
    subject.text = connection_subject(first, file);
    const auto address = first.server.address.text();
    subject.values["host"] = first.server.address.is_ipv6 ? "[" + address + "]" : address;
    subject.values["port"] = std::to_string(first.server.port);
    if (!first.name.empty()) subject.values["server_name"] = first.name;
    return subject;
}

/// What was seen as one that gives up is the end of the capture, not a deadline of the server's.
void name_the_end(std::vector<std::string>& ladder)
{
    for (auto& step : ladder)
        if (step == "... the server's deadline") step = "... the capture ends";
}

/// Nothing is certain of which a part was not seen.
void soften(std::vector<Finding>& findings)
{
    for (auto& finding : findings) {
        if (finding.confidence != Confidence::certain) continue;
        finding.confidence = Confidence::likely;
        finding.because.emplace_back("a part of the handshake is missing in the capture: not certain for that reason");
    }
}

Evidence evidence_of(const CaptureReading& reading, const TlsConnection& connection)
{
    if (connection.state == State::unopened)
        return gather_evidence(nullptr, {*Symptom::parse(connection.tcp_refused ? "refused" : "timeout")}, "", "");
    Evidence evidence = gather_evidence(connection.wire ? &*connection.wire : nullptr, {}, "", "");
    evidence.beside = beside(reading, connection);
    return evidence;
}

void tell_alike(const AlikeFailures& alike, Diagnosis& diagnosis)
{
    if (alike.count < 2) return;
    const auto shown = std::min(kMostNumbersShown, alike.numbers.size() - 1);
    diagnosis.notes.push_back(fmt::format(
        "{} more connection{} failed alike: {}{}", alike.count - 1, alike.count == 2 ? "" : "s",
        fmt::join(std::span(alike.numbers).subspan(1, shown), ", "), alike.count - 1 > shown ? ", ..." : ""));
}

/// What was refused in clear is no failure of TLS: the verdict has the server's words, and there is no cause of ours.
Diagnosis refused(const TlsConnection& connection, Subject subject)
{
    Diagnosis diagnosis;
    diagnosis.subject = std::move(subject);
    diagnosis.verdict = connection.ended;
    diagnosis.unknown.emplace_back("why it was refused: TLS never began, and the log of who refused it tells");
    return diagnosis;
}

Diagnosis diagnosis_of(const CaptureReading& reading, const AlikeFailures& alike, std::string_view file,
                       const Knowledge& knowledge)
{
    const auto& first = alike.kept.front();
    auto subject = subject_of(alike, file);
    Diagnosis diagnosis;
    if (first.state == State::refused) {
        diagnosis = refused(first, std::move(subject));
    } else {
        diagnosis = conclude(evidence_of(reading, first), std::move(subject), knowledge);
        if (first.parts_missing) soften(diagnosis.findings);
        if (first.state == State::no_data)
            diagnosis.unknown.emplace_back(
                "whether the client wanted to say anything: who only checks that the server is "
                "there closes in the same way");
        if (first.state == State::unopened) diagnosis.unknown = {"whether anything listens there, seen from that host"};
    }
    diagnosis.verdict = first.ended;
    diagnosis.notes.insert(diagnosis.notes.end(), first.notes.begin(), first.notes.end());
    tell_alike(alike, diagnosis);
    name_the_end(diagnosis.ladder);
    return diagnosis;
}

bool is_to_be_diagnosed(const CaptureReading& reading, const TlsConnection& connection)
{
    switch (connection.state) {
    case State::refused:
    case State::unopened:
        return true;
    case State::failed:
    case State::no_data: // a client that judges the certificate after the handshake ends so, too: curl, many more
        return !client_just_left(*connection.wire, beside(reading, connection));
    case State::established:
    case State::unclear:
        return false;
    }
    return false;
}

std::size_t count_of(const CaptureReading& reading, State state)
{
    const auto there = reading.by_state.find(state);
    return there == reading.by_state.end() ? 0 : there->second;
}

Diagnosis of_the_whole(const CaptureReading& reading, std::string_view file)
{
    Diagnosis diagnosis;
    diagnosis.subject.text = file;
    const auto established = count_of(reading, State::established);
    const auto no_data = count_of(reading, State::no_data);
    if (reading.tls_connections == 0) {
        diagnosis.verdict = fmt::format("there is no TLS connection in {} packets with {} connections of TCP",
                                        reading.packets.packets, reading.connections.connections);
        diagnosis.unknown.emplace_back("the handshake: capture from before the client connects, with tcpdump -s 0 -w "
                                       "FILE 'tcp port 443' or the port that it is");
    } else if (established + no_data > 0) {
        diagnosis.state = DiagnosisState::healthy;
        diagnosis.verdict = fmt::format("{} of {} TLS connections were established, none failed", established + no_data,
                                        reading.tls_connections);
    } else {
        const auto& first = reading.failures.front().kept.front(); // whatever did not succeed is there
        diagnosis.verdict = fmt::format("of {} TLS connections none can be judged; the first: {}",
                                        reading.tls_connections, first.ended);
        if (first.wire) diagnosis.ladder = wire_steps(*first.wire);
        diagnosis.notes = first.notes;
        diagnosis.unknown.emplace_back(
            "the handshake: capture from before the client connects, on both directions' path");
    }
    return diagnosis;
}

} // namespace

std::vector<Diagnosis> capture_diagnoses(const CaptureReading& reading, std::string_view file,
                                         const Knowledge& knowledge)
{
    std::vector<Diagnosis> diagnoses;
    for (const auto& alike : reading.failures) {
        if (!is_to_be_diagnosed(reading, alike.kept.front())) continue; // it has its line
        auto diagnosis = diagnosis_of(reading, alike, file, knowledge);
        if (diagnosis.state != DiagnosisState::healthy) diagnoses.push_back(std::move(diagnosis));
    }
    if (diagnoses.empty()) diagnoses.push_back(of_the_whole(reading, file));
    return diagnoses;
}

} // namespace alert40
