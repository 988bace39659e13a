// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/status_reader.h"

#include "certs/algorithms.h"
#include "certs/der_reader.h"

#include <algorithm>
#include <ctime>

namespace alert40 {
namespace {

using std::chrono::system_clock;

constexpr std::uint8_t kEnumerated = 0x0a;
constexpr std::string_view kBasicResponse = "1.3.6.1.5.5.7.48.1.1";
constexpr std::string_view kOcspSigning = "1.3.6.1.5.5.7.3.9";
constexpr std::string_view kSha1 = "1.3.14.3.2.26";

Bytes copy(ByteView octets)
{
    return Bytes(octets.begin(), octets.end());
}

void read_certificate_id(const DerElement& element, OcspEntry& entry)
{
    constexpr std::string_view kField = "certID";
    DerReader fields(element);
    DerReader algorithm(fields.expect(der::kSequence, kField));
    entry.hash_algorithm = read_object_identifier(algorithm.expect(der::kObjectIdentifier, kField), kField);
    entry.issuer_name_hash = copy(fields.expect(der::kOctetString, kField).content);
    fields.expect(der::kOctetString, kField); // of the issuer's key
    entry.serial_number = read_integer(fields.expect(der::kInteger, kField), kField);
    fields.expect_end(kField);
}

/// good [0], revoked [1] { revocationTime, reason }, unknown [2].
void read_status(const DerElement& element, OcspEntry& entry)
{
    constexpr std::string_view kField = "certStatus";
    if (element.tag == der::context_tag(0, false)) {
        entry.status = CertificateStatus::good;
    } else if (element.tag == der::context_tag(1, true)) {
        entry.status = CertificateStatus::revoked;
        DerReader info(element);
        entry.revoked_at = read_time(info.expect(der::kGeneralizedTime, kField), kField);
    } else if (element.tag == der::context_tag(2, false)) {
        entry.status = CertificateStatus::unknown;
    } else {
        throw_certificate_error(kField, "neither good, revoked nor unknown", element.offset);
    }
}

OcspEntry read_entry(const DerElement& element)
{
    constexpr std::string_view kField = "SingleResponse";
    DerReader fields(element);
    OcspEntry entry;
    read_certificate_id(fields.expect(der::kSequence, kField), entry);
    read_status(fields.next(kField), entry);
    entry.this_update = read_time(fields.expect(der::kGeneralizedTime, "thisUpdate"), "thisUpdate");
    if (const auto next = fields.next_if(der::context_tag(0, true), "nextUpdate")) {
        DerReader inside(*next);
        entry.next_update = read_time(inside.expect(der::kGeneralizedTime, "nextUpdate"), "nextUpdate");
    }
    return entry; // singleExtensions may follow
}

void read_response_data(const DerElement& element, OcspResponse& response)
{
    constexpr std::string_view kField = "tbsResponseData";
    DerReader fields(element);
    fields.next_if(der::context_tag(0, true), kField); // version
    fields.next(kField);                               // responderID
    fields.expect(der::kGeneralizedTime, kField);      // producedAt
    DerReader entries(fields.expect(der::kSequence, kField));
    while (!entries.at_end()) response.entries.push_back(read_entry(entries.expect(der::kSequence, kField)));
}

void read_basic_response(const DerElement& octets, OcspResponse& response)
{
    constexpr std::string_view kField = "BasicOCSPResponse";
    DerReader wrapper(octets);
    DerReader fields(wrapper.expect(der::kSequence, kField));
    const DerElement data = fields.expect(der::kSequence, kField);
    response.signed_octets = copy(data.whole);
    read_response_data(data, response);
    DerReader algorithm(fields.expect(der::kSequence, kField));
    response.signature_algorithm = read_object_identifier(algorithm.expect(der::kObjectIdentifier, kField), kField);
    response.signature = copy(read_bit_string(fields.expect(der::kBitString, kField), kField));
    const auto certificates = fields.next_if(der::context_tag(0, true), kField);
    if (!certificates) return;
    DerReader inside(*certificates);
    DerReader list(inside.expect(der::kSequence, kField));
    while (!list.at_end()) {
        const DerElement each = list.expect(der::kSequence, kField);
        try {
            response.certificates.push_back(parse_certificate(each.whole));
        } catch (const CertificateError&) { // one that cannot be read signs nothing
        }
    }
}

bool is_signed_by_key(const OcspResponse& response, const Certificate& signer)
{
    const auto hash = signature_hash(response.signature_algorithm);
    return hash && verify_signature(signer.public_key_info, *hash, response.signed_octets, response.signature);
}

/// RFC 6960, section 4.2.2.2: the issuer itself, or a responder that it certified for this.
bool is_authorised(const OcspResponse& response, const Certificate& issuer)
{
    if (is_signed_by_key(response, issuer)) return true;
    return std::any_of(response.certificates.begin(), response.certificates.end(), [&](const Certificate& each) {
        const auto& purposes = each.extended_key_usage;
        const bool for_this = std::find(purposes.begin(), purposes.end(), kOcspSigning) != purposes.end();
        return for_this && is_signed_by(each, issuer) && is_signed_by_key(response, each);
    });
}

const OcspEntry* entry_about(const OcspResponse& response, const Certificate& leaf)
{
    for (const auto& entry : response.entries) {
        if (entry.serial_number != leaf.serial_number) continue;
        const bool other_issuer =
            entry.hash_algorithm == kSha1 && entry.issuer_name_hash != hash(HashAlgorithm::sha1, leaf.issuer.der);
        if (!other_issuer) return &entry;
    }
    return nullptr;
}

std::string date(system_clock::time_point time)
{
    const auto seconds = system_clock::to_time_t(time);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts);
    return text;
}

StapleJudgement judge(const OcspResponse& response, const Certificate& leaf, const Certificate* issuer,
                      system_clock::time_point now)
{
    constexpr std::chrono::minutes kSkew{5}; // as OpenSSL's OCSP_check_validity is usually given
    if (response.response_status != 0)
        return {"the stapled OCSP response says nothing but status " + std::to_string(response.response_status)};
    const OcspEntry* entry = entry_about(response, leaf);
    if (entry == nullptr) return {"the stapled OCSP response is about another certificate"};
    if (issuer != nullptr && signature_hash(response.signature_algorithm) && !is_authorised(response, *issuer))
        return {"the stapled OCSP response is not signed by the certificate's issuer or a responder of it"};
    if (entry->this_update > now + kSkew)
        return {"the stapled OCSP response begins to hold only at " + date(entry->this_update)};
    if (entry->next_update && *entry->next_update < now - kSkew)
        return {"the stapled OCSP response was valid until " + date(*entry->next_update)};
    if (entry->status == CertificateStatus::revoked)
        return {"the stapled OCSP response says that the certificate was revoked " +
                    (entry->revoked_at ? date(*entry->revoked_at) : std::string("by its issuer")),
                true};
    if (entry->status == CertificateStatus::unknown)
        return {"the stapled OCSP response says that the responder does not know the certificate"};
    return {};
}

} // namespace

OcspResponse parse_ocsp_response(ByteView der)
{
    constexpr std::string_view kField = "OCSPResponse";
    DerReader outside(der);
    DerReader fields(outside.expect(der::kSequence, kField));
    outside.expect_end(kField);
    const DerElement status = fields.expect(kEnumerated, kField);
    if (status.content.size() != 1) throw_certificate_error(kField, "no response status", status.offset);
    OcspResponse response;
    response.response_status = status.content[0];
    const auto wrapper = fields.next_if(der::context_tag(0, true), kField);
    if (!wrapper) return response;
    DerReader inside(*wrapper);
    DerReader bytes(inside.expect(der::kSequence, kField));
    const DerElement type = bytes.expect(der::kObjectIdentifier, kField);
    if (read_object_identifier(type, kField) != kBasicResponse)
        throw_certificate_error(kField, "not a basic response", type.offset);
    read_basic_response(bytes.expect(der::kOctetString, kField), response);
    return response;
}

StapleJudgement judge_staple(ByteView response, const Certificate& leaf, const Certificate* issuer,
                             system_clock::time_point now)
{
    try {
        return judge(parse_ocsp_response(response), leaf, issuer, now);
    } catch (const CertificateError& error) {
        return {std::string("the stapled OCSP response cannot be read: ") + error.what()};
    }
}

} // namespace alert40
