// SPDX-License-Identifier: GPL-2.0-or-later
// Signatures that are too weak, and sizes that are too large.
#include "certs/defects.h"

#include <array>
#include <cstdio>

namespace alert40 {

namespace {

void sign_with_sha1(ChainPlan& plan)
{
    plan.leaf.hash = HashAlgorithm::sha1;
}

/// By an RSA key: nobody ever gave ECDSA with MD5 an identifier.
void sign_with_md5(ChainPlan& plan)
{
    plan.issuer = Issuer::upper;
    plan.authorities = {authority_plan("alert40 TEST RSA CA")};
    plan.authorities.front().key = KeyType::rsa_2048;
    plan.sent = {ChainLink::leaf, ChainLink::authorities, ChainLink::upper};
    plan.leaf.hash = HashAlgorithm::md5;
}

void sign_intermediate_with_sha1(ChainPlan& plan)
{
    plan.issuer = Issuer::upper;
    plan.authorities = {authority_plan("alert40 TEST lower CA")};
    plan.authorities.front().hash = HashAlgorithm::sha1;
    plan.sent = {ChainLink::leaf, ChainLink::authorities, ChainLink::upper};
}

void send_fillers(ChainPlan& plan, std::size_t count)
{
    plan.sent.insert(plan.sent.end(), count, ChainLink::filler);
}

void exceed_16_kib(ChainPlan& plan)
{
    send_fillers(plan, 1);
}

void exceed_64_kib(ChainPlan& plan)
{
    send_fillers(plan, 4);
}

void name_ten_thousand_hosts(ChainPlan& plan)
{
    constexpr unsigned kHosts = 10'000;
    for (unsigned i = 1; i < kHosts; ++i) {
        std::array<char, 32> name{};
        const int size = std::snprintf(name.data(), name.size(), "n%04u.alert40.test", i);
        plan.leaf.dns_names.emplace_back(name.data(), static_cast<std::size_t>(size));
    }
}

constexpr std::array kDefects{
    Defect{"sha1-signed", "The leaf is signed with SHA-1.", sign_with_sha1},
    Defect{"md5-signed", "The leaf is signed with MD5.", sign_with_md5},
    Defect{"sha1-intermediate", "The leaf's issuer is signed with SHA-1.", sign_intermediate_with_sha1},
    Defect{"over-16-kib", "The chain is longer than one record can hold.", exceed_16_kib},
    Defect{"over-64-kib", "The chain is longer than 64 KiB.", exceed_64_kib},
    Defect{"ten-thousand-sans", "The leaf is for ten thousand hosts.", name_ten_thousand_hosts},
};

} // namespace

std::span<const Defect> strength_defects()
{
    return kDefects;
}

} // namespace alert40
