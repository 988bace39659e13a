// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/status.h"

#include "certs/algorithms.h"
#include "certs/certificate.h"
#include "certs/der.h"
#include "certs/extensions.h"

namespace alert40 {

namespace {

using std::chrono::system_clock;

constexpr std::string_view kBasicResponse = "1.3.6.1.5.5.7.48.1.1"; // RFC 6960, section 4.2.1
constexpr std::string_view kSha1 = "1.3.14.3.2.26";
constexpr std::uint8_t kEnumerated = 0x0a;
constexpr std::uint8_t kKeyCompromise = 1; // CRLReason, RFC 5280, section 5.3.1
constexpr std::uint8_t kTryLater = 3;      // OCSPResponseStatus, RFC 6960, section 4.2.1

/// CertID of RFC 6960, section 4.1.1. SHA-1 names here, it does not sign: every client knows it.
Bytes certificate_id(const IssuerIdentity& issuer, ByteView serial_number)
{
    return der::sequence({der::sequence({der::object_identifier(kSha1), der::null()}),
                          der::octet_string(hash(HashAlgorithm::sha1, issuer.name)),
                          der::octet_string(extension::key_identifier(issuer.public_key_info)),
                          der::integer(serial_number)});
}

/// CertStatus: good [0] IMPLICIT NULL, revoked [1] IMPLICIT RevokedInfo.
Bytes certificate_status(bool revoked, system_clock::time_point since)
{
    if (!revoked) return der::context(0, {}, false);
    Bytes info = der::generalized_time(since);
    append(info, der::context(0, der::tlv(kEnumerated, Bytes{kKeyCompromise})));
    return der::context(1, info);
}

Bytes revoked_entry(ByteView serial_number, system_clock::time_point since)
{
    constexpr std::string_view kReasonCode = "2.5.29.21";
    const Bytes reason = extension::any(kReasonCode, false, der::tlv(kEnumerated, Bytes{kKeyCompromise}));
    return der::sequence({der::integer(serial_number), der::time(since), der::sequence(reason)});
}

Bytes signed_by(const IssuerIdentity& issuer, const Bytes& to_sign, ByteView more = {})
{
    Bytes parts = to_sign;
    append(parts, signature_algorithm(issuer.key.type(), HashAlgorithm::sha256));
    append(parts, der::bit_string(issuer.key.sign(HashAlgorithm::sha256, to_sign)));
    append(parts, more);
    return der::sequence(parts);
}

} // namespace

StatusPeriod fresh_period(system_clock::time_point now)
{
    return {now - std::chrono::hours(1), now + std::chrono::days(1)};
}

StatusPeriod stale_period(system_clock::time_point now)
{
    return {now - std::chrono::days(5), now - std::chrono::days(2)};
}

Bytes ocsp_response(const Authority& issuer, ByteView serial_number, bool revoked, const StatusPeriod& period)
{
    const IssuerIdentity by = identity_of(issuer);
    const Bytes single = der::sequence(
        {certificate_id(by, serial_number), certificate_status(revoked, period.this_update),
         der::generalized_time(period.this_update), der::context(0, der::generalized_time(period.next_update))});
    const Bytes responder = der::context(2, der::octet_string(extension::key_identifier(by.public_key_info))); // byKey
    const Bytes data = der::sequence({responder, der::generalized_time(period.this_update), der::sequence(single)});
    const Bytes basic = signed_by(by, data);
    const Bytes bytes = der::sequence({der::object_identifier(kBasicResponse), der::octet_string(basic)});
    return der::sequence({der::tlv(kEnumerated, Bytes{0}), der::context(0, bytes)});
}

Bytes ocsp_try_later()
{
    return der::sequence(der::tlv(kEnumerated, Bytes{kTryLater}));
}

Bytes certificate_revocation_list(const Authority& issuer, const std::vector<Bytes>& revoked,
                                  const StatusPeriod& period)
{
    return certificate_revocation_list(identity_of(issuer), revoked, period);
}

Bytes certificate_revocation_list(const IssuerIdentity& issuer, const std::vector<Bytes>& revoked,
                                  const StatusPeriod& period)
{
    constexpr std::string_view kCrlNumber = "2.5.29.20";
    constexpr std::uint64_t kVersion2 = 1;
    const auto number = static_cast<std::uint64_t>(system_clock::to_time_t(period.this_update));
    Bytes extensions = extension::authority_key_identifier(issuer.public_key_info);
    append(extensions, extension::any(kCrlNumber, false, der::integer(number)));
    Bytes entries;
    for (const Bytes& serial_number : revoked) append(entries, revoked_entry(serial_number, period.this_update));
    // RFC 5280, section 5.1.2.6: with none revoked the list is absent, not empty.
    const Bytes list = revoked.empty() ? Bytes{} : der::sequence(entries);
    const Bytes to_sign =
        der::sequence({der::integer(kVersion2), signature_algorithm(issuer.key.type(), HashAlgorithm::sha256),
                       issuer.name, der::time(period.this_update), der::time(period.next_update), list,
                       der::context(0, der::sequence(extensions))});
    return signed_by(issuer, to_sign);
}

} // namespace alert40
