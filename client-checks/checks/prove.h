// SPDX-License-Identifier: GPL-2.0-or-later
// The counterfactual probes against a cell's own listener: what the evidence of one failure leaves open is settled by
// experiment. Nothing of the scenario is told to them but where it listens, and what its client was given.
#pragma once

#include "client-checks/clients/expand.h"
#include "client-checks/diagnosis/diagnosis.h"
#include "scenarios/loader/scenario.h"
#include "server/wire/client_hello.h"

#include <asio/awaitable.hpp>

namespace alert40 {

/// What the client had: where it went, whom it trusts, its certificate, and the ClientHello that it sent.
struct ProofOf {
    Target target;
    Starttls starttls = Starttls::none;
    std::string library;              // the client's lexicon
    std::optional<ClientHello> hello; // nullopt: it sent none, and one of today's takes its place
};

/// Diagnoses the server at `of.target` as a live one. Throws InputError where the client's files cannot be read.
asio::awaitable<Diagnosis> prove(ProofOf of, const Knowledge& knowledge);

} // namespace alert40
