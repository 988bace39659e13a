// SPDX-License-Identifier: GPL-2.0-or-later
// libfaketime, by which a client that has no option for it gets another clock.
#pragma once

#include <filesystem>

namespace alert40 {

/// The preloadable library; empty where it is not installed.
std::filesystem::path find_faketime();

/// libnss_wrapper.so, which gives a program a /etc/hosts of its own.
bool find_nss_wrapper();

} // namespace alert40
