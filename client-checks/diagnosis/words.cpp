// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/words.h"

#include "client-checks/diagnosis/reported.h"

#include <fmt/chrono.h>

#include <algorithm>

namespace alert40 {
namespace {

bool is_mute(const Symptom& symptom)
{
    static constexpr std::string_view kMute[] = {
        "closed", "reset", "timeout", "silent", "connected", "alert-received:unspecified", "verify:unspecified"};
    return std::find(std::begin(kMute), std::end(kMute), symptom.text()) != std::end(kMute);
}

std::string_view when(Phase phase)
{
    switch (phase) {
    case Phase::before_client_hello:
        return "before a ClientHello";
    case Phase::before_server_hello:
        return "before the ServerHello";
    case Phase::after_server_hello:
        return "after the ServerHello";
    case Phase::after_server_flight:
        return "after the server's flight";
    case Phase::after_client_finished:
        return "after the client's Finished";
    case Phase::after_application_data:
        return "after application data";
    }
    return "";
}

std::string what(const Outcome& outcome)
{
    struct What {
        std::string operator()(const Completed&) const { return "the handshake completed"; }
        std::string operator()(const AlertSent& sent) const
        {
            return "the server sent " + display_name(sent.alert.description);
        }
        std::string operator()(const AlertReceived& received) const
        {
            return "the client sent " + display_name(received.alert.description);
        }
        std::string operator()(const PeerClosed&) const { return "the client closed the connection"; }
        std::string operator()(const PeerReset&) const { return "the client reset the connection"; }
        std::string operator()(const WeClosed&) const { return "the server's side closed the connection"; }
        std::string operator()(const WeReset&) const { return "the server's side reset the connection"; }
        std::string operator()(const Expired&) const { return "nothing more came"; }
    };
    return std::visit(What{}, outcome.how);
}

} // namespace

Words words(const Evidence& evidence, std::initializer_list<std::string_view> meanings)
{
    std::size_t meant = 0;
    for (const auto& symptom : evidence.symptoms)
        meant += std::find(meanings.begin(), meanings.end(), symptom.text()) != meanings.end() ? 1 : 0;
    if (meant > 0) return meant == evidence.symptoms.size() ? Words::exact : Words::among;
    const bool mute = std::all_of(evidence.symptoms.begin(), evidence.symptoms.end(), is_mute);
    return mute ? Words::silent : Words::otherwise;
}

bool says_closed(const Evidence& evidence)
{
    return evidence.can_mean("closed") && words(evidence, {"closed", "reset"}) == Words::exact;
}

bool server_refused(const Evidence& evidence, AlertDescription description)
{
    if (evidence.alert) return evidence.server_sent(description);
    return evidence.can_mean(Symptom::received(description).text());
}

bool server_refused(const Evidence& evidence, std::initializer_list<AlertDescription> descriptions)
{
    return std::any_of(descriptions.begin(), descriptions.end(),
                       [&](auto description) { return server_refused(evidence, description); });
}

bool hello_refused(const Evidence& evidence, std::initializer_list<AlertDescription> descriptions)
{
    const bool early = evidence.ended_before_server_hello() || (!evidence.has_wire() && !evidence.account.phase);
    return early && server_refused(evidence, descriptions);
}

bool hello_closed(const Evidence& evidence)
{
    if (!evidence.ended<WeClosed>() || evidence.outcome->phase != Phase::before_server_hello) return false;
    const auto spoke = [](const auto& event) { return std::holds_alternative<OtherBytes>(event); };
    return evidence.client_hello() != nullptr && std::ranges::none_of(evidence.wire->events, spoke);
}

bool warned(const Evidence& evidence, AlertDescription description)
{
    if (!evidence.has_wire()) return false;
    const auto is_it = [&](const TranscriptEvent& event) {
        const auto* record = std::get_if<RecordEvent>(&event);
        return record != nullptr && record->direction == Direction::server_to_client &&
               record->alert == Alert{AlertLevel::warning, description};
    };
    return std::any_of(evidence.wire->events.begin(), evidence.wire->events.end(), is_it);
}

Confidence unless_vague(const Evidence& evidence, Confidence sure)
{
    return !evidence.alert && evidence.symptoms.size() > 1 ? Confidence::possible : sure;
}

std::vector<std::string> facts(const Evidence& evidence)
{
    std::vector<std::string> sentences;
    if (evidence.outcome)
        sentences.push_back(fmt::format("{} {}", what(*evidence.outcome), when(evidence.outcome->phase)));
    if (evidence.symptoms.size() == 1)
        sentences.push_back("the client's text means " + describe(evidence.symptoms));
    else if (!evidence.symptoms.empty())
        sentences.push_back("the client's text can mean " + describe(evidence.symptoms));
    if (!evidence.reported.empty()) sentences.push_back(describe_reported(evidence.reported));
    if (!evidence.has_wire() && evidence.account.phase)
        sentences.push_back(fmt::format("by the client's own account it ended {}", when(*evidence.account.phase)));
    return sentences;
}

Finding found(std::string cause, Confidence confidence, const Evidence& evidence,
              std::initializer_list<std::string> more)
{
    Finding finding{std::move(cause), confidence, facts(evidence)};
    for (const auto& sentence : more)
        if (!sentence.empty()) finding.because.push_back(sentence);
    return finding;
}

std::string utc(std::chrono::system_clock::time_point time)
{
    return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

} // namespace alert40
