// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/evidence.h"

namespace alert40 {
namespace {

std::vector<Certificate> read_chain(const std::vector<Bytes>& chain)
{
    std::vector<Certificate> certificates;
    for (const auto& der : chain) {
        try {
            certificates.push_back(parse_certificate(der));
        } catch (const CertificateError&) {
            break; // what cannot be read is not evidence; what stands before it is
        }
    }
    return certificates;
}

std::vector<std::size_t> octets(const std::vector<Bytes>& chain)
{
    std::vector<std::size_t> sizes;
    for (const auto& der : chain) sizes.push_back(der.size());
    return sizes;
}

void read_alert(Evidence& evidence, const Transcript& wire)
{
    const TranscriptEvent* event = deciding_event(wire);
    const auto* record = event != nullptr ? std::get_if<RecordEvent>(event) : nullptr;
    if (record == nullptr || std::holds_alternative<Completed>(evidence.outcome->how)) return;
    if (record->alert->description == AlertDescription::close_notify) return; // a close, not a complaint
    evidence.alert = record->alert;
    evidence.alert_from = record->direction;
}

bool is_reported(const Symptom& symptom)
{
    const auto kind = symptom.kind();
    return kind == "server" || kind == "alert-sent";
}

/// The wire's alert is known already, and read there.
void take_symptoms(Evidence& evidence, const SymptomSet& symptoms)
{
    for (const auto& symptom : symptoms) {
        if (symptom.text() == "unspecified") continue; // no evidence of anything but the failure
        (is_reported(symptom) ? evidence.reported : evidence.symptoms).push_back(symptom);
    }
}

} // namespace

Evidence gather_evidence(const Transcript* wire, const SymptomSet& symptoms, std::string library, std::string says)
{
    Evidence evidence;
    evidence.wire = wire;
    take_symptoms(evidence, symptoms);
    evidence.library = std::move(library);
    evidence.says = std::move(says);
    if (wire == nullptr) return evidence;
    evidence.outcome = outcome_of(*wire);
    if (wire->started != std::chrono::system_clock::time_point{}) evidence.captured_at = wire->started;
    evidence.server_chain = read_chain(wire->server_chain);
    evidence.client_chain = read_chain(wire->client_chain);
    evidence.server_certificate_octets = octets(wire->server_chain);
    evidence.client_certificate_octets = octets(wire->client_chain);
    read_alert(evidence, *wire);
    return evidence;
}

const ClientHello* Evidence::client_hello() const
{
    return wire != nullptr && wire->client_hello ? &*wire->client_hello : nullptr;
}

bool Evidence::server_sent(AlertDescription description) const
{
    return alert && alert_from == Direction::server_to_client && alert->description == description;
}

bool Evidence::client_sent(AlertDescription description) const
{
    return alert && alert_from == Direction::client_to_server && alert->description == description;
}

bool Evidence::can_mean(std::string_view symptom) const
{
    for (const auto& each : symptoms)
        if (each.text() == symptom) return true;
    return false;
}

bool Evidence::means_only(std::string_view symptom) const
{
    return symptoms.size() == 1 && symptoms.front().text() == symptom;
}

bool Evidence::refused_before_server_hello(AlertDescription description) const
{
    return server_sent(description) && ended_before_server_hello();
}

bool Evidence::ended_before_server_hello() const
{
    if (outcome) return outcome->phase <= Phase::before_server_hello;
    return account.phase && *account.phase <= Phase::before_server_hello;
}

bool Evidence::is_tls13() const
{
    return outcome && outcome->version == ProtocolVersion::tls13;
}

} // namespace alert40
