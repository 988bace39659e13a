// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/forge.h"

#include "certs/certificate.h"
#include "certs/extensions.h"

#include <stdexcept>

namespace alert40 {

namespace {

using std::chrono::system_clock;

CertificateContents leaf_contents(const CertificatePlan& plan, const PrivateKey& key, system_clock::time_point now)
{
    CertificateContents contents;
    contents.subject = subject_name(plan.common_name);
    contents.not_before = now + plan.not_before;
    contents.not_after = now + plan.not_after;
    contents.public_key_info = key.public_key_info();
    if (plan.key_usage != 0) append(contents.extensions, extension::key_usage(plan.key_usage));
    if (!plan.extended_key_usage.empty())
        append(contents.extensions, extension::extended_key_usage(plan.extended_key_usage));
    if (!plan.dns_names.empty() || !plan.ip_addresses.empty())
        append(contents.extensions, extension::subject_alternative_name(plan.dns_names, plan.ip_addresses));
    return contents;
}

IssuerIdentity issuer_identity(Issuer issuer, const CertificateContents& leaf, const PrivateKey& leaf_key,
                               const StateDirectory& state)
{
    switch (issuer) {
    case Issuer::intermediate:
        return identity_of(state.intermediate());
    case Issuer::stranger_intermediate:
        return identity_of(state.stranger_intermediate());
    case Issuer::itself:
        return {leaf.subject, leaf.public_key_info, leaf_key};
    case Issuer::root:
        throw std::runtime_error("forging a leaf below the root: the root's key is never kept");
    }
    throw std::invalid_argument("not an Issuer");
}

Bytes link_certificate(ChainLink link, const Bytes& leaf, const StateDirectory& state)
{
    switch (link) {
    case ChainLink::leaf:
        return leaf;
    case ChainLink::intermediate:
        return state.intermediate().certificate;
    case ChainLink::root:
        return state.root();
    case ChainLink::stranger_intermediate:
        return state.stranger_intermediate().certificate;
    }
    throw std::invalid_argument("not a ChainLink");
}

} // namespace

Chain forge_chain(const ChainPlan& plan, StateDirectory& state, system_clock::time_point now)
{
    const PrivateKey leaf_key = state.key(plan.leaf.key);
    const CertificateContents contents = leaf_contents(plan.leaf, leaf_key, now);
    const IssuerIdentity issuer = issuer_identity(plan.issuer, contents, leaf_key, state);
    const Bytes leaf = issue_certificate(contents, issuer, plan.leaf.hash);

    Chain chain{{}, plan.foreign_key ? state.key(plan.leaf.key, true) : leaf_key};
    for (ChainLink link : plan.sent) chain.certificates.push_back(link_certificate(link, leaf, state));
    chain.key_matches = key_belongs_to(chain.key, leaf);
    return chain;
}

bool key_belongs_to(const PrivateKey& key, ByteView leaf)
{
    return parse_certificate(leaf).public_key_info == key.public_key_info();
}

std::string chain_pem(const Chain& chain)
{
    std::string text;
    for (const Bytes& certificate : chain.certificates) text += to_pem("CERTIFICATE", certificate);
    return text;
}

} // namespace alert40
