// SPDX-License-Identifier: GPL-2.0-or-later
// The keys of a client's file.
#pragma once

#include "client-checks/clients/definition.h"
#include "scenarios/loader/fields.h"

namespace alert40 {

const Fields<ClientDefinition>& client_definition_fields();

} // namespace alert40
