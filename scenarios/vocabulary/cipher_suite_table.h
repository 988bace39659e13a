// SPDX-License-Identifier: GPL-2.0-or-later
// The bare rows behind cipher_suite.h, which is the one to include.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace alert40 {

struct CipherSuiteRow {
    std::uint16_t value;
    std::string_view iana_name;
    std::string_view openssl_name;
};

/// By rising value, no value twice, no IANA name twice.
std::span<const CipherSuiteRow> cipher_suite_rows();

} // namespace alert40
