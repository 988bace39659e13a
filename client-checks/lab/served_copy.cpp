// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/served_copy.h"

#include "client-checks/lab/own_address.h"

namespace alert40 {

ServedCopy copy_of(const BoundScenario& bound, const ListenerView& listener)
{
    const BoundServer& server = bound.server();
    ServedCopy copy{bound.scenario(), bound.fixed(),
                    listener.port,    address_for_us(listener.addresses.front()),
                    server.chain(),   server.settings().certificate.recipe,
                    listener.name};
    if (listener.scenario.empty()) copy.tag += "." + listener_name(copy.scenario.id);
    if (!copy.scenario.server.addresses.empty()) copy.address.clear();
    if (!copy.chain) return copy;
    const auto own = [](PrivateKey& key) { key = PrivateKey::from_der(key.type(), key.private_der()); };
    own(copy.chain->key);
    own(copy.chain->issuer.key); // it signs the CRLs that a client is given
    return copy;
}

} // namespace alert40
