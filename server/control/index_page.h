// SPDX-License-Identifier: GPL-2.0-or-later
// What the common port answers by its plain name, over TLS: a page with every scenario, the root to trust, commands.
#pragma once

#include "scenarios/loader/scenario.h"

namespace alert40 {

/// A server without a fault whose certificate has these names; numeric ones as addresses.
Scenario index_scenario(const std::vector<std::string>& names);

/// By which a client without a scenario's name may call a server on `listen`.
std::vector<std::string> plain_names(const std::string& listen);

struct IndexEntry {
    std::string id;
    std::string title;
    std::string server_name;
};

/// HTML. `entries` in the order of the catalogue, families together.
std::string index_page(const std::vector<IndexEntry>& entries, const std::string& listen, unsigned port);

/// The HTTP response: the page, or the root for "GET /root.pem".
std::string index_answer(const std::string& page, const std::filesystem::path& root_pem, std::string_view request);

} // namespace alert40
