// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/inspection.h"

#include "certs/algorithms.h"
#include "certs/authority.h"
#include "certs/extensions.h"

namespace alert40 {
namespace {

constexpr std::chrono::days kStartsBefore{1};
constexpr std::chrono::days kAuthorityLasts{30};
constexpr std::chrono::days kLeafLasts{7};

// BasicConstraints (RFC 5280 section 4.2.1.9), DER: cA TRUE; the same with a path length of 0.
constexpr std::string_view kBasicConstraints = "2.5.29.19";
const Bytes kIsAuthority = {0x30, 0x03, 0x01, 0x01, 0xFF};
const Bytes kIssuesLeavesOnly = {0x30, 0x06, 0x01, 0x01, 0xFF, 0x02, 0x01, 0x00};

CertificateContents contents_of(std::string_view common_name, const PrivateKey& key, InspectionAuthority::TimePoint now,
                                std::chrono::days lasts)
{
    CertificateContents contents;
    contents.subject = subject_name(common_name);
    contents.not_before = now - kStartsBefore;
    contents.not_after = now + lasts;
    contents.public_key_info = key.public_key_info();
    return contents;
}

CertificateContents authority(const std::string& common_name, const PrivateKey& key, InspectionAuthority::TimePoint now,
                              const Bytes& basic_constraints)
{
    CertificateContents contents = contents_of(common_name, key, now, kAuthorityLasts);
    append(contents.extensions, extension::any(kBasicConstraints, true, basic_constraints));
    append(contents.extensions, extension::key_usage(key_cert_sign | crl_sign));
    return contents;
}

} // namespace

const InspectionAuthority& InspectionAuthority::of_process(TimePoint now)
{
    static const InspectionAuthority authority(now);
    return authority;
}

InspectionAuthority::InspectionAuthority(TimePoint now)
{
    const std::string suffix = " (" + to_hex(random_bytes(4)) + ")";    // tells the roots of two processes apart
    const PrivateKey root_key = PrivateKey::generate(KeyType::ec_p256); // lives until this function returns
    auto root = authority("alert40 TEST inspecting proxy root" + suffix, root_key, now, kIsAuthority);
    append(root.extensions, extension::test_name_constraints()); // the root alone: see authority.cpp
    const IssuerIdentity root_identity{root.subject, root.public_key_info, root_key};
    const PrivateKey key = PrivateKey::generate(KeyType::ec_p256);
    auto intermediate = authority("alert40 TEST inspecting proxy" + suffix, key, now, kIssuesLeavesOnly);
    // wolfSSL 5.5.4 wants a DNS name in every certificate below a DNS constraint: see make_authorities().
    append(intermediate.extensions, extension::subject_alternative_name({"intermediate.alert40.test"}, {}));
    root_ = issue_certificate(root, root_identity, HashAlgorithm::sha256);
    intermediate_ = Authority{issue_certificate(intermediate, root_identity, HashAlgorithm::sha256), key};
}

Chain InspectionAuthority::issue(const std::string& name, TimePoint now) const
{
    const PrivateKey key = PrivateKey::generate(KeyType::ec_p256);
    // A common name has at most 64 characters (RFC 5280 appendix A.1); the name that counts is the other one.
    auto contents = contents_of(name.substr(0, 64), key, now, kLeafLasts);
    append(contents.extensions, extension::key_usage(digital_signature));
    append(contents.extensions, extension::extended_key_usage({std::string(oid::kServerAuth)}));
    append(contents.extensions, extension::subject_alternative_name({name}, {}));
    const Bytes leaf = issue_certificate(contents, identity_of(*intermediate_), HashAlgorithm::sha256);
    return Chain{{leaf, intermediate_->certificate}, key, true, leaf, *intermediate_, {}, false};
}

} // namespace alert40
