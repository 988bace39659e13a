// SPDX-License-Identifier: GPL-2.0-or-later
// Where certificates say that their issuer's certificate, its CRL and its OCSP responder are found (RFC 5280, sections
// 4.2.1.13 and 4.2.2.1; RFC 6960, appendix A; RFC 4387 for the media types): an HTTP server on loopback. Its port
// stands in the certificates, so it is bound first and they are forged after it.
#pragma once

#include "certs/forge.h"

#include <memory>

namespace alert40 {

/// One per process; any thread may forge. What was published stays until the end.
class Publication {
public:
    /// Binds a free port of 127.0.0.1 and answers from a thread of its own. Throws std::runtime_error where it cannot.
    Publication();
    ~Publication();
    Publication(const Publication&) = delete;
    Publication& operator=(const Publication&) = delete;

    unsigned port() const;

    /// Forges `plan` as forge_chain() does. Where its leaf names services, they are here: the issuer's certificate, an
    /// OCSP response about the leaf, and a CRL, both of which call it revoked where the plan does. They hold for the
    /// eight days of a leaf.
    Chain forge(const ChainPlan& plan, StateDirectory& state, std::chrono::system_clock::time_point now);

private:
    struct Server;
    std::unique_ptr<Server> server_;
};

} // namespace alert40
