// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/certificate_pointers.h"

#include "certs/algorithms.h"
#include "certs/der_reader.h"

namespace alert40 {
namespace {

/// SEQUENCE OF AccessDescription { accessMethod, accessLocation }; URIs alone are kept.
void read_access(DerReader value, CertificatePointers& pointers)
{
    constexpr std::string_view kField = "authorityInfoAccess";
    constexpr std::uint8_t kUri = der::context_tag(6, false);
    DerReader list(value.expect(der::kSequence, kField));
    while (!list.at_end()) {
        DerReader description(list.expect(der::kSequence, kField));
        const std::string method = read_object_identifier(description.expect(der::kObjectIdentifier, kField), kField);
        const DerElement location = description.next(kField);
        if (location.tag != kUri) continue;
        if (method == oid::kCaIssuers) pointers.ca_issuers.push_back(to_text(location.content));
        if (method == oid::kOcsp) pointers.ocsp_responders.push_back(to_text(location.content));
    }
}

/// SEQUENCE OF INTEGER: TLS extension types that the server must answer.
void read_features(DerReader value, CertificatePointers& pointers)
{
    constexpr std::string_view kField = "tlsFeature";
    constexpr std::uint32_t kStatusRequest = 5;
    DerReader features(value.expect(der::kSequence, kField));
    while (!features.at_end())
        if (read_small_integer(features.expect(der::kInteger, kField), kField) == kStatusRequest)
            pointers.must_staple = true;
}

void read_extension(const DerElement& element, CertificatePointers& pointers)
{
    constexpr std::string_view kField = "extension";
    DerReader fields(element);
    const std::string type = read_object_identifier(fields.expect(der::kObjectIdentifier, kField), kField);
    fields.next_if(der::kBoolean, kField);
    const DerReader value(fields.expect(der::kOctetString, kField));
    if (type == oid::kAuthorityInformationAccess) read_access(value, pointers);
    if (type == oid::kTlsFeature) read_features(value, pointers);
}

} // namespace

CertificatePointers read_pointers(const Certificate& certificate)
{
    constexpr std::string_view kField = "tbsCertificate";
    CertificatePointers pointers;
    try {
        DerReader outside(certificate.tbs);
        DerReader tbs(outside.expect(der::kSequence, kField));
        while (!tbs.at_end()) {
            const DerElement field = tbs.next(kField);
            if (field.tag != der::context_tag(3, true)) continue; // extensions
            DerReader wrapper(field);
            DerReader list(wrapper.expect(der::kSequence, kField));
            while (!list.at_end()) read_extension(list.expect(der::kSequence, kField), pointers);
        }
    } catch (const CertificateError&) { // what was read before it holds
    }
    return pointers;
}

} // namespace alert40
