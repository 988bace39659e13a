// SPDX-License-Identifier: GPL-2.0-or-later
// What stands above the leaf, and what of it is sent in which order.
#include "certs/defects.h"

#include "certs/algorithms.h"

#include <array>

namespace alert40 {

namespace {

using std::chrono::days;

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

void leave_intermediate_to_aia(ChainPlan& plan)
{
    plan.sent = {ChainLink::leaf};
    plan.leaf.names_issuer_url = true;
}

void send_wrong_intermediate(ChainPlan& plan)
{
    plan.sent = {ChainLink::leaf, ChainLink::stranger_intermediate};
}

/// leaf <- a healthy authority of this chain alone <- upper <- root
CertificatePlan& put_authority_between(ChainPlan& plan)
{
    plan.issuer = Issuer::upper;
    plan.authorities = {authority_plan("alert40 TEST lower CA")};
    plan.sent = {ChainLink::leaf, ChainLink::authorities, ChainLink::upper};
    return plan.authorities.front();
}

void swap_order(ChainPlan& plan)
{
    put_authority_between(plan);
    plan.sent = {ChainLink::leaf, ChainLink::upper, ChainLink::authorities};
}

void send_leaf_last(ChainPlan& plan)
{
    plan.sent = {ChainLink::intermediate, ChainLink::leaf};
}

void send_unrelated(ChainPlan& plan)
{
    plan.sent = {ChainLink::leaf, ChainLink::intermediate, ChainLink::stranger_intermediate, ChainLink::stranger_root};
}

void send_twice(ChainPlan& plan)
{
    plan.sent = {ChainLink::leaf, ChainLink::intermediate, ChainLink::leaf, ChainLink::intermediate};
}

void send_root(ChainPlan& plan)
{
    plan.sent = {ChainLink::leaf, ChainLink::intermediate, ChainLink::root};
}

void expire_intermediate(ChainPlan& plan)
{
    CertificatePlan& authority = put_authority_between(plan);
    authority.not_before = -days(30);
    authority.not_after = -days(2);
}

void expire_root(ChainPlan& plan)
{
    put_authority_between(plan);
    plan.issuer = Issuer::own_root;
    plan.own_root_ends = -days(2);
    plan.sent = {ChainLink::leaf, ChainLink::authorities};
}

void cross_sign_by_expired_root(ChainPlan& plan)
{
    plan.sent = {ChainLink::leaf, ChainLink::intermediate, ChainLink::cross_signed_root};
}

void strip_authority(ChainPlan& plan)
{
    CertificatePlan& authority = put_authority_between(plan);
    authority.basic_constraints = BasicConstraints{false, std::nullopt};
    authority.key_usage = digital_signature;
}

/// Below the state directory's intermediate, whose path length is 0.
void exceed_path_length(ChainPlan& plan)
{
    put_authority_between(plan);
    plan.issuer = Issuer::intermediate;
    plan.sent = {ChainLink::leaf, ChainLink::authorities, ChainLink::intermediate};
}

void constrain_to_another_name(ChainPlan& plan)
{
    CertificatePlan& authority = put_authority_between(plan);
    authority.permitted_dns_names = {"partner.alert40.test"};
    authority.dns_names = {"ca.partner.alert40.test"};
}

void lengthen(ChainPlan& plan)
{
    constexpr int kDepth = 12; // certificates that are sent
    put_authority_between(plan);
    plan.authorities.clear();
    for (int i = 1; i < kDepth - 1; ++i)
        plan.authorities.push_back(authority_plan("alert40 TEST CA " + std::to_string(i)));
}

constexpr std::array kDefects{
    Defect{"self-signed", "The leaf is its own issuer and is sent alone.", sign_by_itself},
    Defect{"untrusted-root", "The chain leads to a root that nobody trusts.", issue_by_stranger},
    Defect{"incomplete-chain", "The intermediate is not sent.", leave_out_intermediate},
    Defect{"aia-only", "The intermediate is not sent; the leaf says where it can be fetched.",
           leave_intermediate_to_aia},
    Defect{"wrong-intermediate", "Another CA's intermediate is sent in place of the right one.",
           send_wrong_intermediate},
    Defect{"wrong-order", "The two intermediates are sent in the wrong order.", swap_order},
    Defect{"leaf-last", "The intermediate is sent before the leaf.", send_leaf_last},
    Defect{"extra-certificates", "Two certificates that belong to another chain are sent as well.", send_unrelated},
    Defect{"duplicate-certificates", "Every certificate is sent twice.", send_twice},
    Defect{"root-sent", "The root is sent as well.", send_root},
    Defect{"intermediate-expired", "The leaf's issuer has expired.", expire_intermediate},
    Defect{"root-expired", "The root, which the client trusts, has expired.", expire_root},
    Defect{"cross-signed-root-expired", "A cross certificate of the root by an expired root is sent as well.",
           cross_sign_by_expired_root},
    Defect{"intermediate-not-a-ca", "The leaf's issuer is no CA.", strip_authority},
    Defect{"path-length-exceeded", "A CA stands below one that may have none below it.", exceed_path_length},
    Defect{"name-constraint-violated", "The leaf's issuer may issue for partner.alert40.test only.",
           constrain_to_another_name},
    Defect{"depth-12", "The chain has twelve certificates.", lengthen},
};

} // namespace

std::span<const Defect> chain_defects()
{
    return kDefects;
}

} // namespace alert40
