// SPDX-License-Identifier: GPL-2.0-or-later
// Where the tests find the shipped data and their own.
#pragma once

#include <filesystem>

/// The root of the source tree that was built.
std::filesystem::path test_source_dir();
