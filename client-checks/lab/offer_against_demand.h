// SPDX-License-Identifier: GPL-2.0-or-later
// What a client offered in its ClientHello beside what its server accepts, list by list: what both have, and which list
// decided. Shown to somebody who may know the server's settings; the diagnosis never sees it.
#pragma once

#include "server/engine/policy.h"
#include "server/wire/outcome.h"

#include <nlohmann/json_fwd.hpp>

namespace alert40 {

/// What the server demanded of this client.
struct Demand {
    const Policy& policy; // of the certificate that answers this ClientHello
    ClientCertificate client_certificate = ClientCertificate::none;
    std::vector<FaultSettings> faults = {}; // by which a server refuses a ClientHello whatever its lists say
};

/// One list of the offer.
struct OfferRow {
    std::string what; // "versions", "cipher suites", "groups", "signature schemes", "server name", "alpn", ...
    std::vector<std::string> client; // where `is_range`, one entry: "up to TLS 1.2"
    std::vector<std::string> server;
    std::vector<std::string> common; // what both have and could use together
    bool matters = false;            // this list decided how it ended
    std::string note;                // a sentence without full stop; may be empty
    bool is_range = false;           // the client told the upper end alone (RFC 5246 section 7.4.1.2)
};

struct OfferComparison {
    std::vector<OfferRow> rows;
    std::string verdict; // a sentence without full stop
};

/// `wire` is one whose ClientHello could be read. Throws std::invalid_argument where it has none.
OfferComparison compare_offer(const Transcript& wire, const Demand& demand);

/// {"rows":[{"what","client","server","common","matters","note","range"}],"verdict"}
nlohmann::ordered_json to_json(const OfferComparison& comparison);

} // namespace alert40
