// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/flights/client_identity.h"

#include "certs/certificate.h"

namespace alert40 {
namespace {

const Certificate* issuer_of(const Certificate& certificate, const std::vector<Certificate>& candidates)
{
    for (const auto& candidate : candidates)
        if (is_signed_by(certificate, candidate)) return &candidate;
    return nullptr;
}

bool is_current(const Certificate& certificate, std::chrono::system_clock::time_point now)
{
    return certificate.not_before <= now && now <= certificate.not_after;
}

std::optional<AlertDescription> judge(const std::vector<Certificate>& sent, const std::vector<Certificate>& anchors,
                                      std::chrono::system_clock::time_point now)
{
    const Certificate* certificate = &sent.front();
    for (std::size_t depth = 0; depth <= sent.size(); ++depth) { // a path longer than what was sent is a loop
        if (!is_current(*certificate, now)) return AlertDescription::certificate_expired;
        if (issuer_of(*certificate, anchors) != nullptr) return std::nullopt;
        certificate = issuer_of(*certificate, sent);
        if (certificate == nullptr) break;
    }
    return AlertDescription::unknown_ca;
}

} // namespace

std::optional<AlertDescription> judge_client_chain(const std::vector<Bytes>& chain, const std::vector<Bytes>& anchors,
                                                   std::chrono::system_clock::time_point now)
{
    try {
        std::vector<Certificate> sent;
        for (const auto& der : chain) sent.push_back(parse_certificate(der));
        std::vector<Certificate> roots;
        for (const auto& der : anchors) roots.push_back(parse_certificate(der));
        return judge(sent, roots, now);
    } catch (const CertificateError&) {
        return AlertDescription::bad_certificate;
    }
}

} // namespace alert40
