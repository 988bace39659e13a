// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/reported.h"

#include "client-checks/diagnosis/words.h"

#include <algorithm>

namespace alert40 {
namespace {

struct Meaning {
    std::string_view symptom;
    Confidence first; // of the first cause; the others are possible
    std::vector<std::string_view> causes;
    std::string_view because = ""; // why more than one
};

// What servers say of their own refusal.
const std::vector<Meaning>& server_meanings()
{
    static const std::vector<Meaning> meanings = {
        // OpenSSL has one reason for an empty intersection of suites, groups (TLS 1.2) and certificate types
        // (ssl/s3_lib.c, ssl3_choose_cipher), and for no certificate at all.
        {"server:cipher",
         Confidence::likely,
         {"cipher-mismatch", "signature-scheme-mismatch", "group-mismatch", "server-certificate-missing",
          "version-mismatch"},
         "OpenSSL says the same where the group or the certificate's type fits no suite, or there is no certificate"},
        {"server:group", Confidence::certain, {"group-mismatch"}},
        {"server:signature-scheme", Confidence::certain, {"signature-scheme-mismatch"}},
        {"server:version", Confidence::likely, {"version-mismatch", "version-intolerance"}},
        {"server:alpn", Confidence::certain, {"alpn-mismatch"}},
        {"server:unknown-name",
         Confidence::likely,
         {"sni-unknown-name", "sni-missing", "wrong-server"},
         "many servers say the same where no name was sent"},
        {"server:missing-name", Confidence::certain, {"sni-missing"}},
        {"server:no-certificate",
         Confidence::likely,
         {"server-certificate-missing", "sni-unknown-name", "sni-missing"}},
        {"server:key-mismatch", Confidence::certain, {"server-key-mismatch"}},
        {"server:certificate-corrupt", Confidence::likely, {"server-certificate-corrupt"}},
        {"server:client-certificate-missing",
         Confidence::likely,
         {"client-certificate-required", "client-certificate-untrusted"},
         "a client that has one from an issuer that is not on the server's list sends none either"},
        {"server:client-certificate-untrusted", Confidence::certain, {"client-certificate-untrusted"}},
        {"server:client-certificate-expired", Confidence::certain, {"client-certificate-expired"}},
        {"server:client-certificate-not-yet-valid", Confidence::certain, {"client-certificate-not-yet-valid"}},
        {"server:client-certificate-wrong-usage", Confidence::certain, {"client-certificate-wrong-usage"}},
        {"server:client-certificate-refused",
         Confidence::possible,
         {"client-certificate-untrusted", "client-certificate-expired", "client-certificate-wrong-usage",
          "client-certificate-not-yet-valid"},
         "the server does not say what was wrong with the client's certificate"},
        {"server:client-key-mismatch", Confidence::likely, {"client-certificate-key-mismatch", "record-tampering"}},
        {"server:fallback", Confidence::certain, {"inappropriate-fallback"}},
        {"server:plain-http", Confidence::certain, {"not-tls"}},
        {"server:not-tls", Confidence::likely, {"not-tls", "proxy-protocol-expected", "starttls-expected"}},
        {"server:proxy-protocol", Confidence::likely, {"proxy-protocol-expected", "not-tls"}},
        {"server:extended-master-secret", Confidence::certain, {"extended-master-secret-missing"}},
        {"server:renegotiation", Confidence::likely, {"secure-renegotiation-missing"}},
        {"server:bad-mac", Confidence::possible, {"record-tampering", "downgrade-tampering", "resumption-broken"}},
        {"server:decode-error", Confidence::possible, {"record-tampering", "protocol-violation"}},
        {"server:left",
         Confidence::possible,
         {"certificate-untrusted-root", "certificate-wrong-name", "certificate-expired", "certificate-self-signed",
          "certificate-chain-incomplete", "middlebox-reset"},
         "Node, wget, Bun and git leave without an alert where they do not like the certificate; a health check or a "
         "port scanner looks the same"},
        {"server:timeout", Confidence::possible, {"middlebox-drop", "not-tls", "large-client-hello-intolerance"}},
        {"server:unspecified",
         Confidence::possible,
         {"cipher-mismatch", "version-mismatch", "client-certificate-required", "certificate-untrusted-root"},
         "the server says no more than that the handshake failed"},
    };
    return meanings;
}

// Alerts that clients send: each library has its own for one and the same reason (FINDINGS, 2b and 2c), so that most
// name a group of causes.
const std::vector<Meaning>& alert_meanings()
{
    static const std::vector<Meaning> meanings = {
        {"alert-sent:unknown_ca",
         Confidence::likely,
         {"certificate-untrusted-root", "certificate-chain-incomplete", "certificate-self-signed", "tls-inspection"},
         "the client found no issuer that it trusts: the alert does not say whether the server should have sent it"},
        {"alert-sent:bad_certificate",
         Confidence::possible,
         {"certificate-untrusted-root", "certificate-wrong-name", "certificate-expired", "certificate-self-signed",
          "certificate-chain-incomplete", "certificate-weak-signature", "certificate-not-yet-valid",
          "certificate-weak-key", "certificate-wrong-usage", "tls-inspection"},
         "GnuTLS and Go send bad_certificate (42) for whatever they dislike, OpenSSL for a name, a weak signature or "
         "key"},
        {"alert-sent:certificate_unknown",
         Confidence::possible,
         {"certificate-untrusted-root", "certificate-wrong-name", "certificate-expired", "certificate-self-signed",
          "certificate-chain-incomplete", "certificate-wrong-usage", "certificate-not-yet-valid", "tls-inspection"},
         "Java and Chromium send certificate_unknown (46) for whatever they dislike"},
        {"alert-sent:certificate_expired",
         Confidence::likely,
         {"certificate-expired", "intermediate-expired", "client-clock-wrong", "certificate-not-yet-valid"},
         "the date was compared with the client's clock"},
        {"alert-sent:certificate_revoked", Confidence::certain, {"certificate-revoked"}},
        {"alert-sent:unsupported_certificate",
         Confidence::likely,
         {"certificate-wrong-usage", "certificate-chain-misordered", "certificate-weak-key"}},
        {"alert-sent:bad_certificate_status_response", Confidence::likely, {"staple-invalid", "staple-missing"}},
        {"alert-sent:decrypt_error", Confidence::likely, {"server-key-mismatch", "record-tampering"}},
        {"alert-sent:protocol_version", Confidence::likely, {"version-mismatch", "not-tls"}},
        {"alert-sent:internal_error",
         Confidence::possible,
         {"version-mismatch", "certificate-wrong-name", "certificate-weak-signature"},
         "OpenSSL 3 takes TLS 1.1, finds its signature too weak and sends internal_error (80); Perl, stunnel and "
         "HAProxy "
         "send it for a wrong name"},
        {"alert-sent:handshake_failure",
         Confidence::possible,
         {"weak-dh", "secure-renegotiation-missing", "signature-scheme-mismatch", "extended-master-secret-missing"},
         "a client that sends alert 40 itself refuses what the server chose: nothing is wrong with its own offer"},
        {"alert-sent:insufficient_security", Confidence::likely, {"weak-dh", "certificate-weak-key"}},
        {"alert-sent:illegal_parameter",
         Confidence::possible,
         {"downgrade-tampering", "protocol-violation", "weak-dh"}},
        {"alert-sent:unexpected_message",
         Confidence::possible,
         {"protocol-violation", "server-key-mismatch", "not-tls"}},
        {"alert-sent:decode_error", Confidence::possible, {"protocol-violation", "server-certificate-corrupt"}},
        {"alert-sent:bad_record_mac", Confidence::likely, {"record-tampering", "resumption-broken"}},
        {"alert-sent:missing_extension", Confidence::likely, {"protocol-violation"}},
        {"alert-sent:unsupported_extension", Confidence::likely, {"protocol-violation"}},
        {"alert-sent:no_renegotiation", Confidence::likely, {"secure-renegotiation-missing"}},
    };
    return meanings;
}

const Meaning* meaning_of(const Symptom& symptom)
{
    for (const auto* table : {&server_meanings(), &alert_meanings()})
        for (const auto& each : *table)
            if (each.symptom == symptom.text()) return &each;
    return nullptr;
}

void add(std::vector<Finding>& findings, Finding finding)
{
    const auto known = std::find_if(findings.begin(), findings.end(),
                                    [&](const Finding& each) { return each.cause == finding.cause; });
    if (known == findings.end())
        findings.push_back(std::move(finding));
    else
        known->confidence = std::min(known->confidence, finding.confidence);
}

} // namespace

std::vector<Finding> reported_findings(const Evidence& evidence)
{
    std::vector<Finding> findings;
    const bool several = evidence.reported.size() > 1;
    for (const auto& symptom : evidence.reported) {
        const auto* meaning = meaning_of(symptom);
        if (meaning == nullptr) continue;
        for (std::size_t place = 0; place < meaning->causes.size(); ++place) {
            const auto sure = place == 0 && !several ? meaning->first : Confidence::possible;
            add(findings, found(std::string(meaning->causes[place]), sure, evidence, {std::string(meaning->because)}));
        }
    }
    return findings;
}

} // namespace alert40
