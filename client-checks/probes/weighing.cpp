// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/weighing.h"

#include "client-checks/diagnosis/classes.h"

#include <algorithm>

namespace alert40 {
namespace {

bool names(const std::vector<Finding>& findings, std::string_view cause)
{
    return std::any_of(findings.begin(), findings.end(), [&](const Finding& each) { return each.cause == cause; });
}

/// What a server that is well has no part in: the client's clock, pins, CRLs and settings, the name that it does not
/// send; the node that answered that time; a session that it offered.
bool beyond_experiments(std::string_view cause)
{
    constexpr std::string_view kBeyond[] = {
        "client-clock-wrong", "certificate-pin-mismatch", "certificate-revoked", "client-misconfigured",
        "sni-missing",        "backend-differs",          "resumption-broken",   "client-certificate-key-mismatch"};
    return std::find(std::begin(kBeyond), std::end(kBeyond), cause) != std::end(kBeyond);
}

void append_missing(std::vector<Finding>& into, const std::vector<Finding>& more, Confidence at_best)
{
    for (auto finding : more) {
        if (names(into, finding.cause)) continue;
        finding.confidence = std::max(finding.confidence, at_best);
        into.push_back(std::move(finding));
    }
}

/// The server is well: what it could be guilty of is excluded, and moves to the end.
std::vector<Finding> of_the_client(const std::vector<Finding>& observed)
{
    std::vector<Finding> findings;
    for (const auto& each : observed)
        if (beyond_experiments(each.cause)) findings.push_back(each);
    append_missing(findings, observed, Confidence::possible);
    return findings;
}

/// The client's failure leads where no experiment can refute it: what it makes certain, and what it shows beyond them.
bool leads(const std::vector<Finding>& observed, const std::vector<Finding>& tried)
{
    const Finding& first = observed.front();
    if (first.confidence == Confidence::certain || first.cause == "backend-differs") return true;
    const bool agreed = std::any_of(tried.begin(), tried.end(), [&](const auto& each) {
        return each.confidence == Confidence::certain && names(observed, each.cause);
    });
    return beyond_experiments(first.cause) && !agreed;
}

} // namespace

void weigh(Diagnosis& live, const std::vector<Finding>& observed)
{
    if (observed.empty()) return;
    const bool well = live.findings.empty() && live.state == DiagnosisState::healthy;
    auto tried = std::move(live.findings);
    if (well) {
        live.findings = of_the_client(observed);
        live.notes.emplace_back(
            "here and now the same server is well: what failed lies with the client, or came and went");
    } else if (tried.empty() || leads(observed, tried)) {
        live.findings = observed;
        append_missing(live.findings, tried, Confidence::possible);
    } else {
        // Of what the experiments leave, the client's failure knows best which one it met.
        std::stable_partition(tried.begin(), tried.end(),
                              [&](const Finding& each) { return names(observed, each.cause); });
        live.findings = std::move(tried);
        append_missing(live.findings, observed, Confidence::possible);
    }
    live.state = DiagnosisState::cause_found;
}

bool inseparable_live(const std::vector<IndistinguishableClass>& classes, std::string_view one, std::string_view other)
{
    return std::any_of(classes.begin(), classes.end(), [&](const auto& each) {
        return each.evidence == "live" && has_cause(each, one) && has_cause(each, other);
    });
}

} // namespace alert40
