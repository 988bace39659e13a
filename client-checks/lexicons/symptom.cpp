// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lexicons/symptom.h"

#include <algorithm>
#include <array>

namespace alert40 {
namespace {

constexpr std::array<std::string_view, 9> kPlain = {"connected", "silent",  "not-tls",     "closed",     "reset",
                                                    "timeout",   "refused", "unreachable", "unspecified"};
constexpr std::array<std::string_view, 17> kVerifyReasons = {
    "expired",       "not-yet-valid", "unknown-ca",     "self-signed",    "name-mismatch", "incomplete-chain",
    "revoked",       "wrong-usage",   "weak-key",       "weak-signature", "constraint",    "malformed",
    "bad-signature", "pin-mismatch",  "status-missing", "status-invalid", "unspecified"};
constexpr std::array<std::string_view, 18> kLocalReasons = {"version",
                                                            "message-too-large",
                                                            "cipher",
                                                            "group",
                                                            "dh-too-small",
                                                            "unsafe-renegotiation",
                                                            "extended-master-secret",
                                                            "illegal-parameter",
                                                            "unexpected-message",
                                                            "decode-error",
                                                            "bad-mac",
                                                            "bad-finished",
                                                            "downgrade",
                                                            "missing-extension",
                                                            "renegotiation",
                                                            "signature-scheme",
                                                            "unsupported-extension",
                                                            "configuration"};
constexpr std::array<std::string_view, 28> kServerReasons = {"cipher",
                                                             "group",
                                                             "signature-scheme",
                                                             "version",
                                                             "alpn",
                                                             "unknown-name",
                                                             "missing-name",
                                                             "no-certificate",
                                                             "key-mismatch",
                                                             "certificate-corrupt",
                                                             "client-certificate-missing",
                                                             "client-certificate-untrusted",
                                                             "client-certificate-expired",
                                                             "client-certificate-not-yet-valid",
                                                             "client-certificate-wrong-usage",
                                                             "client-certificate-refused",
                                                             "client-key-mismatch",
                                                             "fallback",
                                                             "plain-http",
                                                             "not-tls",
                                                             "proxy-protocol",
                                                             "extended-master-secret",
                                                             "renegotiation",
                                                             "bad-mac",
                                                             "decode-error",
                                                             "left",
                                                             "timeout",
                                                             "unspecified"};

template <std::size_t size> bool is_one_of(const std::array<std::string_view, size>& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_status(std::string_view digits)
{
    return digits.size() == 3 &&
           std::all_of(digits.begin(), digits.end(), [](char digit) { return digit >= '0' && digit <= '9'; });
}

} // namespace

std::optional<Symptom> Symptom::parse(std::string_view text)
{
    const auto colon = text.find(':');
    const auto kind = text.substr(0, colon);
    const auto reason = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
    const bool known = (colon == std::string_view::npos && is_one_of(kPlain, kind)) ||
                       (kind == "verify" && is_one_of(kVerifyReasons, reason)) ||
                       (kind == "local" && is_one_of(kLocalReasons, reason)) ||
                       (kind == "http-status" && is_status(reason)) ||
                       (kind == "server" && is_one_of(kServerReasons, reason)) ||
                       ((kind == "alert-received" || kind == "alert-sent") &&
                        (reason == "unspecified" || find_alert_description(reason)));
    if (!known) return std::nullopt;
    return Symptom(std::string(text));
}

Symptom Symptom::received(AlertDescription alert)
{
    return Symptom("alert-received:" + name(alert));
}

Symptom Symptom::sent(AlertDescription alert)
{
    return Symptom("alert-sent:" + name(alert));
}

std::string Symptom::reason() const
{
    const auto colon = text_.find(':');
    return colon == std::string::npos ? std::string{} : text_.substr(colon + 1);
}

bool contains(const SymptomSet& set, const Symptom& symptom)
{
    return std::find(set.begin(), set.end(), symptom) != set.end();
}

std::string describe(const SymptomSet& set)
{
    std::string text;
    for (const auto& symptom : set) text += (text.empty() ? "" : " or ") + symptom.text();
    return text.empty() ? "nothing that the lexicon knows" : text;
}

std::vector<std::string> all_symptom_names()
{
    std::vector<std::string> names(kPlain.begin(), kPlain.end());
    for (const auto reason : kVerifyReasons) names.push_back("verify:" + std::string(reason));
    for (const auto reason : kLocalReasons) names.push_back("local:" + std::string(reason));
    for (const auto reason : kServerReasons) names.push_back("server:" + std::string(reason));
    for (const auto* kind : {"alert-received:", "alert-sent:"})
        for (const auto& alert : all_alert_description_names()) names.push_back(kind + alert);
    return names;
}

} // namespace alert40
