// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/clients/hello_likeness.h"

#include "scenarios/vocabulary/grease.h"
#include "server/wire/fingerprint.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace alert40 {
namespace {

constexpr std::size_t kLongestList = 512; // a ClientHello may name 32,767 suites; more than this says nothing more
constexpr unsigned kAlike = 75;           // percent; Java is 73 % like OpenSSL

/// Without GREASE.
template <class T> std::vector<unsigned> comparable(const std::vector<T>& values)
{
    std::vector<unsigned> numbers;
    for (const auto value : values)
        if (!is_grease(value) && numbers.size() < kLongestList) numbers.push_back(static_cast<unsigned>(value));
    return numbers;
}

/// What depends on what is asked, not on who asks.
std::vector<unsigned> comparable_extensions(const ClientHello& hello)
{
    using Type = ExtensionType;
    std::vector<Type> types;
    for (const auto& extension : hello.extensions) types.push_back(extension.type);
    auto numbers = comparable(types);
    for (const auto type : {Type::server_name, Type::application_layer_protocol_negotiation, Type::padding,
                            Type::pre_shared_key, Type::early_data, Type::cookie})
        std::erase(numbers, static_cast<unsigned>(type));
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

/// 0 to 1: the length of the longest common subsequence, so order counts, against that of the lists.
double share_in_order(const std::vector<unsigned>& left, const std::vector<unsigned>& right)
{
    if (left.empty() && right.empty()) return 1;
    std::vector<std::size_t> row(right.size() + 1);
    for (const auto value : left) {
        std::size_t diagonal = 0;
        for (std::size_t at = 1; at <= right.size(); ++at) {
            const std::size_t above = row[at];
            row[at] = value == right[at - 1] ? diagonal + 1 : std::max(row[at], row[at - 1]);
            diagonal = above;
        }
    }
    return 2.0 * static_cast<double>(row.back()) / static_cast<double>(left.size() + right.size());
}

/// What is compared of a ClientHello; taken apart once.
struct Features {
    explicit Features(const ClientHello& hello)
        : suites(comparable(hello.cipher_suites)),
          extensions(comparable_extensions(hello)),
          groups(comparable(hello.groups())),
          schemes(comparable(hello.signature_schemes())),
          versions(comparable(hello.offered_versions()))
    {
    }
    std::vector<unsigned> suites, extensions, groups, schemes, versions;
};

unsigned percent_alike(const Features& left, const Features& right)
{
    // Suites and signature schemes, with their order, are the library's own; versions are what is configured most.
    const double sum =
        0.35 * share_in_order(left.suites, right.suites) + 0.25 * share_in_order(left.extensions, right.extensions) +
        0.15 * share_in_order(left.groups, right.groups) + 0.20 * share_in_order(left.schemes, right.schemes) +
        0.05 * share_in_order(left.versions, right.versions);
    return static_cast<unsigned>(100 * sum);
}

/// The two hashes of a JA4, and its version.
std::string kind_of(std::string_view ja4)
{
    const auto hashes = ja4.find('_');
    return hashes == std::string_view::npos ? std::string(ja4)
                                            : std::string(ja4.substr(0, 3)) + std::string(ja4.substr(hashes));
}

std::string titles(const std::vector<const HelloProfile*>& profiles)
{
    std::vector<std::string> all;
    for (const auto* profile : profiles) all.push_back(profile->title());
    return fmt::format("{}", fmt::join(all, ", "));
}

} // namespace

HelloLikeness nearest_profile(const std::vector<HelloProfile>& profiles, const ClientHello& hello)
{
    HelloLikeness nearest;
    const std::string print = ja4(hello);
    const Features features(hello);
    for (const auto& profile : profiles) {
        const std::string other = ja4(profile.hello);
        const unsigned percent = percent_alike(features, Features(profile.hello));
        const auto degree = other == print                     ? HelloLikeness::Degree::same
                            : kind_of(other) == kind_of(print) ? HelloLikeness::Degree::same_kind
                            : percent >= kAlike                ? HelloLikeness::Degree::alike
                                                               : HelloLikeness::Degree::none;
        const bool better = degree < nearest.degree || (degree == nearest.degree && percent > nearest.percent);
        if (better) nearest = {degree, {}, percent};
        if (degree == nearest.degree && percent == nearest.percent && degree != HelloLikeness::Degree::none)
            nearest.profiles.push_back(&profile);
    }
    return nearest;
}

std::vector<const HelloProfile*> profiles_of_ja4(const std::vector<HelloProfile>& profiles, std::string_view wanted)
{
    std::vector<const HelloProfile*> same, same_kind;
    for (const auto& profile : profiles) {
        const std::string print = ja4(profile.hello);
        if (print == wanted) same.push_back(&profile);
        if (kind_of(print) == kind_of(wanted)) same_kind.push_back(&profile);
    }
    return same.empty() ? same_kind : same;
}

std::string describe(const HelloLikeness& likeness)
{
    switch (likeness.degree) {
    case HelloLikeness::Degree::same:
        return fmt::format("as {} sends it", titles(likeness.profiles));
    case HelloLikeness::Degree::same_kind:
        return fmt::format("as {} sends it, server name and ALPN apart", titles(likeness.profiles));
    case HelloLikeness::Degree::alike:
        return fmt::format("like that of {} ({} % alike)", titles(likeness.profiles), likeness.percent);
    case HelloLikeness::Degree::none:
        return "like none that was recorded";
    }
    return "";
}

} // namespace alert40
