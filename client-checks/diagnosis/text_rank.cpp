// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/text_rank.h"

#include "client-checks/diagnosis/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace alert40 {
namespace {

using Scores = std::map<std::string, double, std::less<>>; // by cause

struct Share {
    std::string_view cause;
    double runs;
};

struct Frequency {
    std::string_view symptom;
    std::vector<Share> shares;
};

// How many of 8,286 recorded runs of 50 clients and 30 servers gave the alert, or the end, for each cause
// (research/FINDINGS.md, 2a, 2b and 2e).
const std::vector<Frequency>& alert_frequencies()
{
    static const std::vector<Frequency> all = {
        {"alert-received:handshake_failure",
         {{"cipher-mismatch", 559},
          {"group-mismatch", 295},
          {"signature-scheme-mismatch", 282},
          {"server-certificate-missing", 126},
          {"client-certificate-required", 108},
          {"middlebox-injected-alert", 83},
          {"version-mismatch", 46},
          {"certificate-weak-key", 27},
          {"client-certificate-untrusted", 18},
          {"server-key-mismatch", 10}}},
        {"alert-received:protocol_version", {{"version-mismatch", 474}, {"server-certificate-missing", 5}}},
        {"alert-received:unrecognized_name",
         {{"sni-unknown-name", 259}, {"sni-missing", 129}, {"server-certificate-missing", 39}, {"wrong-server", 20}}},
        {"alert-received:bad_certificate",
         {{"client-certificate-required", 116},
          {"client-certificate-untrusted", 52},
          {"client-certificate-expired", 47}}},
        {"alert-received:certificate_expired", {{"client-certificate-expired", 143}}},
        {"alert-received:certificate_unknown",
         {{"client-certificate-expired", 14},
          {"client-certificate-untrusted", 12},
          {"client-certificate-required", 4}}},
        {"alert-received:certificate_required",
         {{"client-certificate-required", 94}, {"client-certificate-untrusted", 13}}},
        {"alert-received:unknown_ca", {{"client-certificate-untrusted", 118}}},
        {"alert-received:access_denied", {{"client-certificate-expired", 31}, {"client-certificate-untrusted", 26}}},
        {"alert-received:decode_error",
         {{"client-certificate-required", 9}, {"not-tls", 6}, {"client-certificate-untrusted", 2}}},
        {"alert-received:internal_error",
         {{"sni-missing", 43},
          {"sni-unknown-name", 22},
          {"certificate-weak-key", 18},
          {"signature-scheme-mismatch", 10},
          {"certificate-weak-signature", 6}}},
        {"alert-received:unexpected_message", {{"not-tls", 18}, {"group-mismatch", 9}}},
        {"alert-received:insufficient_security",
         {{"cipher-mismatch", 18}, {"signature-scheme-mismatch", 18}, {"group-mismatch", 6}}},
        {"alert-received:no_application_protocol", {{"alpn-mismatch", 168}}},
        {"alert-received:inappropriate_fallback", {{"inappropriate-fallback", 24}}},
        {"alert-received:unspecified", // all of the above
         {{"cipher-mismatch", 577},
          {"version-mismatch", 520},
          {"client-certificate-required", 327},
          {"group-mismatch", 310},
          {"signature-scheme-mismatch", 310},
          {"sni-unknown-name", 281},
          {"client-certificate-expired", 235},
          {"client-certificate-untrusted", 229},
          {"sni-missing", 172},
          {"alpn-mismatch", 168},
          {"server-certificate-missing", 165}}},
        {"http-status:400",
         {{"client-certificate-required", 54},
          {"client-certificate-untrusted", 20},
          {"client-certificate-expired", 11},
          {"not-tls", 10}}},
        {"http-status:403",
         {{"client-certificate-required", 5}, {"sni-missing", 4}, {"client-certificate-untrusted", 3}}},
        {"http-status:421", {{"sni-missing", 3}, {"sni-unknown-name", 2}, {"wrong-server", 1}}},
        {"not-tls", {{"not-tls", 116}, {"middlebox-injected-alert", 33}, {"starttls-expected", 30}}},
        {"timeout",
         {{"middlebox-drop", 65}, {"not-tls", 12}, {"starttls-expected", 6}, {"large-client-hello-intolerance", 5}}},
    };
    return all;
}

// What a client says of the chain by itself. The runs were chosen, so that their number tells less than it does of
// alerts: how the causes of one text stand to one another is what counts.
const std::vector<Frequency>& verification_frequencies()
{
    static const std::vector<Frequency> all = {
        {"verify:unknown-ca",
         {{"certificate-untrusted-root", 170},
          {"tls-inspection", 134},
          {"certificate-chain-incomplete", 100},
          {"certificate-self-signed", 60}}},
        {"verify:incomplete-chain", {{"certificate-chain-incomplete", 60}}},
        {"verify:self-signed", {{"certificate-self-signed", 170}, {"certificate-untrusted-root", 30}}},
        {"verify:unspecified",
         {{"certificate-untrusted-root", 40},
          {"certificate-self-signed", 35},
          {"certificate-expired", 34},
          {"certificate-chain-incomplete", 33},
          {"certificate-weak-signature", 32},
          {"certificate-not-yet-valid", 31},
          {"tls-inspection", 30},
          {"certificate-wrong-name", 29},
          {"certificate-wrong-usage", 28},
          {"certificate-weak-key", 27}}},
        {"verify:expired", {{"certificate-expired", 170}, {"intermediate-expired", 134}, {"client-clock-wrong", 50}}},
        {"verify:not-yet-valid", {{"certificate-not-yet-valid", 134}, {"client-clock-wrong", 26}}},
        {"verify:name-mismatch",
         {{"certificate-wrong-name", 239}, {"sni-unknown-name", 66}, {"wrong-server", 50}, {"sni-missing", 9}}},
        {"verify:wrong-usage", {{"certificate-wrong-usage", 122}}},
        {"verify:weak-signature", {{"certificate-weak-signature", 150}}},
        {"verify:weak-key", {{"certificate-weak-key", 119}}},
        {"verify:bad-signature",
         {{"server-key-mismatch", 142}, {"record-tampering", 20}, {"certificate-malformed", 10}}},
        {"verify:malformed", {{"certificate-malformed", 20}, {"server-certificate-corrupt", 10}}},
        {"verify:constraint", {{"certificate-constraint", 20}}},
        {"verify:revoked", {{"certificate-revoked", 30}}},
        {"local:version", {{"version-mismatch", 75}}},
        {"local:cipher", {{"cipher-mismatch", 5}}},
        {"local:downgrade", {{"downgrade-tampering", 45}}},
    };
    return all;
}

// A connection that ended without an alert: in the handshake, or behind it, as the client sees it. Behind it, it is
// a client certificate, which TLS 1.3 servers judge when the client takes the handshake for done.
const std::vector<Frequency>& end_frequencies()
{
    static const std::vector<Frequency> all = {
        {"closed early",
         {{"middlebox-close", 50},
          {"sni-unknown-name", 44},
          {"not-tls", 26},
          {"server-certificate-corrupt", 25},
          {"version-mismatch", 18},
          {"signature-scheme-mismatch", 18},
          {"server-certificate-missing", 9}}},
        {"closed late",
         {{"client-certificate-required", 25},
          {"client-certificate-expired", 22},
          {"client-certificate-untrusted", 18},
          {"middlebox-close", 10},
          {"alpn-mismatch", 4}}},
        {"reset early",
         {{"middlebox-reset", 83},
          {"server-certificate-corrupt", 14},
          {"not-tls", 11},
          {"large-client-hello-intolerance", 5}}},
        {"reset late",
         {{"client-certificate-required", 5},
          {"client-certificate-expired", 5},
          {"client-certificate-untrusted", 5},
          {"middlebox-reset", 5}}},
    };
    return all;
}

const Frequency* find_symptom(const std::vector<Frequency>& all, std::string_view symptom)
{
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Frequency& each) { return each.symptom == symptom; });
    return found == all.end() ? nullptr : &*found;
}

/// "closed" as "closed early", "closed late", or both where it is not told.
std::vector<const Frequency*> frequencies_of(const Symptom& symptom, const Account& account)
{
    const bool is_end = symptom.text() == "closed" || symptom.text() == "reset";
    std::vector<const Frequency*> found;
    if (!is_end) {
        found = {find_symptom(alert_frequencies(), symptom.text()),
                 find_symptom(verification_frequencies(), symptom.text())};
    } else {
        const bool asked =
            account.asked_for_certificate || (account.phase && *account.phase >= Phase::after_client_finished);
        const bool late = asked || account.in_handshake == false;
        const bool early = !asked && (account.in_handshake == true || account.phase);
        if (!late) found.push_back(find_symptom(end_frequencies(), symptom.text() + " early"));
        if (!early) found.push_back(find_symptom(end_frequencies(), symptom.text() + " late"));
    }
    std::erase(found, nullptr);
    return found;
}

/// What the client's account rules out.
bool is_excluded(std::string_view cause, const Evidence& evidence)
{
    const auto& account = evidence.account;
    const bool early = account.phase && *account.phase <= Phase::before_server_hello;
    const bool answered = account.phase && *account.phase > Phase::before_server_hello;
    const bool about_client_certificate = cause.starts_with("client-certificate-");
    constexpr std::string_view kOffers[] = {"cipher-mismatch",           "group-mismatch",
                                            "signature-scheme-mismatch", "server-certificate-missing",
                                            "version-mismatch",          "certificate-weak-key"};
    const bool about_offer = std::find(std::begin(kOffers), std::end(kOffers), cause) != std::end(kOffers);
    const bool alert = std::any_of(evidence.symptoms.begin(), evidence.symptoms.end(),
                                   [](const Symptom& each) { return each.kind() == "alert-received"; });
    if (early && about_client_certificate && !account.asked_for_certificate) return true;
    return answered && about_offer && alert;
}

Scores scores_of(const Evidence& evidence)
{
    Scores scores;
    // A text that means an unknown issuer as well is seldom about a date: Java's path builder.
    const bool issuer_too = evidence.can_mean("verify:unknown-ca");
    for (const auto& symptom : evidence.symptoms) {
        const bool date = symptom.text() == "verify:expired" || symptom.text() == "verify:not-yet-valid";
        // Nor does one that means each way of not being trusted tell of a self-signed certificate what a text for that
        // alone does: NSS, Go, rustls and Java have one for all.
        const bool untrusted = symptom.text() == "verify:self-signed" || symptom.text() == "verify:incomplete-chain";
        const double part = !issuer_too ? 1 : date ? 0.5 : untrusted ? 0.3 : 1;
        for (const auto* frequency : frequencies_of(symptom, evidence.account))
            for (const auto& share : frequency->shares)
                if (!is_excluded(share.cause, evidence)) scores[std::string(share.cause)] += part * share.runs;
    }
    return scores;
}

/// What the client's account says of causes that its error leaves open.
struct Verdicts {
    std::map<std::string_view, std::string> points_to; // cause -> why
    std::map<std::string_view, std::string> rules_out;
};

void judge_chain(const std::vector<ListedCertificate>& chain, Verdicts& verdicts)
{
    if (chain.empty() || chain.back().issuer.empty()) return;
    const bool self_signed = chain.front().subject == chain.front().issuer;
    const bool ends_in_root = chain.back().subject == chain.back().issuer;
    const std::string last = "the last certificate sent is issued by " + chain.back().issuer;
    if (self_signed)
        verdicts.points_to["certificate-self-signed"] =
            "the server's certificate names itself as its issuer, " + chain.front().subject;
    else if (chain.size() == 1)
        verdicts.points_to["certificate-chain-incomplete"] = "the server sent its own certificate alone; " + last;
    else
        verdicts.points_to["certificate-untrusted-root"] = verdicts.points_to["tls-inspection"] = last;
    if (!self_signed)
        verdicts.rules_out["certificate-self-signed"] =
            "the server's certificate is issued by another, " + chain.front().issuer;
    if (self_signed || ends_in_root) verdicts.rules_out["certificate-chain-incomplete"] = "the chain ends in its root";
}

Verdicts verdicts_of(const Account& account)
{
    Verdicts verdicts;
    judge_chain(account.chain, verdicts);
    if (!account.failed_depth) return verdicts;
    const auto sent = static_cast<int>(account.chain.size());
    if (sent > 0 && *account.failed_depth >= sent) return verdicts; // at a root that was not sent
    if (*account.failed_depth > 0)
        verdicts.points_to["intermediate-expired"] =
            fmt::format("the verification failed at depth {}: at an issuer, not at the server's own certificate",
                        *account.failed_depth);
    else
        verdicts.rules_out["intermediate-expired"] = "the verification failed at depth 0, the server's own certificate";
    return verdicts;
}

void apply(const Verdicts& verdicts, std::vector<Finding>& findings, Scores& scores)
{
    constexpr double kMuch = 10000; // more than any frequency
    for (auto& finding : findings) {
        const auto why = verdicts.points_to.find(finding.cause);
        if (why == verdicts.points_to.end()) continue;
        finding.confidence = std::min(finding.confidence, Confidence::likely);
        finding.because.push_back(why->second);
        scores[finding.cause] += kMuch;
    }
    const auto ruled_out = [&](const Finding& finding) { return verdicts.rules_out.contains(finding.cause); };
    std::erase_if(findings, ruled_out);
    for (auto& finding : findings)
        for (const auto& [cause, why] : verdicts.rules_out)
            if (scores.contains(cause)) finding.excludes.push_back(fmt::format("{}: {}", cause, why));
}

std::vector<Finding>::iterator find_cause(std::vector<Finding>& findings, std::string_view cause)
{
    return std::find_if(findings.begin(), findings.end(), [&](const Finding& each) { return each.cause == cause; });
}

} // namespace

void rank_by_text(std::vector<Finding>& findings, const Evidence& evidence)
{
    auto scores = scores_of(evidence);
    constexpr std::size_t kTells = 2; // a text of more meanings makes none of them likely
    if (evidence.symptoms.size() > kTells)
        for (auto& finding : findings)
            if (finding.confidence == Confidence::likely) finding.confidence = Confidence::possible;
    const bool certain = std::any_of(findings.begin(), findings.end(),
                                     [](const Finding& each) { return each.confidence == Confidence::certain; });
    for (const auto& [cause, score] : scores)
        if (!certain && find_cause(findings, cause) == findings.end())
            findings.push_back(found(cause, Confidence::possible, evidence));
    apply(verdicts_of(evidence.account), findings, scores);
    const auto key = [&](const Finding& finding) {
        const auto known = scores.find(finding.cause);
        return std::pair(finding.confidence, known == scores.end() ? 0.0 : -known->second);
    };
    std::stable_sort(findings.begin(), findings.end(),
                     [&](const Finding& left, const Finding& right) { return key(left) < key(right); });
}

} // namespace alert40
