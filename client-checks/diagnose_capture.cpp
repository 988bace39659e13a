// SPDX-License-Identifier: GPL-2.0-or-later
// alert40-check diagnose: captures.
#include "client-checks/commands.h"
#include "scenarios/loader/input_error.h"

namespace alert40 {

int diagnose_capture(const DiagnoseOptions& /*options*/)
{
    throw InputError("diagnose cannot read captures yet");
}

} // namespace alert40
