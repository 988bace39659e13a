// SPDX-License-Identifier: GPL-2.0-or-later
// Who answers for which name on the common port:
//
//   expired-tls13.certificate.localhost     the name that the scenario's client asks for, or one of its hosts
//   expired.certificate.localhost           the same without its version, TLS 1.3's where there are both; or any other
//                                           beginning that one scenario's name alone has
//   localhost, an address, or no name       the index
#pragma once

#include "server/control/supply.h"

#include <map>
#include <set>

namespace alert40 {

/// Whether the common port, which chooses by the name in the ClientHello, can show what the scenario is about: not the
/// names, not the address, and nothing that comes before the ClientHello.
bool fits_common_port(const Scenario& scenario);

/// The id without "-tls12" or "-tls13".
std::string_view without_version(std::string_view id);

/// Any thread may use it once it is made.
class CommonNames {
public:
    /// Scenarios that were asked for by a beginning of their name: each has a certificate of its own.
    static constexpr std::size_t kMostShortened = 256;

    /// Makes the supply of `scenario`, which is asked for by another name than its own.
    using MakeSupply = std::function<std::shared_ptr<Supply>(Scenario scenario, bool fixed)>;

    explicit CommonNames(MakeSupply make) : make_(std::move(make)) {}

    /// Before anybody asks. In the order that matters where two have one host.
    void add(std::shared_ptr<Supply> supply);
    void answer_plain_names(std::shared_ptr<Supply> by_name, std::shared_ptr<Supply> by_address);

    /// The supplies that are of no scenario as it is listed.
    std::vector<std::shared_ptr<Supply>> made_for_names() const;

    /// nullptr: nobody answers for this name.
    std::shared_ptr<Supply> find(const std::optional<std::string>& name) const;

private:
    std::shared_ptr<Supply> find_shortened(const std::string& name) const;
    std::shared_ptr<Supply> meant_by(const std::string& beginning, const std::string& family) const;

    MakeSupply make_;
    std::vector<std::shared_ptr<Supply>> supplies_;
    std::map<std::string, std::shared_ptr<Supply>, std::less<>> by_name_; // in lower case
    std::shared_ptr<Supply> by_plain_name_;
    std::shared_ptr<Supply> by_address_;
    mutable std::mutex mutex_;
    mutable std::map<std::string, std::shared_ptr<Supply>> shortened_;
};

} // namespace alert40
