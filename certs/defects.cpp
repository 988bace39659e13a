// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/defects.h"

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

void sign_by_itself(ChainPlan& plan)
{
    plan.issuer = Issuer::itself;
    plan.sent = {ChainLink::leaf};
}

void issue_by_stranger(ChainPlan& plan)
{
    plan.issuer = Issuer::stranger_intermediate;
    plan.sent = {ChainLink::leaf, ChainLink::stranger_intermediate};
}

void leave_out_intermediate(ChainPlan& plan)
{
    plan.sent = {ChainLink::leaf};
}

void name_another_host(ChainPlan& plan)
{
    plan.leaf.common_name = kOtherName;
    plan.leaf.dns_names = {std::string(kOtherName)};
    plan.leaf.ip_addresses.clear();
}

void hand_out_another_key(ChainPlan& plan)
{
    plan.foreign_key = true;
}

constexpr std::array<Defect, 7> kDefects{{
    {"expired", "The leaf's validity ended two days ago.", expire},
    {"not-yet-valid", "The leaf's validity starts in two days.", start_later},
    {"self-signed", "The leaf is its own issuer and is sent alone.", sign_by_itself},
    {"untrusted-root", "The chain leads to a root that nobody trusts.", issue_by_stranger},
    {"incomplete-chain", "The intermediate is not sent.", leave_out_intermediate},
    {"wrong-name", "The leaf is for other.alert40.test only.", name_another_host},
    {"mismatched-key", "The private key is not the leaf's.", hand_out_another_key},
}};

} // namespace

std::span<const Defect> all_defects()
{
    return kDefects;
}

const Defect* find_defect(std::string_view name)
{
    for (const Defect& defect : kDefects)
        if (defect.name == name) return &defect;
    return nullptr;
}

} // namespace alert40
