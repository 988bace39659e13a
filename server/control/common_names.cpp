// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/common_names.h"

#include <algorithm>
#include <asio/ip/address.hpp>

namespace alert40 {
namespace {

constexpr std::string_view kTop = ".localhost";

std::string lower(std::string_view text)
{
    std::string result(text);
    for (auto& each : result)
        if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
    return result;
}

std::string_view leaf_of(std::string_view id)
{
    return id.substr(id.find('/') + 1);
}

} // namespace

bool fits_common_port(const Scenario& scenario)
{
    const bool about_names = scenario.family() == "sni" || scenario.client.server_name == "none";
    const auto& faults = scenario.server.faults;
    const bool early = std::any_of(faults.begin(), faults.end(),
                                   [](const FaultSettings& fault) { return fault.trigger.value == "connect"; });
    return !about_names && !early && scenario.server.listens && scenario.server.starttls == Starttls::none &&
           scenario.server.addresses.empty();
}

std::string_view without_version(std::string_view id)
{
    for (const std::string_view version : {"-tls12", "-tls13"})
        if (id.ends_with(version)) return id.substr(0, id.size() - version.size());
    return id;
}

void CommonNames::add(std::shared_ptr<Supply> supply)
{
    const Scenario& scenario = supply->scenario();
    by_name_[lower(scenario.asked_name())] = supply; // over a host of another one
    for (const auto& host : scenario.server.hosts) by_name_.emplace(lower(host.name.value), supply);
    supplies_.push_back(std::move(supply));
}

void CommonNames::answer_plain_names(std::shared_ptr<Supply> by_name, std::shared_ptr<Supply> by_address)
{
    by_plain_name_ = std::move(by_name);
    by_address_ = std::move(by_address);
}

std::vector<std::shared_ptr<Supply>> CommonNames::made_for_names() const
{
    std::vector<std::shared_ptr<Supply>> made;
    if (by_plain_name_) made = {by_plain_name_, by_address_};
    const std::lock_guard lock(mutex_);
    for (const auto& [name, supply] : shortened_) made.push_back(supply);
    return made;
}

std::shared_ptr<Supply> CommonNames::find(const std::optional<std::string>& name) const
{
    if (!name) return by_address_;
    const auto asked = lower(*name);
    if (asked == "localhost") return by_plain_name_;
    const auto found = by_name_.find(asked);
    if (found != by_name_.end()) return found->second;
    asio::error_code no_address;
    asio::ip::make_address(asked, no_address); // RFC 6066 section 3 forbids it, and clients do it
    if (!no_address) return by_address_;
    return find_shortened(asked);
}

/// "<beginning>.<family>.localhost".
std::shared_ptr<Supply> CommonNames::find_shortened(const std::string& name) const
{
    if (!name.ends_with(kTop)) return nullptr;
    const auto rest = name.substr(0, name.size() - kTop.size());
    const auto dot = rest.find('.');
    if (dot == 0 || dot == std::string::npos) return nullptr;
    const auto meant = meant_by(rest.substr(0, dot), rest.substr(dot + 1));
    if (!meant) return nullptr;
    const std::lock_guard lock(mutex_);
    const auto known = shortened_.find(name);
    if (known != shortened_.end()) return known->second;
    if (shortened_.size() >= kMostShortened) return nullptr;
    Scenario scenario = meant->scenario();
    scenario.client.server_name = name; // its certificate is made for it
    if (scenario.fix) scenario.fix->client.server_name = name;
    return shortened_[name] = make_(std::move(scenario), meant->fixed());
}

/// The one scenario (or the two versions of one) whose leaf name begins so, or is that without its version.
std::shared_ptr<Supply> CommonNames::meant_by(const std::string& beginning, const std::string& family) const
{
    std::shared_ptr<Supply> exact;
    std::shared_ptr<Supply> meant;
    std::set<std::string> stems;
    for (const auto& supply : supplies_) {
        const Scenario& scenario = supply->scenario();
        const auto leaf = lower(leaf_of(scenario.id));
        const bool own_name = scenario.asked_name() == scenario.default_server_name() && scenario.server.hosts.empty();
        if (!own_name || lower(scenario.family()) != family || !leaf.starts_with(beginning)) continue;
        const bool is_tls13 = leaf.ends_with("-tls13");
        if (without_version(leaf) == beginning && (!exact || is_tls13)) exact = supply;
        stems.emplace(without_version(leaf));
        if (!meant || is_tls13) meant = supply;
    }
    if (exact) return exact;
    return stems.size() == 1 ? meant : nullptr;
}

} // namespace alert40
