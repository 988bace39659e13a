// SPDX-License-Identifier: GPL-2.0-or-later
// Octets that are no certificate, or one that RFC 5280 forbids.
#include "certs/defects.h"

#include "certs/algorithms.h"
#include "certs/der.h"
#include "certs/der_reader.h"
#include "certs/extensions.h"

#include <array>

namespace alert40 {

namespace {

void rewrite(ChainPlan& plan, Bytes (*how)(Bytes))
{
    plan.leaf.rewrite = how;
}

void garble(ChainPlan& plan)
{
    rewrite(plan, [](Bytes certificate) {
        constexpr std::size_t kTbsTag = 4; // behind the outer identifier and a length of three octets
        certificate.at(kTbsTag) = 0x6e;
        return certificate;
    });
}

void truncate(ChainPlan& plan)
{
    rewrite(plan, [](Bytes certificate) {
        certificate.resize(certificate.size() * 2 / 3);
        return certificate;
    });
}

void add_trailing_bytes(ChainPlan& plan)
{
    rewrite(plan, [](Bytes certificate) {
        append(certificate, to_bytes("\r\n\r\n"));
        return certificate;
    });
}

void empty(ChainPlan& plan)
{
    rewrite(plan, [](Bytes) { return der::sequence({}); });
}

void break_signature(ChainPlan& plan)
{
    rewrite(plan, [](Bytes certificate) {
        certificate.back() ^= 0x01; // the low bit of ECDSA's s, or of the RSA signature
        return certificate;
    });
}

void contradict_algorithm(ChainPlan& plan)
{
    plan.leaf.claimed_hash = HashAlgorithm::sha384;
}

void use_impossible_date(ChainPlan& plan)
{
    const auto utc_time = [](std::string_view text) { return der::tlv(der::kUtcTime, to_bytes(text)); };
    plan.leaf.validity = der::sequence({utc_time("250101000000Z"), utc_time("491332250000Z")}); // 32nd of the 13th
}

void end_before_start(ChainPlan& plan)
{
    std::swap(plan.leaf.not_before, plan.leaf.not_after);
}

void repeat_extension(ChainPlan& plan)
{
    append(plan.leaf.further_extensions, extension::subject_alternative_name({"other.alert40.test"}, {}));
}

void garble_san(ChainPlan& plan)
{
    plan.leaf.dns_names.clear();
    plan.leaf.ip_addresses.clear();
    append(plan.leaf.further_extensions, extension::any(oid::kSubjectAltName, false, to_bytes("\xff\xff\xff\xff")));
}

constexpr std::array kDefects{
    Defect{"garbled", "One octet of the leaf is another: its TBSCertificate is no SEQUENCE.", garble},
    Defect{"truncated", "The last third of the leaf is missing.", truncate},
    Defect{"trailing-bytes", "Behind the leaf's DER stand four more octets, a line's end.", add_trailing_bytes},
    Defect{"empty-certificate", "The leaf is an empty SEQUENCE.", empty},
    Defect{"broken-signature", "The last bit of the leaf's signature is turned over.", break_signature},
    Defect{"algorithm-contradicts", "The leaf names two different signature algorithms.", contradict_algorithm},
    Defect{"impossible-date", "The leaf ends on the 32nd day of the 13th month.", use_impossible_date},
    Defect{"ends-before-it-starts", "The leaf's validity ends before it starts.", end_before_start},
    Defect{"duplicate-extension", "The leaf has two subject alternative names extensions.", repeat_extension},
    Defect{"garbled-san", "The leaf's subject alternative name is no DER.", garble_san},
};

} // namespace

std::span<const Defect> malformed_defects()
{
    return kDefects;
}

} // namespace alert40
