// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lexicons/roles.h"

#include <algorithm>
#include <array>

namespace alert40 {
namespace {

struct Role {
    std::string_view client;
    std::string_view server;
};

constexpr std::array kRoles = {
    Role{"verify:expired", "server:client-certificate-expired"},
    Role{"verify:not-yet-valid", "server:client-certificate-not-yet-valid"},
    Role{"verify:unknown-ca", "server:client-certificate-untrusted"},
    Role{"verify:incomplete-chain", "server:client-certificate-untrusted"},
    Role{"verify:self-signed", "server:client-certificate-untrusted"},
    Role{"verify:wrong-usage", "server:client-certificate-wrong-usage"},
    Role{"verify:bad-signature", "server:client-key-mismatch"},
    Role{"local:version", "server:version"},
    Role{"local:cipher", "server:cipher"},
    Role{"local:group", "server:group"},
    Role{"local:signature-scheme", "server:signature-scheme"},
    Role{"local:extended-master-secret", "server:extended-master-secret"},
    Role{"local:unsafe-renegotiation", "server:renegotiation"},
    Role{"local:renegotiation", "server:renegotiation"},
    Role{"local:bad-mac", "server:bad-mac"},
    Role{"local:bad-finished", "server:bad-mac"},
    Role{"local:decode-error", "server:decode-error"},
    Role{"local:unexpected-message", "server:decode-error"},
    Role{"local:illegal-parameter", "server:decode-error"},
    Role{"local:configuration", "server:unspecified"},
    Role{"not-tls", "server:not-tls"},
    Role{"closed", "server:left"},
    Role{"reset", "server:left"},
    Role{"timeout", "server:timeout"},
};

std::string text_of_server(const Symptom& symptom)
{
    const auto kind = symptom.kind();
    if (kind == "server" || kind == "alert-sent") return symptom.text();
    if (kind == "alert-received") return "alert-sent:" + symptom.reason();
    const auto role =
        std::find_if(kRoles.begin(), kRoles.end(), [&](const Role& each) { return each.client == symptom.text(); });
    if (role != kRoles.end()) return std::string(role->server);
    return kind == "verify" ? "server:client-certificate-refused" : "server:unspecified";
}

} // namespace

SymptomSet as_said_by_server(const SymptomSet& symptoms)
{
    SymptomSet said;
    for (const auto& symptom : symptoms)
        if (const auto other = Symptom::parse(text_of_server(symptom)); other && !contains(said, *other))
            said.push_back(*other);
    return said;
}

} // namespace alert40
