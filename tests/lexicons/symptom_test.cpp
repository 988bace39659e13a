// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lexicons/symptom.h"

#include <algorithm>
#include <catch2/catch.hpp>

namespace alert40 {
namespace {

TEST_CASE("a symptom is its text, its kind and its reason", "[lexicons][symptom]")
{
    struct Case {
        std::string text, kind, reason;
    };
    const auto each =
        GENERATE(Case{"connected", "connected", ""}, Case{"timeout", "timeout", ""},
                 Case{"http-status:400", "http-status", "400"}, Case{"verify:expired", "verify", "expired"},
                 Case{"local:dh-too-small", "local", "dh-too-small"},
                 Case{"alert-received:handshake_failure", "alert-received", "handshake_failure"},
                 Case{"alert-received:unspecified", "alert-received", "unspecified"});
    const auto symptom = Symptom::parse(each.text);
    REQUIRE(symptom);
    CHECK(symptom->text() == each.text);
    CHECK(symptom->kind() == each.kind);
    CHECK(symptom->reason() == each.reason);
}

TEST_CASE("what is no symptom is none", "[lexicons][symptom]")
{
    const auto* text = GENERATE("", ":", "connected:", "verify", "verify:", "verify:expird", "local:expired",
                                "closed:now", "http-status:40", "http-status:4x0", "http-status:4000",
                                "alert-received:40", "alert-received:", "Connected", "verify:expired ");
    CAPTURE(text);
    CHECK_FALSE(Symptom::parse(text));
}

TEST_CASE("every name of the list parses, and no name stands twice", "[lexicons][symptom]")
{
    auto names = all_symptom_names();
    for (const auto& name : names) CHECK(Symptom::parse(name));
    std::sort(names.begin(), names.end());
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
}

TEST_CASE("a received alert is the symptom of its RFC name", "[lexicons][symptom]")
{
    CHECK(Symptom::received(AlertDescription::certificate_required) ==
          Symptom::parse("alert-received:certificate_required"));
    CHECK(describe({Symptom::received(AlertDescription::unknown_ca), *Symptom::parse("closed")}) ==
          "alert-received:unknown_ca or closed");
    CHECK(describe(SymptomSet{}) == "nothing that the lexicon knows");
}

} // namespace
} // namespace alert40
