// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/identity.h"

namespace alert40 {
namespace {

/// As tls_choose_sigalg() (OpenSSL 3.0, ssl/t1_lib.c) goes through the schemes that both sides have.
std::size_t choose_by_scheme(std::span<const BoundIdentity> identities, const ClientHello& hello)
{
    for (const auto scheme : hello.signature_schemes())
        for (std::size_t index = 0; index < identities.size(); ++index) {
            const auto& policy = identities[index].policy;
            if (policy.key && can_sign(*policy.key, scheme, ProtocolVersion::tls13)) return index;
        }
    return 0;
}

/// As ssl3_choose_cipher() (ssl/s3_lib.c) does, whose masks hold the kinds of all its keys.
std::size_t choose_by_suite(std::span<const BoundIdentity> identities, const ClientHello& hello)
{
    for (const auto suite : hello.cipher_suites)
        for (std::size_t index = 0; index < identities.size(); ++index)
            if (serves(identities[index].policy, hello, suite)) return index;
    return 0;
}

} // namespace

std::size_t choose_identity(std::span<const BoundIdentity> identities, const ClientHello& hello)
{
    if (identities.size() == 1) return 0;
    const auto version = negotiated_version(identities.front().policy, hello);
    if (!version) return 0;
    return *version == ProtocolVersion::tls13 ? choose_by_scheme(identities, hello)
                                              : choose_by_suite(identities, hello);
}

} // namespace alert40
