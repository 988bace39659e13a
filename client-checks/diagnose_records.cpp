// SPDX-License-Identifier: GPL-2.0-or-later
// alert40-check diagnose: recorded runs.
#include "client-checks/commands.h"
#include "scenarios/loader/input_error.h"

namespace alert40 {

int diagnose_records(const DiagnoseOptions& /*options*/)
{
    throw InputError("diagnose cannot read recorded runs yet");
}

} // namespace alert40
