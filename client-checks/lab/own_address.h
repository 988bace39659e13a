// SPDX-License-Identifier: GPL-2.0-or-later
// By which address others, and we, meet a server that listens on `bound`.
#pragma once

#include <string>

namespace alert40 {

/// `bound` itself; for 0.0.0.0 and :: loopback.
std::string address_for_us(const std::string& bound);

/// `bound` itself; for 0.0.0.0 the first IPv4 address of this machine that is no loopback one, for :: the first such
/// IPv6 address that is not link-local; loopback where there is none.
std::string address_for_others(const std::string& bound);

} // namespace alert40
