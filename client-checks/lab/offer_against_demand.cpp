// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/offer_against_demand.h"

#include "client-checks/lab/offer_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace alert40 {
namespace {

std::string verdict(const OfferFacts& facts, const std::vector<OfferRow>& rows, bool only_intolerance)
{
    std::vector<std::string> deciding;
    for (const auto& row : rows)
        if (row.matters) deciding.push_back(row.what);
    if (only_intolerance) return "every list fits, and the ClientHello is refused all the same: " + rows.back().note;
    if (!deciding.empty()) return fmt::format("it is decided by: {}", fmt::join(deciding, " and "));
    if (std::holds_alternative<Completed>(facts.outcome.how)) return "offer and demand agree, and it connected";
    return "offer and demand agree: what failed is not a matter of the offer";
}

} // namespace

OfferComparison compare_offer(const Transcript& wire, const Demand& demand)
{
    if (!wire.client_hello) throw std::invalid_argument("there is no ClientHello to compare");
    const OfferFacts facts(wire, demand);
    OfferComparison all;
    all.rows = {versions_row(facts), suites_row(facts),      groups_row(facts),
                schemes_row(facts),  server_name_row(facts), alpn_row(facts)};
    for (const auto of :
         {dh_row, extended_master_secret_row, renegotiation_info_row, fallback_row, client_certificate_row})
        if (auto row = of(facts)) all.rows.push_back(*std::move(row));
    bool only_intolerance = false;
    if (auto row = intolerance_row(facts)) {
        only_intolerance = std::ranges::none_of(all.rows, &OfferRow::matters);
        all.rows.push_back(*std::move(row));
    }
    all.verdict = verdict(facts, all.rows, only_intolerance);
    return all;
}

nlohmann::ordered_json to_json(const OfferComparison& comparison)
{
    auto rows = nlohmann::ordered_json::array();
    for (const auto& row : comparison.rows)
        rows.push_back({{"what", row.what},
                        {"client", row.client},
                        {"server", row.server},
                        {"common", row.common},
                        {"matters", row.matters},
                        {"note", row.note},
                        {"range", row.is_range}});
    return {{"rows", std::move(rows)}, {"verdict", comparison.verdict}};
}

} // namespace alert40
