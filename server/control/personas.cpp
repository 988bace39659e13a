// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/personas.h"

#include <algorithm>

namespace alert40 {

ServerSettings with_persona(ServerSettings server, const std::string& persona)
{
    server.persona = {persona, {}};
    const auto change = [&](auto& each) {
        each.server = std::make_shared<const ServerSettings>(with_persona(*each.server, persona));
    };
    std::for_each(server.hosts.begin(), server.hosts.end(), change);
    std::for_each(server.addresses.begin(), server.addresses.end(), change);
    std::for_each(server.in_turn.begin(), server.in_turn.end(), change);
    return server;
}

Scenario with_persona(Scenario scenario, const std::string& persona)
{
    if (persona.empty()) return scenario;
    scenario.server = with_persona(std::move(scenario.server), persona);
    if (scenario.fix) scenario.fix->server = with_persona(std::move(scenario.fix->server), persona);
    return scenario;
}

} // namespace alert40
