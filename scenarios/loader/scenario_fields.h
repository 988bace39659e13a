// SPDX-License-Identifier: GPL-2.0-or-later
// The tables that say what the sections of a scenario file may hold.
#pragma once

#include "scenarios/loader/codecs.h"
#include "scenarios/loader/scenario.h"

namespace alert40 {

template <> struct Codec<unsigned> {
    static unsigned read(const TomlValue& value) { return static_cast<unsigned>(read_integer(value, 1, 65'535)); }
    static nlohmann::json schema() { return {{"type", "integer"}, {"minimum", 1}, {"maximum", 65'535}}; }
};

const Fields<ServerSettings>& server_fields();

/// [server], with the settings of its hosts and back ends worked out.
ServerSettings read_server(const TomlTable& table);

const Fields<ClientSettings>& client_fields();

Expectation read_expectation(const TomlValue& value);
nlohmann::json expectation_schema();

} // namespace alert40
