// SPDX-License-Identifier: GPL-2.0-or-later
// The personas of the repository, loaded once.
#pragma once

#include "server/personas/persona.h"
#include "tests/source_dir.h"

namespace alert40::test {

inline const PersonaCatalogue& shared_personas()
{
    static const auto personas = load_personas(test_source_dir() / "server" / "personas");
    return personas;
}

} // namespace alert40::test
