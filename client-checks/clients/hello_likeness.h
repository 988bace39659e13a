// SPDX-License-Identifier: GPL-2.0-or-later
// Which recorded client a ClientHello is like: it tells whose software sent it.
#pragma once

#include "client-checks/clients/hello_profiles.h"

namespace alert40 {

/// Which profiles a ClientHello is like.
struct HelloLikeness {
    enum class Degree {
        same,      // the same JA4
        same_kind, // but for the server name and ALPN
        alike,     // the lists are more alike than different
        none,
    };
    Degree degree = Degree::none;
    std::vector<const HelloProfile*> profiles; // the best ones, as good as each other; they live where they did
    unsigned percent = 0;                      // how alike the lists are
};

/// Among `profiles`, which outlive the answer.
HelloLikeness nearest_profile(const std::vector<HelloProfile>& profiles, const ClientHello& hello);

/// The profiles with this JA4; where there are none, those that differ in the server name and ALPN alone.
std::vector<const HelloProfile*> profiles_of_ja4(const std::vector<HelloProfile>& profiles, std::string_view ja4);

/// "as curl 7.88.1 (openssl) sends it", "like that of ... (81 % alike)", "like none that was recorded".
std::string describe(const HelloLikeness& likeness);

} // namespace alert40
