// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/vocabulary/alert.h"
#include "scenarios/vocabulary/content_type.h"
#include "scenarios/vocabulary/extension_type.h"
#include "scenarios/vocabulary/grease.h"
#include "scenarios/vocabulary/handshake_type.h"
#include "scenarios/vocabulary/named_group.h"
#include "scenarios/vocabulary/protocol_version.h"

#include <catch2/catch.hpp>

#include <set>

namespace alert40 {
namespace {

/// Every name of a vocabulary finds its value, the value has that name, and no name comes twice.
template <class Find> void check_names(const std::vector<std::string>& names, Find find)
{
    CHECK_FALSE(names.empty());
    CHECK(std::set<std::string>(names.begin(), names.end()).size() == names.size());
    for (const auto& each : names) {
        CAPTURE(each);
        const auto value = find(each);
        REQUIRE(value);
        CHECK(name(*value) == each);
    }
    CHECK_FALSE(find(""));
    CHECK_FALSE(find("no such name"));
}

TEST_CASE("every name of the vocabulary finds its value and back", "[vocabulary]")
{
    check_names(all_protocol_version_names(), find_protocol_version);
    check_names(all_content_type_names(), find_content_type);
    check_names(all_handshake_type_names(), find_handshake_type);
    check_names(all_extension_type_names(), find_extension_type);
    check_names(all_alert_level_names(), find_alert_level);
    check_names(all_alert_description_names(), find_alert_description);
    check_names(all_named_group_names(), find_named_group);
}

TEST_CASE("alerts carry the RFC's name, and reports add the number", "[vocabulary][alert]")
{
    CHECK(name(AlertDescription::handshake_failure) == "handshake_failure");
    CHECK(display_name(AlertDescription::handshake_failure) == "handshake_failure (40)");
    CHECK(display_name(AlertDescription::close_notify) == "close_notify (0)");
    CHECK(name(AlertDescription{200}) == "unknown (200)");
    CHECK(display_name(AlertDescription{200}) == "unknown (200)");
    CHECK(find_alert_description("certificate_required") == AlertDescription::certificate_required);
    CHECK(find_alert_description("no_certificate") == AlertDescription{41});
    CHECK(name(AlertLevel{0}) == "unknown (0)");
}

TEST_CASE("versions have a short name for scenarios and one to show", "[vocabulary][version]")
{
    CHECK(name(ProtocolVersion::tls12) == "1.2");
    CHECK(display_name(ProtocolVersion::tls12) == "TLS 1.2");
    CHECK(name(ProtocolVersion::ssl30) == "ssl3.0");
    CHECK(name(ProtocolVersion{0x7F1C}) == "0x7F1C");
    CHECK(find_protocol_version("1.3") == ProtocolVersion{0x0304});
    CHECK_FALSE(is_known(ProtocolVersion{0x0305}));
    CHECK_FALSE(is_known(ProtocolVersion{0x0002}));
    CHECK(all_protocol_versions().size() == 5);
}

TEST_CASE("groups are found by IANA's name, NIST's and OpenSSL's", "[vocabulary][group]")
{
    CHECK(find_named_group("secp256r1") == NamedGroup{23});
    CHECK(find_named_group("P-256") == NamedGroup::secp256r1);
    CHECK(find_named_group("prime256v1") == NamedGroup::secp256r1);
    CHECK(find_named_group("X25519") == NamedGroup::x25519);
    CHECK(find_named_group("x25519mlkem768") == NamedGroup{0x11EC});
    CHECK(name(NamedGroup::x25519) == "x25519");
    CHECK(name(NamedGroup{0xABCD}) == "0xABCD");
}

TEST_CASE("a group is a curve, a finite field or post-quantum", "[vocabulary][group]")
{
    for (const auto group : {NamedGroup::x25519, NamedGroup::secp521r1, NamedGroup::brainpoolP512r1tls13}) {
        CHECK(is_elliptic_curve(group));
        CHECK_FALSE(is_ffdhe(group));
        CHECK_FALSE(is_post_quantum(group));
    }
    CHECK(is_ffdhe(NamedGroup::ffdhe8192));
    CHECK_FALSE(is_elliptic_curve(NamedGroup::ffdhe2048));
    CHECK_FALSE(is_ffdhe(NamedGroup::MLKEM512));
    CHECK(is_post_quantum(NamedGroup::X25519MLKEM768));
    CHECK_FALSE(is_elliptic_curve(NamedGroup::X25519MLKEM768));
}

TEST_CASE("unknown types are written with their number", "[vocabulary]")
{
    CHECK(name(ContentType{99}) == "unknown (99)");
    CHECK(name(HandshakeType{99}) == "unknown (99)");
    CHECK(name(ExtensionType{1234}) == "unknown (1234)");
    CHECK(name(ExtensionType::renegotiation_info) == "renegotiation_info");
}

TEST_CASE("GREASE is the sixteen values of RFC 8701 and no other", "[vocabulary][grease]")
{
    int found = 0;
    for (unsigned value = 0; value <= 0xFFFF; ++value)
        if (is_grease(static_cast<std::uint16_t>(value))) ++found;
    CHECK(found == 16);
    CHECK(is_grease(std::uint16_t{0x0A0A}));
    CHECK(is_grease(NamedGroup{0xFAFA}));
    CHECK_FALSE(is_grease(std::uint16_t{0x0A1A}));
    CHECK_FALSE(is_grease(ProtocolVersion::tls13));
}

} // namespace
} // namespace alert40
