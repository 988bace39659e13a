// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/authority.h"

#include "certs/algorithms.h"
#include "certs/certificate.h"
#include "certs/der.h"
#include "certs/der_reader.h"
#include "certs/extensions.h"
#include "certs/status.h"

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

CertificateContents authority_contents(std::string_view common_name, ByteView public_key_info,
                                       system_clock::time_point not_before, system_clock::time_point not_after,
                                       std::optional<unsigned> path_length)
{
    CertificateContents contents;
    contents.subject = subject_name(common_name);
    contents.not_before = not_before;
    contents.not_after = not_after;
    contents.public_key_info = Bytes(public_key_info.begin(), public_key_info.end());
    append(contents.extensions, extension::basic_constraints({true, path_length}));
    append(contents.extensions, extension::key_usage(key_cert_sign | crl_sign));
    return contents;
}

/// A root holds all below it to names for tests (RFC 5280, section 6.1.4). The authorities that a server sends say so
/// no second time: webpki 0.22, which rustls 0.20 verifies with, reads no certificate's name constraints as RFC 5280
/// tags them, and finds no path through one that has them (https://github.com/briansmith/webpki/issues/135).
CertificateContents root_contents(std::string_view common_name, ByteView public_key_info,
                                  system_clock::time_point not_before, system_clock::time_point not_after)
{
    CertificateContents contents =
        authority_contents(common_name, public_key_info, not_before, not_after, std::nullopt);
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
    constexpr unsigned kHasExtensions = 3; // RFC 5280, section 4.1.2.1
    const Bytes algorithm = signature_algorithm(issuer.key.type(), hash);
    const Bytes serial = contents.serial_number.empty() ? der::integer(make_serial_number())
                                                        : der::tlv(der::kInteger, contents.serial_number);
    const Bytes validity = contents.validity.empty()
                               ? der::sequence({der::time(contents.not_before), der::time(contents.not_after)})
                               : contents.validity;
    Bytes version;
    Bytes extensions;
    if (contents.version > 1) version = der::context(0, der::integer(contents.version - 1)); // 1 is the default
    if (contents.version >= kHasExtensions) {
        Bytes all = contents.extensions;
        append(all, extension::subject_key_identifier(contents.public_key_info));
        append(all, extension::authority_key_identifier(issuer.public_key_info));
        extensions = der::context(3, der::sequence(all));
    }
    const Bytes tbs = der::sequence(
        {version, serial, algorithm, issuer.name, validity, contents.subject, contents.public_key_info, extensions});
    const Bytes claimed =
        contents.claimed_hash ? signature_algorithm(issuer.key.type(), *contents.claimed_hash) : algorithm;
    return der::sequence({tbs, claimed, der::bit_string(issuer.key.sign(hash, tbs))});
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

Authorities make_authorities(system_clock::time_point now, bool of_a_stranger)
{
    // At most 64 characters each (RFC 5280, appendix A.1, ub-common-name).
    const std::string suffix = name_suffix(now);
    const std::string whose = of_a_stranger ? " of a stranger" : "";
    const std::string root_name = "alert40 TEST root" + (of_a_stranger ? whose : " - do not trust") + suffix;
    const auto from = now - kAuthorityStartsBefore;
    const auto to = now + kAuthorityLasts;

    const PrivateKey root_key = PrivateKey::generate(KeyType::ec_p256); // lives until this function returns
    const Bytes root_key_info = root_key.public_key_info();
    const CertificateContents root = root_contents(root_name, root_key_info, from, to);
    const IssuerIdentity root_identity{root.subject, root_key_info, root_key};

    const auto issue = [&](const std::string& common_name, std::optional<unsigned> path_length) -> Authority {
        const PrivateKey key = PrivateKey::generate(KeyType::ec_p256);
        CertificateContents contents =
            authority_contents(common_name + whose + suffix, key.public_key_info(), from, to, path_length);
        // wolfSSL 5.5.4 holds a certificate without any DNS name to violate a permitted DNS subtree (asn.c,
        // PermittedListOk: `need` without a name), against RFC 5280, section 4.2.1.10: so each has one.
        append(contents.extensions, extension::subject_alternative_name({"intermediate.alert40.test"}, {}));
        return {issue_certificate(contents, root_identity, HashAlgorithm::sha256), key};
    };
    Authorities made{issue_certificate(root, root_identity, HashAlgorithm::sha256),
                     certificate_revocation_list(root_identity, {}, {from, to}), issue("alert40 TEST intermediate", 0),
                     issue("alert40 TEST upper CA", std::nullopt)};
    return made;
}

Authority make_own_root(std::string_view common_name, system_clock::time_point not_before,
                        system_clock::time_point not_after)
{
    const PrivateKey key = PrivateKey::generate(KeyType::ec_p256);
    const Bytes key_info = key.public_key_info();
    const CertificateContents root =
        root_contents(std::string(common_name) + name_suffix(not_before), key_info, not_before, not_after);
    return {issue_certificate(root, {root.subject, key_info, key}, HashAlgorithm::sha256), key};
}

Bytes cross_sign(ByteView certificate, const Authority& issuer)
{
    const Certificate subject = parse_certificate(certificate);
    const Certificate by = parse_certificate(issuer.certificate);
    CertificateContents contents =
        authority_contents("", subject.public_key_info, by.not_before, by.not_after, std::nullopt);
    contents.subject = subject.subject.der;
    return issue_certificate(contents, identity_of(issuer), HashAlgorithm::sha256);
}

} // namespace alert40
