// SPDX-License-Identifier: GPL-2.0-or-later
// The rows of offer against demand, one function each. A row matters where it decided how the connection ended: the
// server refused for it, or the client left for what the server answered.
#pragma once

#include "client-checks/lab/offer_facts.h"

namespace alert40 {

OfferRow versions_row(const OfferFacts& facts);
OfferRow suites_row(const OfferFacts& facts);
OfferRow groups_row(const OfferFacts& facts);
OfferRow schemes_row(const OfferFacts& facts);
OfferRow server_name_row(const OfferFacts& facts);
OfferRow alpn_row(const OfferFacts& facts);

// nullopt: there is nothing to say of it.
std::optional<OfferRow> extended_master_secret_row(const OfferFacts& facts);
std::optional<OfferRow> dh_row(const OfferFacts& facts);
std::optional<OfferRow> renegotiation_info_row(const OfferFacts& facts);
std::optional<OfferRow> fallback_row(const OfferFacts& facts);
std::optional<OfferRow> client_certificate_row(const OfferFacts& facts);
/// What the server does not bear in a ClientHello, whatever its lists say, where it ended this connection for it.
std::optional<OfferRow> intolerance_row(const OfferFacts& facts);

} // namespace alert40
