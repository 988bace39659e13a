// SPDX-License-Identifier: GPL-2.0-or-later
// One ClientHello before one server: what the rows of offer_rows.h are read off.
#pragma once

#include "client-checks/lab/offer_against_demand.h"
#include "scenarios/vocabulary/grease.h"

#include <algorithm>

namespace alert40 {

class OfferFacts {
public:
    /// Both outlive it; `wire` has a ClientHello.
    OfferFacts(const Transcript& from, const Demand& what);

    bool refused_for(RefusalReason reason) const { return decision.refusal && decision.refusal->reason == reason; }
    bool is_tls13() const { return version == ProtocolVersion::tls13; }
    /// The client ended it, or left, once the server had answered.
    bool client_left() const;
    /// It did at a ServerHello of a version that it had offered: what else there is in the answer may be the reason.
    bool client_left_at_answer() const;
    /// It left by an alert that speaks of parameters, not of a certificate.
    bool client_refused_parameters() const;

    std::vector<SignatureScheme> offered_schemes() const; // without GREASE
    /// What the server's key can make in this version, as far as it is set to.
    std::vector<SignatureScheme> served_schemes() const;
    std::vector<CipherSuite> shared_suites() const;
    bool can_be_used(CipherSuite suite) const;
    bool fits_key(const CipherSuiteInfo& suite) const;
    /// Every shared suite of this version needs a group, and none is shared.
    bool is_groups_fault(const std::vector<CipherSuite>& both) const;
    /// A suite for the server's kind of key is shared, and no scheme that the key can make.
    bool is_schemes_fault(const std::vector<CipherSuite>& both) const;
    std::string name_of_key() const; // of a policy that has one: "ECDSA on secp256r1"

    const Transcript& wire;
    const ClientHello& hello;
    const Demand& demand;
    const Policy& policy;
    std::optional<ProtocolVersion> version; // that the server goes on with
    Decision decision;
    Outcome outcome;
};

namespace offers { // lists, in the order of the first one

template <class T> bool contains(const std::vector<T>& values, const T& value)
{
    return std::find(values.begin(), values.end(), value) != values.end();
}

template <class T> std::vector<T> shared(const std::vector<T>& offered, const std::vector<T>& served)
{
    std::vector<T> both;
    for (const auto& value : offered)
        if (contains(served, value) && !contains(both, value)) both.push_back(value);
    return both;
}

template <class T> std::vector<T> without_grease(std::vector<T> values)
{
    std::erase_if(values, [](T value) { return is_grease(value); });
    return values;
}

template <class T> std::vector<std::string> names_of(const std::vector<T>& values)
{
    std::vector<std::string> names;
    for (const auto& value : values) names.push_back(name(value));
    return names;
}

} // namespace offers
} // namespace alert40
