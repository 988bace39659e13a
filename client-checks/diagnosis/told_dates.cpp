// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/told_dates.h"

#include "client-checks/diagnosis/words.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

/// Clocks that are kept by hand differ by less; of two that differ by more one is wrong.
constexpr std::chrono::hours kClocksAgree{48};

std::optional<TimePoint> second_clock(const Evidence& evidence)
{
    return evidence.captured_at ? evidence.captured_at : evidence.looked_at;
}

/// The place in the listed chain of the one certificate with this date.
template <class Date> std::optional<int> depth_with(const Evidence& evidence, TimePoint date, Date date_of)
{
    if (evidence.account.failed_depth) return evidence.account.failed_depth;
    std::optional<int> depth;
    const auto& chain = evidence.account.chain;
    for (std::size_t at = 0; at < chain.size(); ++at) {
        if (read_told_time(date_of(chain[at])) != date) continue;
        if (depth) return std::nullopt;
        depth = static_cast<int>(at);
    }
    return depth;
}

std::string_view end_of(const ListedCertificate& each)
{
    return each.ends;
}

std::string_view begin_of(const ListedCertificate& each)
{
    return each.begins;
}

DateJudgement judge_end(const Evidence& evidence, TimePoint end, TimePoint clock)
{
    if (end > clock)
        return {DateVerdict::clock_wrong, depth_with(evidence, end, end_of),
                "the certificate is refused as expired, and ends " + utc(end) + ", which is still to come"};
    return {DateVerdict::ended, depth_with(evidence, end, end_of), "the client gives the end " + utc(end)};
}

/// A certificate that has begun by now may not have when the client looked.
DateJudgement judge_begin(const Evidence& evidence, TimePoint begin, TimePoint clock)
{
    const auto depth = depth_with(evidence, begin, begin_of);
    if (begin > clock) return {DateVerdict::not_begun, depth, "the client gives the begin " + utc(begin)};
    if (!evidence.captured_at) return {};
    return {DateVerdict::clock_wrong, depth,
            "the certificate is refused as not yet valid, and began " + utc(begin) + ", before the capture"};
}

/// The first certificate of the list that is out of date, where the client says that one is.
DateJudgement judge_listed(const Evidence& evidence, TimePoint clock)
{
    const bool expired = evidence.can_mean("verify:expired");
    const auto& chain = evidence.account.chain;
    for (std::size_t at = 0; at < chain.size(); ++at) {
        const auto date = read_told_time(expired ? chain[at].ends : chain[at].begins);
        if (!date) return {};
        const bool out = expired ? *date <= clock : *date > clock;
        if (!out) continue;
        const auto what =
            fmt::format("certificate {} of the listed chain {} {}", at, expired ? "ended" : "begins", utc(*date));
        return {expired ? DateVerdict::ended : DateVerdict::not_begun, static_cast<int>(at), what};
    }
    if (!expired || chain.empty()) return {};
    return {DateVerdict::clock_wrong, std::nullopt, "none of the certificates that the client lists has ended", false};
}

} // namespace

bool is_roots_date(const Evidence& evidence, const DateJudgement& dates)
{
    const auto& chain = evidence.account.chain;
    if (chain.empty() || !dates.depth) return false;
    const auto depth = static_cast<std::size_t>(*dates.depth);
    if (depth >= chain.size()) return true;
    return depth > 0 && chain[depth].subject == chain[depth].issuer;
}

DateJudgement judge_told_dates(const Evidence& evidence)
{
    const auto clock = second_clock(evidence);
    if (!clock) return {};
    const auto& told = evidence.account.dates;
    if (told.clock && *told.clock > *clock + kClocksAgree)
        return {DateVerdict::clock_wrong, std::nullopt,
                fmt::format("the client takes {} for the present, which is still to come", utc(*told.clock))};
    if (told.ended && evidence.can_mean("verify:expired")) return judge_end(evidence, *told.ended, *clock);
    if (told.begins && evidence.can_mean("verify:not-yet-valid")) return judge_begin(evidence, *told.begins, *clock);
    if (evidence.can_mean("verify:expired") || evidence.can_mean("verify:not-yet-valid"))
        return judge_listed(evidence, *clock);
    return {};
}

} // namespace alert40
