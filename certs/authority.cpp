// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/authority.h"

#include "certs/algorithms.h"
#include "certs/certificate.h"
#include "certs/der.h"
#include "certs/extensions.h"

#include <array>
#include <cstdio>

namespace alert40 {

namespace {

using std::chrono::system_clock;

constexpr std::chrono::days kAuthorityStartsBefore{1};
constexpr std::chrono::days kAuthorityLasts{30};

Bytes make_serial_number()
{
    // RFC 5280, section 4.1.2.2: positive, at most 20 octets. The second bit keeps all 16 significant.
    Bytes serial = random_bytes(16);
    serial.front() = static_cast<std::uint8_t>((serial.front() & 0x7f) | 0x40);
    return serial;
}

/// "(2026-01-31 5eed1234)": tells the roots of two state directories, and of two renewals, apart.
std::string name_suffix(system_clock::time_point now)
{
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(now));
    std::array<char, 64> day{};
    std::snprintf(day.data(), day.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return " (" + std::string(day.data()) + " " + to_hex(random_bytes(4)) + ")";
}

CertificateContents authority_contents(std::string_view common_name, const PrivateKey& key,
                                       system_clock::time_point now, std::optional<unsigned> path_length)
{
    CertificateContents contents;
    contents.subject = subject_name(common_name);
    contents.not_before = now - kAuthorityStartsBefore;
    contents.not_after = now + kAuthorityLasts;
    contents.public_key_info = key.public_key_info();
    append(contents.extensions, extension::authority_basic_constraints(path_length));
    append(contents.extensions, extension::key_usage(key_cert_sign | crl_sign));
    append(contents.extensions, extension::test_name_constraints());
    return contents;
}

} // namespace

IssuerIdentity identity_of(const Authority& authority)
{
    const Certificate certificate = parse_certificate(authority.certificate);
    return {certificate.subject.der, certificate.public_key_info, authority.key};
}

Bytes issue_certificate(const CertificateContents& contents, const IssuerIdentity& issuer, HashAlgorithm hash)
{
    constexpr std::uint64_t kVersion3 = 2;
    Bytes extensions = contents.extensions;
    append(extensions, extension::subject_key_identifier(contents.public_key_info));
    append(extensions, extension::authority_key_identifier(issuer.public_key_info));

    const Bytes algorithm = signature_algorithm(issuer.key.type(), hash);
    const Bytes tbs = der::sequence({
        der::context(0, der::integer(kVersion3)),
        der::integer(make_serial_number()),
        algorithm,
        issuer.name,
        der::sequence({der::time(contents.not_before), der::time(contents.not_after)}),
        contents.subject,
        contents.public_key_info,
        der::context(3, der::sequence(extensions)),
    });
    return der::sequence({tbs, algorithm, der::bit_string(issuer.key.sign(hash, tbs))});
}

Bytes subject_name(std::string_view common_name)
{
    const auto attribute = [](std::string_view type, std::string_view value) {
        return der::set(der::sequence({der::object_identifier(type), der::utf8_string(value)}));
    };
    Bytes name = attribute(oid::kOrganization, "alert40");
    if (!common_name.empty()) append(name, attribute(oid::kCommonName, common_name));
    return der::sequence(name);
}

AuthorityPair make_authorities(system_clock::time_point now, bool of_a_stranger)
{
    // At most 64 characters each (RFC 5280, appendix A.1, ub-common-name).
    const std::string suffix = name_suffix(now);
    const std::string root_name =
        of_a_stranger ? "alert40 TEST root of a stranger" : "alert40 TEST root - do not trust";
    const std::string intermediate_name =
        of_a_stranger ? "alert40 TEST intermediate of a stranger" : "alert40 TEST intermediate";

    const PrivateKey root_key = PrivateKey::generate(KeyType::ec_p256); // lives until this function returns
    const CertificateContents root = authority_contents(root_name + suffix, root_key, now, std::nullopt);
    const IssuerIdentity root_identity{root.subject, root.public_key_info, root_key};

    const PrivateKey key = PrivateKey::generate(KeyType::ec_p256);
    CertificateContents intermediate = authority_contents(intermediate_name + suffix, key, now, 0);
    // wolfSSL 5.5.4 holds a certificate without any DNS name to violate a permitted DNS subtree (wolfcrypt/src/asn.c,
    // PermittedListOk: `need` without a name), against RFC 5280, section 4.2.1.10: so the intermediate has one.
    append(intermediate.extensions, extension::subject_alternative_name({"intermediate.alert40.test"}, {}));
    return {issue_certificate(root, root_identity, HashAlgorithm::sha256),
            {issue_certificate(intermediate, root_identity, HashAlgorithm::sha256), key}};
}

} // namespace alert40
