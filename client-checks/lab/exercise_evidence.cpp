// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/exercise_evidence.h"

#include "certs/algorithms.h"
#include "client-checks/diagnosis/wire_steps.h"
#include "client-checks/diagnosis/words.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace alert40 {
namespace {

constexpr std::array<EvidenceOffer, 10> kEvidence = {{
    {EvidenceKind::customer_account, "customer-account", "What the customer says when asked what was changed", 3},
    {EvidenceKind::repeat, "repeat", "The same client four more times", 4, true},
    {EvidenceKind::client_hello, "client-hello", "The ClientHello, decoded", 5, false, true},
    {EvidenceKind::server_flight, "server-flight", "What the server sent, decoded", 5, false, true},
    {EvidenceKind::chain, "chain", "The server's certificates", 6, false, true},
    {EvidenceKind::other_client, "other-client", "What another client says", 6, true},
    {EvidenceKind::capture, "capture", "A capture at the client, without keys", 8, false, true},
    {EvidenceKind::ladder, "ladder", "The whole ladder, decrypted", 12, false, true},
    {EvidenceKind::server_configuration, "server-configuration", "The server's TLS settings, read out by its operator",
     20, false, false, true},
    {EvidenceKind::diagnosis, "diagnosis", "The diagnosis with its ranked causes", 25, false, true},
}};

template <class Values> std::string names_of(const Values& values)
{
    std::vector<std::string> names;
    for (const auto& value : values) names.push_back(name(value));
    return names.empty() ? "(none)" : fmt::format("{}", fmt::join(names, ", "));
}

std::string versions_text(const std::vector<ProtocolVersion>& versions)
{
    std::vector<std::string> names;
    for (const auto version : versions) names.push_back(display_name(version));
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string extensions_text(const std::vector<Extension>& extensions)
{
    std::vector<std::string> names;
    for (const auto& each : extensions) names.push_back(name(each.type));
    return names.empty() ? "(none)" : fmt::format("{}", fmt::join(names, ", "));
}

bool failed(const Transcript& transcript)
{
    return !std::holds_alternative<Completed>(outcome_of(transcript).how);
}

} // namespace

std::span<const EvidenceOffer> all_evidence()
{
    return kEvidence;
}

const EvidenceOffer* find_evidence(std::string_view name)
{
    const auto found = std::ranges::find(kEvidence, name, &EvidenceOffer::name);
    return found == kEvidence.end() ? nullptr : &*found;
}

const EvidenceOffer& offer_of(EvidenceKind kind)
{
    return *std::ranges::find(kEvidence, kind, &EvidenceOffer::kind);
}

const RoomConnection* failing_connection(const RoomRun& run)
{
    const RoomConnection* found = nullptr;
    for (const auto& each : run.connections) {
        if (each.transcript->client_hello && failed(*each.transcript)) return &each;
        if (each.transcript->client_hello || found == nullptr || !found->transcript->client_hello) found = &each;
    }
    return found;
}

Evidence evidence_of(const RoomRun& run, bool wire)
{
    const auto* connection = wire ? failing_connection(run) : nullptr;
    auto evidence = gather_evidence(connection == nullptr ? nullptr : connection->transcript.get(), run.symptoms,
                                    run.client.library, run.says);
    for (const auto& each : run.connections)
        if (connection != nullptr && &each != connection) evidence.beside.push_back(each.transcript.get());
    return evidence;
}

std::string client_hello_text(const Transcript& transcript)
{
    if (!transcript.client_hello) return "No ClientHello came.\n";
    const ClientHello& hello = *transcript.client_hello;
    std::string text = fmt::format("versions           {}\n", versions_text(hello.offered_versions()));
    text += fmt::format("record's version   {}\n", display_name(transcript.client_hello_record_version));
    text += fmt::format("cipher suites      {}\n", names_of(hello.cipher_suites));
    text += fmt::format("groups             {}\n", names_of(hello.groups()));
    text += fmt::format("key shares         {}\n", names_of(hello.key_share_groups()));
    text += fmt::format("signature schemes  {}\n", names_of(hello.signature_schemes()));
    text += fmt::format("server name        {}\n", hello.server_name().value_or("(none)"));
    text += fmt::format("ALPN               {}\n", hello.alpn_protocols().empty()
                                                       ? "(none)"
                                                       : fmt::format("{}", fmt::join(hello.alpn_protocols(), ", ")));
    text += fmt::format("session            {}\n", hello.has_pre_shared_key()   ? "pre_shared_key"
                                                   : hello.has_session_ticket() ? "session_ticket"
                                                                                : "(none offered)");
    text += fmt::format("extensions         {}\n", extensions_text(hello.extensions));
    return text + fmt::format("length             {} octets\n", compose_client_hello(hello).size());
}

std::string server_flight_text(const Transcript& transcript)
{
    std::string text;
    if (transcript.hello_retry_request) text += "HelloRetryRequest\n";
    if (!transcript.server_hello) {
        text += "No ServerHello came.\n";
    } else {
        const ServerHello& hello = *transcript.server_hello;
        text += fmt::format("ServerHello        {}, {}\n", display_name(hello.selected_version()),
                            name(hello.cipher_suite));
        text += fmt::format("extensions         {}\n", extensions_text(hello.extensions));
    }
    if (transcript.group) text += fmt::format("group              {}\n", name(*transcript.group));
    if (transcript.dh_bits > 0) text += fmt::format("DHE parameters     {} bits\n", transcript.dh_bits);
    if (transcript.server_signature) text += fmt::format("signature          {}\n", name(*transcript.server_signature));
    if (transcript.server_certificate_seen)
        text += fmt::format("Certificate        {} certificates\n", transcript.server_chain.size());
    if (transcript.certificate_request)
        text += fmt::format("CertificateRequest {} names of CAs\n", transcript.certificate_request->authorities.size());
    if (transcript.client_certificate_seen)
        text += fmt::format("the client's       {} certificates\n", transcript.client_chain.size());
    return text + fmt::format("end                {}\n", describe(outcome_of(transcript)));
}

namespace {

std::string key_text(const Certificate& certificate)
{
    const std::string_view kind = certificate.public_key_algorithm == oid::kRsaEncryption ? "RSA"
                                  : certificate.public_key_algorithm == oid::kEcPublicKey
                                      ? "EC"
                                      : certificate.public_key_algorithm;
    return certificate.public_key_bits == 0 ? std::string(kind)
                                            : fmt::format("{}, {} bits", kind, certificate.public_key_bits);
}

std::string certificate_text(ByteView der, std::size_t number)
{
    std::string text = fmt::format("{}. {} octets\n", number, der.size());
    try {
        const Certificate certificate = parse_certificate(der);
        text +=
            fmt::format("   subject      {}\n   issuer       {}\n", certificate.subject.text, certificate.issuer.text);
        text += fmt::format("   valid        {} to {}\n", utc(certificate.not_before), utc(certificate.not_after));
        text += fmt::format("   key          {}\n   signature    {}\n", key_text(certificate),
                            certificate.signature_algorithm);
        if (!certificate.dns_names.empty())
            text += fmt::format(
                "   names        {}\n",
                fmt::join(certificate.dns_names.begin(),
                          certificate.dns_names.begin() +
                              static_cast<std::ptrdiff_t>(std::min<std::size_t>(certificate.dns_names.size(), 10)),
                          ", "));
        if (certificate.basic_constraints)
            text += fmt::format("   a CA         {}\n", certificate.basic_constraints->is_ca ? "yes" : "no");
        if (!certificate.extended_key_usage.empty())
            text += fmt::format("   usage        {}\n", fmt::join(certificate.extended_key_usage, ", "));
    } catch (const CertificateError& error) {
        text += fmt::format("   cannot be read: {}\n", error.what());
    }
    return text;
}

} // namespace

std::string chain_text(const Transcript& transcript)
{
    if (transcript.server_chain.empty()) return "No certificate of the server was sent.\n";
    std::string text = fmt::format("as of {}\n", utc(transcript.started));
    std::size_t number = 0;
    for (const auto& der : transcript.server_chain) text += certificate_text(der, ++number);
    return text;
}

std::string ladder_text(const RoomRun& run)
{
    if (run.connections.empty()) return "No connection reached the server.\n";
    std::string text;
    std::size_t number = 0;
    for (const auto& each : run.connections) {
        if (run.connections.size() > 1) text += fmt::format("connection {}\n", ++number);
        for (const auto& line : wire_steps(*each.transcript)) text += line + "\n";
        text += describe(outcome_of(*each.transcript)) + "\n";
    }
    return text;
}

std::string runs_text(std::span<const RoomRun> runs)
{
    std::string text;
    std::size_t number = 0;
    for (const auto& run : runs) {
        const std::string says = !run.why_not.empty() ? "(" + run.why_not + ")"
                                 : run.says.empty()   ? "connected"
                                                      : run.says;
        text += fmt::format("#{}  {}\n", ++number, says);
    }
    return text;
}

std::string diagnosis_text(const Diagnosis& diagnosis, const Knowledge& knowledge)
{
    std::string text = diagnosis.verdict + "\n";
    for (const auto& finding : diagnosis.findings) {
        const auto page = knowledge.causes.find(finding.cause);
        text += fmt::format("\n{} ({}): {}\n", finding.cause, name(finding.confidence),
                            page == knowledge.causes.end() ? "" : page->second.title);
        for (const auto& reason : finding.because) text += "   " + reason + "\n";
    }
    if (!diagnosis.next_test.empty()) text += "\nThe test that decides:\n   " + diagnosis.next_test + "\n";
    return text;
}

} // namespace alert40
