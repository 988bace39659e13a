// SPDX-License-Identifier: GPL-2.0-or-later
// The table of faults: name, what it does, how its settings are read. Scenario keys, help and schema come from it.
#pragma once

#include "scenarios/loader/scenario.h"
#include "server/faults/fault.h"

#include <nlohmann/json_fwd.hpp>

namespace alert40 {

/// At which events a kind has something to act on.
enum class ActsOn {
    anything,
    records,        // of either side
    server_records, // those that are sent to the client
    client_hello,   // "client:client_hello" alone
};

struct FaultKind {
    std::string_view name;
    std::string_view summary;
    ActsOn acts_on;
    std::unique_ptr<Fault> (*make)(Trigger at, const TomlTable& settings);
    nlohmann::json (*schema)(); // of the settings beside `at`, `do` and `on_connection`
};

std::span<const FaultKind> all_faults();

/// Throws InputError for an unknown kind, trigger or setting, and for a trigger where this kind has nothing to act on,
/// with its position.
std::unique_ptr<Fault> make_fault(const FaultSettings& settings);

/// What the faults of a server can meet. Without versions: whatever another server answers with.
struct FaultPlace {
    std::vector<ProtocolVersion> versions;
    bool asks_client_certificate = true;
    bool sees_inside = true; // false: a box without keys, to which TLS 1.3 is encrypted from the ServerHello on
};

/// All of them. Throws InputError where one can never act: a message that no version of the server has, one that a box
/// cannot see, an event behind the end that another fault makes.
std::vector<std::unique_ptr<Fault>> make_faults(const std::vector<FaultSettings>& settings, const FaultPlace& place);

/// The JSON Schema of one entry of server.faults.
nlohmann::json fault_schema();

} // namespace alert40
