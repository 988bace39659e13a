// SPDX-License-Identifier: GPL-2.0-or-later
// alert40-check diagnose: live servers.
#include "client-checks/commands.h"
#include "scenarios/loader/input_error.h"

namespace alert40 {

int diagnose_server(const DiagnoseOptions& /*options*/)
{
    throw InputError("diagnose cannot read live servers yet");
}

} // namespace alert40
