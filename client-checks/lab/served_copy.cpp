// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/served_copy.h"

namespace alert40 {

ServedCopy copy_of(const BoundScenario& bound, unsigned port, std::string address, std::string tag)
{
    const BoundServer& server = bound.server();
    ServedCopy copy{bound.scenario(), bound.fixed(), port, std::move(address), server.chain(),
                    server.settings().certificate.recipe, std::move(tag)};
    if (!copy.scenario.server.addresses.empty()) copy.address.clear();
    if (!copy.chain) return copy;
    const auto own = [](PrivateKey& key) { key = PrivateKey::from_der(key.type(), key.private_der()); };
    own(copy.chain->key);
    own(copy.chain->issuer.key); // it signs the CRLs that a client is given
    return copy;
}

} // namespace alert40
