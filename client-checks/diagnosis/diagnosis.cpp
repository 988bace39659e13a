// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/diagnosis.h"

#include "client-checks/diagnosis/next_test.h"
#include "client-checks/diagnosis/reported.h"
#include "client-checks/diagnosis/wire_steps.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

void put(std::string& command, std::string_view name, std::string_view value)
{
    const std::string placeholder = fmt::format("{{{}}}", name);
    for (auto at = command.find(placeholder); at != std::string::npos;
         at = command.find(placeholder, at + value.size()))
        command.replace(at, placeholder.size(), value);
}

/// What is not known of the subject stands there as what has to be put in its place.
std::string with_values(std::string command, const Subject& subject)
{
    constexpr std::pair<std::string_view, std::string_view> kToBeFilled[] = {{"host", "HOST"},
                                                                             {"port", "PORT"},
                                                                             {"server_name", "NAME"},
                                                                             {"ca", "ROOTS.pem"},
                                                                             {"client_cert", "CERT.pem"},
                                                                             {"client_key", "KEY.pem"}};
    for (const auto& [name, value] : subject.values) put(command, name, value);
    for (const auto& [name, value] : kToBeFilled) put(command, name, value);
    return command;
}

/// Pages try certificates with TLS 1.2, which shows them. Where TLS 1.3 was negotiated a server need not have TLS 1.2.
std::string at_negotiated_version(std::string command, const Evidence& evidence)
{
    constexpr std::string_view kHeld = " -tls1_2";
    if (!evidence.is_tls13() || command.find(" -cipher ") != std::string::npos) return command;
    for (auto at = command.find(kHeld); at != std::string::npos; at = command.find(kHeld, at))
        command.erase(at, kHeld.size());
    return command;
}

std::vector<std::string> missing(const Evidence& evidence)
{
    std::vector<std::string> sentences;
    if (!evidence.has_wire()) sentences.emplace_back("what went over the wire: a capture tells who ended it, and when");
    if (evidence.says.empty()) sentences.emplace_back("what the client said");
    if (!evidence.has_wire()) return sentences;
    if (evidence.client_hello() == nullptr) sentences.emplace_back("the ClientHello: what was offered");
    if (!evidence.ended_before_server_hello() && evidence.server_chain.empty())
        sentences.emplace_back(evidence.is_tls13() ? "the server's certificate: TLS 1.3 encrypts it; a key log shows it"
                                                   : "the server's certificate");
    return sentences;
}

std::string verdict_of(const Evidence& evidence)
{
    if (evidence.outcome) return describe(*evidence.outcome);
    if (!evidence.reported.empty()) return describe_reported(evidence.reported);
    if (evidence.has_text()) return "the client's words mean " + describe(evidence.symptoms);
    return "there is no evidence of a TLS handshake";
}

} // namespace

Knowledge load_knowledge(const std::filesystem::path& data)
{
    Knowledge knowledge;
    knowledge.causes = load_causes(data);
    knowledge.classes = load_indistinguishable(data, knowledge.causes);
    return knowledge;
}

std::string_view name(DiagnosisState state)
{
    switch (state) {
    case DiagnosisState::healthy:
        return "healthy";
    case DiagnosisState::cause_found:
        return "cause-found";
    case DiagnosisState::undetermined:
        return "undetermined";
    }
    return "";
}

void complete(Diagnosis& diagnosis, const Knowledge& knowledge, bool has_wire, bool has_text)
{
    const auto& findings = diagnosis.findings;
    diagnosis.first_class = first_class(findings, knowledge.classes, has_wire, has_text);
    diagnosis.next_test =
        with_values(next_test(findings, knowledge.classes, knowledge.causes, has_wire, has_text), diagnosis.subject);
    diagnosis.fix.clear();
    if (findings.empty()) return;
    const auto page = knowledge.causes.find(findings.front().cause);
    if (page == knowledge.causes.end()) return;
    diagnosis.fix = page->second.fix;
    std::stable_partition(diagnosis.fix.begin(), diagnosis.fix.end(),
                          [&](const auto& each) { return each.first == diagnosis.subject.server_software; });
}

Diagnosis conclude(const Evidence& evidence, Subject subject, const Knowledge& knowledge)
{
    Diagnosis diagnosis;
    diagnosis.subject = std::move(subject);
    diagnosis.verdict = verdict_of(evidence);
    diagnosis.findings = diagnose(evidence);
    if (!diagnosis.findings.empty())
        diagnosis.state = DiagnosisState::cause_found;
    else if (succeeded(evidence))
        diagnosis.state = DiagnosisState::healthy;
    if (diagnosis.state != DiagnosisState::healthy) diagnosis.unknown = missing(evidence);
    if (!evidence.says.empty()) diagnosis.says.push_back(evidence.says);
    if (evidence.has_wire()) diagnosis.ladder = wire_steps(*evidence.wire);
    complete(diagnosis, knowledge, evidence.has_wire(), evidence.has_text());
    diagnosis.next_test = at_negotiated_version(std::move(diagnosis.next_test), evidence);
    return diagnosis;
}

int exit_status(const std::vector<Diagnosis>& diagnoses)
{
    const auto is = [&](DiagnosisState state) {
        return [state](const Diagnosis& each) { return each.state == state; };
    };
    if (std::any_of(diagnoses.begin(), diagnoses.end(), is(DiagnosisState::cause_found))) return 1;
    constexpr int kUndetermined = 4;
    const bool healthy =
        !diagnoses.empty() && std::all_of(diagnoses.begin(), diagnoses.end(), is(DiagnosisState::healthy));
    return healthy ? 0 : kUndetermined;
}

} // namespace alert40
