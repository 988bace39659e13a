// SPDX-License-Identifier: GPL-2.0-or-later
// What the fault files offer to the table; nothing else includes this.
#pragma once

#include "scenarios/loader/fields.h"
#include "server/faults/fault.h"

namespace alert40 {

std::unique_ptr<Fault> make_alert_fault(Trigger at, const TomlTable& settings);
nlohmann::json alert_fault_schema();
std::unique_ptr<Fault> make_close_fault(Trigger at, const TomlTable& settings);
std::unique_ptr<Fault> make_reset_fault(Trigger at, const TomlTable& settings);
std::unique_ptr<Fault> make_send_fault(Trigger at, const TomlTable& settings);
nlohmann::json send_fault_schema();
std::unique_ptr<Fault> make_stall_fault(Trigger at, const TomlTable& settings);

/// For the kinds that have nothing to set: any key beside `at` and `do` is refused.
struct NoSettings {};
inline void read_no_settings(const TomlTable& settings)
{
    read_table(settings, Fields<NoSettings>{});
}
inline nlohmann::json no_settings_schema()
{
    return schema_of(Fields<NoSettings>{});
}

} // namespace alert40
