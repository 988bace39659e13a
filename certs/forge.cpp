// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/forge.h"

#include "certs/algorithms.h"
#include "certs/certificate.h"
#include "certs/der.h"
#include "certs/extensions.h"
#include "certs/status.h"

#include <stdexcept>

namespace alert40 {

namespace {

using std::chrono::system_clock;

CertificateContents contents_of(const CertificatePlan& plan, ByteView public_key_info, system_clock::time_point now,
                                const PublicationUrls& urls)
{
    CertificateContents contents;
    contents.subject = plan.empty_subject ? der::sequence({}) : subject_name(plan.common_name);
    contents.not_before = now + plan.not_before;
    contents.not_after = now + plan.not_after;
    contents.public_key_info = Bytes(public_key_info.begin(), public_key_info.end());
    contents.version = plan.version;
    contents.serial_number = plan.serial_number;
    contents.validity = plan.validity;
    contents.claimed_hash = plan.claimed_hash;

    Bytes& extensions = contents.extensions;
    if (plan.basic_constraints) append(extensions, extension::basic_constraints(*plan.basic_constraints));
    if (plan.key_usage != 0) append(extensions, extension::key_usage(plan.key_usage));
    if (!plan.extended_key_usage.empty()) append(extensions, extension::extended_key_usage(plan.extended_key_usage));
    if (!plan.dns_names.empty() || !plan.ip_addresses.empty())
        append(extensions, extension::subject_alternative_name(plan.dns_names, plan.ip_addresses));
    if (!plan.permitted_dns_names.empty()) append(extensions, extension::name_constraints(plan.permitted_dns_names));
    const std::string issuer_url = plan.names_issuer_url ? urls.issuer : "";
    const std::string ocsp_url = plan.names_ocsp_url ? urls.ocsp : "";
    if (!issuer_url.empty() || !ocsp_url.empty())
        append(extensions, extension::authority_information_access(issuer_url, ocsp_url));
    if (plan.names_crl_url && !urls.crl.empty()) append(extensions, extension::crl_distribution_points(urls.crl));
    append(extensions, plan.further_extensions);
    return contents;
}

/// Makes one chain from above: the issuer, the authorities below it, the leaf.
class Forging {
public:
    Forging(const ChainPlan& plan, StateDirectory& state, system_clock::time_point now, const PublicationUrls& urls)
        : plan_(plan),
          state_(state),
          now_(now),
          urls_(urls)
    {
    }

    Chain make()
    {
        const PrivateKey key = state_.key(plan_.leaf.key, plan_.second_key);
        make_authorities();
        const CertificateContents contents = contents_of(plan_.leaf, key.public_key_info(), now_, urls_);
        const bool by_itself = plan_.issuer == Issuer::itself;
        const IssuerIdentity by =
            by_itself ? IssuerIdentity{contents.subject, contents.public_key_info, key} : identity_of(*issuer_);
        const Bytes leaf = issue_certificate(contents, by, plan_.leaf.hash);
        sent_leaf_ = plan_.leaf.rewrite != nullptr ? plan_.leaf.rewrite(leaf) : leaf;

        Chain chain{.certificates = {},
                    .key = plan_.foreign_key ? state_.key(plan_.leaf.key, !plan_.second_key) : key,
                    .leaf = leaf,
                    .issuer = by_itself ? Authority{leaf, key} : *issuer_,
                    .anchors = {},
                    .revoked = plan_.revoked};
        chain.key_matches = chain.key.public_key_info() == contents.public_key_info;
        if (own_root_) chain.anchors.push_back(own_root_->certificate);
        for (const ChainLink link : plan_.sent) send(link, chain.certificates);
        return chain;
    }

private:
    void make_authorities()
    {
        if (plan_.issuer == Issuer::itself) return;
        issuer_ = top();
        for (auto plan = plan_.authorities.rbegin(); plan != plan_.authorities.rend(); ++plan) {
            const PrivateKey key = state_.key(plan->key, true); // RSA: not the leaf's
            const CertificateContents contents = contents_of(*plan, key.public_key_info(), now_, urls_);
            const Bytes certificate = issue_certificate(contents, identity_of(*issuer_), plan->hash);
            authorities_.insert(authorities_.begin(), certificate);
            issuer_ = Authority{certificate, key};
        }
    }

    Authority top()
    {
        switch (plan_.issuer) {
        case Issuer::intermediate:
            return state_.intermediate();
        case Issuer::upper:
            return state_.upper();
        case Issuer::stranger_intermediate:
            return state_.stranger_intermediate();
        case Issuer::own_root:
            own_root_ =
                make_own_root("alert40 TEST own root", now_ - std::chrono::days(60), now_ + plan_.own_root_ends);
            return *own_root_;
        case Issuer::itself:
            break;
        }
        throw std::invalid_argument("not an Issuer above the leaf");
    }

    void send(ChainLink link, std::vector<Bytes>& sent)
    {
        switch (link) {
        case ChainLink::leaf:
            return sent.push_back(sent_leaf_);
        case ChainLink::authorities:
            sent.insert(sent.end(), authorities_.begin(), authorities_.end());
            return;
        case ChainLink::intermediate:
            return sent.push_back(state_.intermediate().certificate);
        case ChainLink::upper:
            return sent.push_back(state_.upper().certificate);
        case ChainLink::root:
            return sent.push_back(state_.root());
        case ChainLink::stranger_intermediate:
            return sent.push_back(state_.stranger_intermediate().certificate);
        case ChainLink::stranger_root:
            return sent.push_back(state_.stranger_root());
        case ChainLink::cross_signed_root: {
            const auto ended = now_ - std::chrono::days(2);
            const Authority old = make_own_root("alert40 TEST old root", ended - std::chrono::days(60), ended);
            return sent.push_back(cross_sign(state_.root(), old));
        }
        case ChainLink::own_root:
            return sent.push_back(own_root_.value().certificate);
        case ChainLink::filler:
            return sent.push_back(filler());
        }
        throw std::invalid_argument("not a ChainLink");
    }

    Bytes filler()
    {
        constexpr std::size_t kPadding = 16'000;                                // octets; with the rest some 16 KiB
        constexpr std::string_view kNetscapeComment = "2.16.840.1.113730.1.13"; // free text, known to all readers
        CertificatePlan plan = authority_plan("alert40 TEST unrelated");
        plan.further_extensions =
            extension::any(kNetscapeComment, false, der::tlv(0x16, Bytes(kPadding, std::uint8_t{'.'})));
        const PrivateKey key = state_.key(KeyType::ec_p256);
        const Authority& by = state_.stranger_intermediate();
        return issue_certificate(contents_of(plan, key.public_key_info(), now_, {}), identity_of(by), plan.hash);
    }

    const ChainPlan& plan_;
    StateDirectory& state_;
    system_clock::time_point now_;
    const PublicationUrls& urls_;
    std::optional<Authority> own_root_;
    std::optional<Authority> issuer_; // of what is made next
    std::vector<Bytes> authorities_;  // the leaf's own issuer first
    Bytes sent_leaf_;
};

} // namespace

Chain forge_chain(const ChainPlan& plan, StateDirectory& state, system_clock::time_point now,
                  const PublicationUrls& urls)
{
    return Forging(plan, state, now, urls).make();
}

bool key_belongs_to(const PrivateKey& key, ByteView leaf)
{
    return parse_certificate(leaf).public_key_info == key.public_key_info();
}

std::string crls_pem(const Chain& chain, const StateDirectory& state, system_clock::time_point now)
{
    std::vector<Bytes> revoked;
    if (chain.revoked) revoked.push_back(parse_certificate(chain.leaf).serial_number);
    const Bytes list = certificate_revocation_list(chain.issuer, revoked, fresh_period(now));
    return to_pem("X509 CRL", list) + to_pem("X509 CRL", state.root_crl());
}

std::string chain_pem(const Chain& chain)
{
    std::string text;
    for (const Bytes& certificate : chain.certificates) text += to_pem("CERTIFICATE", certificate);
    return text;
}

} // namespace alert40
