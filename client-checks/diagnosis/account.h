// SPDX-License-Identifier: GPL-2.0-or-later
// What a talkative client tells of the handshake beside its error: how far it came, whether a certificate was asked
// for, what the server's chain was, at which depth the verification failed. openssl s_client (also -state and -msg),
// curl -v, gnutls-cli (also -d), javax.net.debug, Erlang, NSS and the function names of OpenSSL 1.0 tell some of it.
#pragma once

#include "client-checks/diagnosis/told_time.h"
#include "scenarios/loader/expectation.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

/// A certificate as it is listed: names in the client's own notation.
struct ListedCertificate {
    std::string subject;
    std::string issuer;
    std::string ends; // as it is written; empty where it is not told
    std::string begins = {};
};

/// The dates that a client gives with its complaint about a date.
struct ToldDates {
    std::optional<TimePoint> ended;  // the end of the certificate that it refused
    std::optional<TimePoint> begins; // or its begin
    std::optional<TimePoint> clock;  // what the client takes for the present
};

struct Account {
    /// The last message that the text tells of came before this; nullopt where it tells nothing of it.
    std::optional<Phase> phase;
    /// It ended in the handshake, as the client sees it; false: it took the handshake for done. nullopt: not told.
    std::optional<bool> in_handshake;
    bool asked_for_certificate = false;   // a CertificateRequest came
    bool sent_no_certificate = false;     // and was answered with an empty one
    bool sends_what_it_has = false;       // gnutls-cli: it would have sent one whatever the server's list of issuers
    std::optional<int> failed_depth;      // of the chain, at which the verification failed: 0 is the server's own
    std::vector<ListedCertificate> chain; // the server's, as sent
    ToldDates dates;

    bool empty() const
    {
        const bool dated = dates.ended || dates.begins || dates.clock;
        return !dated && !phase && !in_handshake && !asked_for_certificate && !sent_no_certificate && !failed_depth &&
               chain.empty();
    }
};

/// Reads it line by line; lines longer than 4 KiB are cut there, and of a chain at most 32 certificates are kept.
/// Any bytes may be given.
Account read_account(std::string_view output);

} // namespace alert40
