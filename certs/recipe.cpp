// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/recipe.h"

#include "certs/algorithms.h"
#include "certs/defects.h"
#include "certs/extensions.h"

#include <stdexcept>

namespace alert40 {

namespace {

using std::chrono::days;

constexpr std::string_view kNamelessClient = "client.alert40.test";

ChainPlan healthy_plan(const ChainRecipe& recipe)
{
    const bool for_server = recipe.purpose == CertificatePurpose::server;
    ChainPlan plan;
    plan.leaf.not_before = -days(1);
    plan.leaf.not_after = days(7);
    plan.leaf.key = recipe.key;
    plan.leaf.key_usage = digital_signature;
    // RFC 5246, section 7.4.2: RSA key exchange needs keyEncipherment.
    if (is_rsa(recipe.key)) plan.leaf.key_usage |= key_encipherment;
    plan.leaf.extended_key_usage.emplace_back(for_server ? oid::kServerAuth : oid::kClientAuth);
    plan.leaf.names_issuer_url = plan.leaf.names_ocsp_url = plan.leaf.names_crl_url = recipe.publishes;
    if (recipe.must_staple) append(plan.leaf.further_extensions, extension::must_staple());
    return plan;
}

} // namespace

ChainPlan plan_chain(const ChainRecipe& recipe, const std::vector<std::string>& dns_names,
                     const std::vector<std::string>& ip_addresses)
{
    ChainPlan plan = healthy_plan(recipe);
    plan.leaf.dns_names = dns_names;
    plan.leaf.ip_addresses = ip_addresses;
    const bool nameless = dns_names.empty() && ip_addresses.empty();
    if (nameless && recipe.purpose == CertificatePurpose::client) plan.leaf.dns_names.emplace_back(kNamelessClient);
    // A leaf with only an IP address has no CN: GnuTLS would hold the CN against the DNS name constraints.
    if (!plan.leaf.dns_names.empty()) plan.leaf.common_name = plan.leaf.dns_names.front();

    if (recipe.defect.empty()) return plan;
    const Defect* defect = find_defect(recipe.defect);
    if (defect == nullptr) throw std::invalid_argument("unknown defect '" + recipe.defect + "'");
    defect->apply(plan);
    return plan;
}

CertificatePlan authority_plan(std::string_view common_name)
{
    CertificatePlan plan;
    plan.common_name = common_name;
    plan.dns_names = {"intermediate.alert40.test"};
    plan.not_before = -days(1);
    plan.not_after = days(7);
    plan.key_usage = key_cert_sign | crl_sign;
    plan.basic_constraints = BasicConstraints{true, std::nullopt};
    return plan;
}

} // namespace alert40
