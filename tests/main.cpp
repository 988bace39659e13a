// SPDX-License-Identifier: GPL-2.0-or-later
// Catch2's own main(), compiled once for all test programs.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "tests/source_dir.h"

std::filesystem::path test_source_dir()
{
    return ALERT40_TEST_SOURCE_DIR;
}
