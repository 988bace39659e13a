// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/offer_rows.h"

#include <fmt/format.h>

namespace alert40 {

using namespace offers;

namespace {

using Versions = std::vector<ProtocolVersion>;

std::vector<std::string> shown(const Versions& versions)
{
    std::vector<std::string> names;
    for (const auto version : versions) names.push_back(display_name(version));
    return names;
}

bool lists_versions(const OfferFacts& facts)
{
    return facts.hello.has_extension(ExtensionType::supported_versions);
}

/// The server's, as far as it negotiates them at all.
Versions served_versions(const OfferFacts& facts)
{
    const auto& speaks = facts.policy.persona->decides.speaks;
    auto served = facts.policy.versions;
    if (!speaks.empty()) std::erase_if(served, [&](ProtocolVersion each) { return !contains(speaks, each); });
    return served;
}

/// Of those that have a name; the first one where none has.
ProtocolVersion highest_of(const Versions& offered)
{
    auto highest = offered.front();
    for (const auto version : offered)
        if (is_known(version) && (!is_known(highest) || version > highest)) highest = version;
    return highest;
}

/// What the client could not take in the ServerHello's version; empty: nothing, or it did not leave for that. Sets
/// `row.common` to what is left of it.
std::string what_client_refused(const OfferFacts& facts, const Versions& offered, OfferRow& row)
{
    const auto& answer = facts.wire.server_hello;
    if (!answer || answer->is_hello_retry_request() || !facts.client_left()) return {};
    const auto chosen = answer->selected_version();
    const auto name = display_name(chosen);
    if (!contains(offered, chosen)) {
        row.common.clear();
        return fmt::format("the ServerHello says {}, which the client did not offer ({})", name,
                           lists_versions(facts) ? "RFC 8446 section 4.2.1" : "RFC 5246 section 7.4.1.3");
    }
    if (!facts.client_refused_parameters()) return {};
    if (answer->downgrade_sentinel() != DowngradeSentinel::none)
        return fmt::format("the ServerHello's random says that the server has a higher version than the {} that it "
                           "chose (RFC 8446 section 4.1.3), and the client left",
                           name);
    const auto& alert = std::get<AlertReceived>(facts.outcome.how).alert.description;
    const auto highest = highest_of(offered);
    if (alert == AlertDescription::protocol_version && !lists_versions(facts)) {
        row.common.clear();
        return fmt::format("the client told only its highest version, {}, and refuses {} by protocol_version (70): its "
                           "lowest is above that, which no ClientHello of this kind tells",
                           display_name(highest), name);
    }
    const bool is_old = is_known(chosen) && chosen < ProtocolVersion::tls12 && chosen < highest;
    if (alert == AlertDescription::protocol_version || is_old)
        return fmt::format("the server goes on with {}, and the client, though its ClientHello allows that, left at "
                           "what it brings",
                           name);
    return {};
}

std::string why_none(const OfferFacts& facts, const OfferRow& row)
{
    if (!row.common.empty() && !facts.policy.key) return "without a certificate the server leaves TLS 1.3 out";
    if (!row.common.empty()) return "the server reads the client's highest version from legacy_version alone";
    return "no version is on both sides";
}

} // namespace

OfferRow versions_row(const OfferFacts& facts)
{
    const auto served = served_versions(facts);
    const auto offered = facts.hello.offered_versions();
    const auto both = shared(offered, served);
    OfferRow row{"versions", shown(offered), shown(served), shown(both), false, {}};
    if (!lists_versions(facts) && !offered.empty()) { // RFC 5246 section 7.4.1.2: client_version is the highest
        row.client = {"up to " + row.client.front()};
        row.is_range = true;
    }
    const bool for_want_of_suites = facts.refused_for(RefusalReason::no_shared_suite) && both.empty();
    if (auto refused = what_client_refused(facts, offered, row); !refused.empty()) {
        row.matters = true;
        row.note = std::move(refused);
    } else if (facts.version && both.empty()) {
        row.matters = for_want_of_suites;
        row.note =
            fmt::format("no version is on both sides, but the server goes on with {}{}", display_name(*facts.version),
                        contains(served, *facts.version) ? ": it reads legacy_version alone"
                                                         : ", for which it has no cipher suite");
    } else if (facts.version) {
        row.note = fmt::format("the server goes on with {}", display_name(*facts.version));
    } else {
        row.matters = facts.refused_for(RefusalReason::no_shared_version);
        row.note = why_none(facts, row);
    }
    return row;
}

} // namespace alert40
