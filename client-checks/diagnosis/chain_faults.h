// SPDX-License-Identifier: GPL-2.0-or-later
// What is wrong with a server's chain, as far as it can be read: each gives the fact as a sentence, or nothing.
#pragma once

#include "client-checks/diagnosis/chain_refusal.h"

namespace alert40 {

/// Every certificate that the server sent, the leaf's path, is in date at the time of the capture; nullopt where that
/// is not known.
std::optional<bool> chain_in_date(const Evidence& evidence);

using ChainFault = std::optional<std::string> (*)(const Evidence& evidence);

std::optional<std::string> expired_issuer(const Evidence& evidence);
/// The leaf's extended key usage has no serverAuth, or its key usage forbids it to sign.
std::optional<std::string> wrong_usage(const Evidence& evidence);
/// An issuer that is no CA, a path length or a name constraint exceeded, a critical extension that nobody knows.
std::optional<std::string> violated_constraint(const Evidence& evidence);
/// An RSA key of less than 2048 bits.
std::optional<std::string> weak_key(const Evidence& evidence);
/// MD5 or SHA-1 in a signature below the root.
std::optional<std::string> weak_signature(const Evidence& evidence);
/// Octets that are no certificate, or a certificate whose signature is not its issuer's.
std::optional<std::string> malformed(const Evidence& evidence);
/// The first certificate is an authority's and another one is the server's, or an issuer stands before what it issued.
std::optional<std::string> misordered(const Evidence& evidence);
/// More octets, or more certificates above one another, than a client's library takes by default.
std::optional<std::string> too_large(const Evidence& evidence);

/// What the client's words claim without a readable chain, where they mean the first of the reasons and nothing else:
/// `certain` of words that no other cause has ("ee key too small").
enum class OwnWords { likely, certain };

/// A rule about a fault that the chain shows: certain where the fault is there and the client refused for it, or for
/// nothing that can be named; without a readable chain as the client's words and `own_alert`, which no other cause has,
/// allow; nothing where the chain could be read and is without the fault.
std::optional<Finding> find_chain_fault(std::string cause, const Evidence& evidence, ChainFault fault,
                                        std::initializer_list<std::string_view> reasons,
                                        std::initializer_list<AlertDescription> alerts,
                                        std::optional<AlertDescription> own_alert = std::nullopt,
                                        OwnWords own_words = OwnWords::likely);

} // namespace alert40
