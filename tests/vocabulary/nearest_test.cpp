// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/vocabulary/nearest.h"

#include "scenarios/vocabulary/alert.h"
#include "scenarios/vocabulary/cipher_suite.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

TEST_CASE("a misspelt name is answered with the nearest one", "[vocabulary][nearest]")
{
    const auto alerts = all_alert_description_names();
    CHECK(nearest("handshake_failur", alerts) == "handshake_failure");
    CHECK(nearest("Handshake_Failure", alerts) == "handshake_failure");
    CHECK(nearest("certificat_expird", alerts) == "certificate_expired");
    CHECK(nearest("ECDHE-RSA-AES128-GCM-SHA265", all_cipher_suite_names()) == "ECDHE-RSA-AES128-GCM-SHA256");
}

TEST_CASE("a name like no other gets no hint", "[vocabulary][nearest]")
{
    CHECK_FALSE(nearest("banana", all_alert_description_names()));
    CHECK_FALSE(nearest("", all_alert_description_names()));
    CHECK_FALSE(nearest("anything", {}));
}

TEST_CASE("a short name may differ in one letter", "[vocabulary][nearest]")
{
    const std::vector<std::string> allowed = {"1.2", "1.3"};
    CHECK(nearest("1.4", allowed) == "1.2");
    CHECK_FALSE(nearest("tls", allowed));
}

} // namespace
} // namespace alert40
