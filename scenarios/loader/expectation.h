// SPDX-License-Identifier: GPL-2.0-or-later
// What must happen: how the connection ends, what the wire shows, what the client concludes.
#pragma once

#include "scenarios/loader/source_pos.h"
#include "scenarios/vocabulary/alert.h"

#include <optional>
#include <vector>

namespace alert40 {

enum class Ending {
    connected,
    server_alert,
    server_close,
    server_reset,
    timeout,
    client_rejects, // the client judges, as its library does: what the wire shows follows from the library's manners
    client_closes,
    http_refuses,        // the handshake is done, and an HTTP status of 400 or more follows: the symptom says which
    not_listening,       // nothing listens: the client is refused by the machine
    client_never_speaks, // the client's own configuration stops it: it connects or not, and sends no ClientHello
};

/// The last message that completed, in tap order.
enum class Phase {
    before_client_hello,
    before_server_hello,
    after_server_hello,
    after_server_flight,
    after_client_finished,
    after_application_data,
};

struct TomlValue;

std::string_view name(Ending ending); // "server-alert"
std::optional<Ending> find_ending(std::string_view name);
std::vector<std::string> all_ending_names();

std::string_view name(Phase phase); // "before-server-hello"
std::optional<Phase> find_phase(std::string_view name);
std::vector<std::string> all_phase_names();

/// How one library or client differs, with the reason. Fields left out stay as the scenario says.
struct ExpectationException {
    Located<std::string> name;
    std::string because;
    std::optional<std::string> skip; // nothing can be shown for it here, and why
    std::optional<Ending> ends;
    std::optional<AlertDescription> alert;
    std::optional<AlertLevel> alert_level;
    std::optional<Phase> phase;
    std::optional<Located<std::string>> symptom;
    std::optional<bool> resumed;
};

/// How a library or client differs from many scenarios, for one reason; said in its own file.
struct Deviation {
    std::vector<std::string> scenarios; // their ids, with * for any text
    ExpectationException differs;       // its name is empty

    bool covers(std::string_view scenario) const;
};

struct Expectation {
    SourcePos where;
    Ending ends = Ending::connected;
    std::optional<AlertDescription> alert;
    std::optional<AlertLevel> alert_level; // fatal where an alert is expected and this is absent
    std::optional<Phase> phase;
    std::optional<Located<std::string>> symptom; // where it does not follow from `ends`
    std::optional<bool> resumed;   // whether the wire shows an abbreviated handshake; not asked where absent
    std::vector<unsigned> failing; // of client.connections, counted from 1; empty: all
    std::vector<ExpectationException> library;
    std::vector<ExpectationException> client;
};

/// An array of deviations: scenarios, because, and the fields of an exception. Throws InputError.
std::vector<Deviation> read_deviations(const TomlValue& value);

} // namespace alert40
