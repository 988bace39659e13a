// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/finding.h"

#include "client-checks/diagnosis/client_certificate.h"
#include "client-checks/diagnosis/exclusions.h"
#include "client-checks/diagnosis/hidden_flight.h"
#include "client-checks/diagnosis/ranking.h"
#include "client-checks/diagnosis/reported.h"
#include "client-checks/diagnosis/sound_end.h"
#include "client-checks/diagnosis/text_rank.h"

#include <algorithm>

namespace alert40 {
namespace {

bool is_failure(const Symptom& symptom)
{
    const auto kind = symptom.kind();
    if (kind == "http-status") return symptom.reason().front() >= '4';
    return kind == "verify" || kind == "local" || kind == "alert-received";
}

} // namespace

std::string_view name(Confidence confidence)
{
    switch (confidence) {
    case Confidence::certain:
        return "certain";
    case Confidence::likely:
        return "likely";
    case Confidence::possible:
        return "possible";
    }
    return "";
}

// A handshake that completed is no failure, unless the client says so: a name checked afterwards, an HTTP 400.
bool succeeded(const Evidence& evidence)
{
    const bool without_alert = evidence.has_wire() && !evidence.alert;
    const bool sound =
        evidence.ended<Completed>() || evidence.means_only("connected") ||
        (without_alert && (looks_completed(*evidence.wire) || client_just_left(*evidence.wire, evidence.beside)));
    if (may_be_refused_by_page(evidence)) return false;
    return sound && evidence.reported.empty() &&
           std::none_of(evidence.symptoms.begin(), evidence.symptoms.end(), is_failure);
}

namespace {

/// Another's words are put to what the rules found: the surer of two about one cause stays.
void add_reported(std::vector<Finding>& findings, const Evidence& evidence)
{
    for (auto& reported : reported_findings(evidence)) {
        const auto known =
            std::ranges::find_if(findings, [&](const auto& each) { return each.cause == reported.cause; });
        if (known == findings.end())
            findings.push_back(std::move(reported));
        else if (reported.confidence < known->confidence)
            *known = std::move(reported);
    }
}

} // namespace

std::vector<Finding> diagnose(const Evidence& evidence)
{
    std::vector<Finding> findings;
    if (succeeded(evidence)) return findings;
    for (const auto& entry : all_rules())
        if (auto finding = entry.rule(evidence)) findings.push_back(*std::move(finding));
    add_reported(findings, evidence);
    const auto differs = [](const Finding& finding) {
        return finding.cause == "backend-differs" && finding.confidence != Confidence::possible;
    };
    if (std::ranges::any_of(findings, differs))
        for (auto& finding : findings) // what the one back end does is not the whole of it
            if (finding.cause != "backend-differs")
                finding.confidence = std::max(finding.confidence, Confidence::likely);
    std::stable_sort(findings.begin(), findings.end(),
                     [](const auto& a, const auto& b) { return a.confidence < b.confidence; });
    rank_by_wire(findings, evidence);
    if (!evidence.has_wire()) rank_by_text(findings, evidence);
    add_exclusions(findings, evidence);
    return findings;
}

} // namespace alert40
