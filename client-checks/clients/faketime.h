// SPDX-License-Identifier: GPL-2.0-or-later
// libfaketime, by which a client that has no option for it gets another clock.
#pragma once

#include <filesystem>

namespace alert40 {

/// The preloadable library; empty where it is not installed.
std::filesystem::path find_faketime();

} // namespace alert40
