// SPDX-License-Identifier: GPL-2.0-or-later
// What a leaf says of itself: dates, names, purpose, version, serial number, key.
#include "certs/defects.h"

#include "certs/algorithms.h"
#include "certs/extensions.h"

#include <array>

namespace alert40 {

namespace {

using std::chrono::days;

constexpr std::string_view kOtherName = "other.alert40.test";

void expire(ChainPlan& plan)
{
    plan.leaf.not_before = -days(9);
    plan.leaf.not_after = -days(2);
}

void start_later(ChainPlan& plan)
{
    plan.leaf.not_before = days(2);
    plan.leaf.not_after = days(9);
}

void last_too_long(ChainPlan& plan)
{
    plan.leaf.not_after = days(800);
}

void name_another_host(ChainPlan& plan)
{
    plan.leaf.common_name = kOtherName;
    plan.leaf.dns_names = {std::string(kOtherName)};
    plan.leaf.ip_addresses.clear();
}

void name_in_common_name_only(ChainPlan& plan)
{
    plan.leaf.dns_names.clear();
    plan.leaf.ip_addresses.clear();
}

void name_no_host(ChainPlan& plan)
{
    plan.leaf.common_name.clear(); // O=alert40 alone; GnuTLS would hold a CN against the DNS name constraints
    plan.leaf.dns_names.clear();
    plan.leaf.ip_addresses.clear();
}

/// "deep.www.alert40.test" gets "*.alert40.test": the asterisk stands for one label (RFC 6125, section 6.4.3).
void name_parent_wildcard(ChainPlan& plan)
{
    for (std::string& name : plan.leaf.dns_names) {
        const std::size_t first = name.find('.');
        const std::size_t second = first == std::string::npos ? first : name.find('.', first + 1);
        if (second != std::string::npos) name = "*" + name.substr(second);
    }
    plan.leaf.common_name.clear();
}

void leave_out_addresses(ChainPlan& plan)
{
    plan.leaf.ip_addresses.clear();
    if (plan.leaf.dns_names.empty()) plan.leaf.dns_names.emplace_back("localhost");
}

/// RFC 5280, section 4.2.1.6: the "preferred name syntax", which knows no dot at the end.
void end_names_with_dot(ChainPlan& plan)
{
    for (std::string& name : plan.leaf.dns_names) name += '.';
    plan.leaf.common_name.clear();
}

/// RFC 5280, section 7.2: an internationalized name has to be converted to its A-label.
void name_in_unicode(ChainPlan& plan)
{
    plan.leaf.dns_names = {"b\xc3\xbc"
                           "cher.alert40.test"}; // xn--bcher-kva.alert40.test
    plan.leaf.common_name.clear();
}

void swap_purpose(ChainPlan& plan)
{
    const std::string server(oid::kServerAuth);
    const bool is_server = plan.leaf.extended_key_usage == std::vector<std::string>{server};
    plan.leaf.extended_key_usage = {is_server ? std::string(oid::kClientAuth) : server};
}

void forbid_signing(ChainPlan& plan)
{
    plan.leaf.key_usage = key_encipherment;
}

void pass_for_authority(ChainPlan& plan)
{
    plan.leaf.basic_constraints = BasicConstraints{true, 0};
    plan.leaf.key_usage |= key_cert_sign;
}

void add_unknown_critical_extension(ChainPlan& plan)
{
    constexpr std::string_view kNobodysExtension = "1.3.6.1.4.1.32473.40"; // RFC 5612: for documentation
    append(plan.leaf.further_extensions, extension::any(kNobodysExtension, true, to_bytes("\x05\x00")));
}

void use_version_1(ChainPlan& plan)
{
    plan.leaf.version = 1;
}

void number_negative(ChainPlan& plan)
{
    plan.leaf.serial_number = {0xc0, 0xff, 0xee};
}

void leave_out_subject(ChainPlan& plan)
{
    plan.leaf.empty_subject = true;
}

void hand_out_another_key(ChainPlan& plan)
{
    plan.foreign_key = true;
}

void renew_key(ChainPlan& plan)
{
    plan.second_key = true;
}

void revoke(ChainPlan& plan)
{
    plan.revoked = true;
}

constexpr std::array kDefects{
    Defect{"expired", "The leaf's validity ended two days ago.", expire},
    Defect{"not-yet-valid", "The leaf's validity starts in two days.", start_later},
    Defect{"validity-too-long", "The leaf is valid for 801 days, more than the 398 that browsers allow.",
           last_too_long},
    Defect{"wrong-name", "The leaf is for other.alert40.test only.", name_another_host},
    Defect{"name-only-in-cn", "The host name stands in the common name; there is no subject alternative name.",
           name_in_common_name_only},
    Defect{"no-san", "The leaf names no host, neither in a subject alternative name nor in the common name.",
           name_no_host},
    Defect{"wildcard-too-deep", "The leaf has a wildcard one label too high for the host.", name_parent_wildcard},
    Defect{"ip-without-ip-san", "The leaf names hosts and none of the addresses.", leave_out_addresses},
    Defect{"trailing-dot", "The leaf's names end with a dot.", end_names_with_dot},
    Defect{"punycode", "The leaf has an internationalized name in UTF-8 in place of its A-label.", name_in_unicode},
    Defect{"wrong-eku", "The leaf is for the other side: a server's for clients, a client's for servers.",
           swap_purpose},
    Defect{"key-usage-forbids", "The leaf's key usage is keyEncipherment alone: its key may not sign.", forbid_signing},
    Defect{"ca-certificate-as-leaf", "The leaf is itself a CA's certificate.", pass_for_authority},
    Defect{"unknown-critical-extension", "The leaf has a critical extension that nobody knows.",
           add_unknown_critical_extension},
    Defect{"version-1", "The leaf is an X.509 version 1 certificate and has no extensions.", use_version_1},
    Defect{"negative-serial", "The leaf's serial number is negative.", number_negative},
    Defect{"missing-subject", "The leaf's subject is empty.", leave_out_subject},
    Defect{"mismatched-key", "The private key is not the leaf's.", hand_out_another_key},
    Defect{"renewed-key", "The leaf was renewed with a new key (a type that is cached: RSA).", renew_key},
    Defect{"revoked", "CRL and OCSP responder call the leaf revoked.", revoke},
};

} // namespace

std::span<const Defect> leaf_defects()
{
    return kDefects;
}

} // namespace alert40
