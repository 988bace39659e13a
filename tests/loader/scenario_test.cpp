// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/loader/scenario.h"

#include "scenarios/loader/input_error.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace alert40 {
namespace {

/// The parts of a file, each to be replaced by what a test is about.
struct Text {
    std::string cause = "cipher-mismatch";
    std::string sections = "[server]\nversions = [\"1.2\"]\n";
    std::string expect = "ends = \"server-alert\"\nalert = \"handshake_failure\"\n";
    std::string fix = "[fix]\nsummary = \"f\"\nserver.versions = [\"1.2\", \"1.3\"]\n";
};

Scenario parse(const Text& text)
{
    const auto whole = fmt::format("title = \"t\"\ncause = \"{}\"\nstory = \"s\"\nlesson = \"l\"\n{}[expect]\n{}{}",
                                   text.cause, text.sections, text.expect, text.fix);
    return parse_scenario(whole, "x.toml", "cipher/x");
}

std::string error_of(const Text& text)
{
    try {
        parse(text);
    } catch (const InputError& error) {
        return error.what();
    }
    return "no error";
}

Text with_expect(std::string expect)
{
    Text text;
    text.expect = std::move(expect);
    return text;
}

Text with_sections(std::string sections)
{
    Text text;
    text.sections = std::move(sections);
    return text;
}

TEST_CASE("a scenario that fails is read with its fix applied beside it", "[loader][scenario]")
{
    Text text;
    text.sections = "[server]\nversions = [\"1.2\"]\nciphers = "
                    "[\"ECDHE-ECDSA-AES256-GCM-SHA384\"]\n[client]\nserver_name = \"a.test\"\n";
    const auto scenario = parse(text);
    CHECK(scenario.id == "cipher/x");
    CHECK(scenario.family() == "cipher");
    CHECK(scenario.cause.where.text() == "x.toml:2:9");
    CHECK(scenario.expect.ends == Ending::server_alert);
    CHECK(scenario.expect.alert == AlertDescription::handshake_failure);
    REQUIRE(scenario.fix);
    CHECK(scenario.server.versions == std::vector{ProtocolVersion::tls12});
    CHECK(scenario.fix->server.versions == std::vector{ProtocolVersion::tls12, ProtocolVersion::tls13});
    CHECK(scenario.fix->server.ciphers->values == scenario.server.ciphers->values); // what the fix does not name stays
    CHECK(scenario.fix->client.server_name == "a.test");
    const auto twin = fixed_twin(scenario);
    CHECK(twin.server.versions.size() == 2);
    CHECK(twin.expect.ends == Ending::connected);
    CHECK_FALSE(twin.fix);
    CHECK_THROWS_AS(fixed_twin(twin), std::logic_error);
}

TEST_CASE("a scenario that connects has neither fix nor need of a cause", "[loader][scenario]")
{
    Text text;
    text.cause = "none";
    text.expect = "ends = \"connected\"\n";
    text.fix.clear();
    CHECK_FALSE(parse(text).fix);
    text.fix = Text{}.fix;
    CHECK(error_of(text) == "x.toml:9:1: a scenario that connects has nothing to fix");
}

TEST_CASE("what makes no sense in a scenario is refused where it stands", "[loader][scenario]")
{
    Text text;
    text.fix.clear();
    CHECK(error_of(text) ==
          "x.toml: a scenario that fails needs its [fix]\n  hint: the overlay that removes the cause and nothing else");
    text = {};
    text.cause = "none";
    CHECK(error_of(text) == "x.toml:2:9: a scenario that fails has a cause\n  hint: \"none\" is for controls");
    text = {};
    text.fix = "[fix]\nsummary = \"f\"\n";
    CHECK(error_of(text).starts_with("x.toml:10:1: the fix changes nothing"));
    text.fix = "[fix]\nserver.versions = [\"1.3\"]\n";
    CHECK(error_of(text).find("the key 'summary' is missing") != std::string::npos);
    text.fix = "[fix]\nsummary = \"f\"\nexpect.ends = \"connected\"\n";
    CHECK(error_of(text).find("unknown key 'expect'") != std::string::npos);
    text.fix = "[fix]\nsummary = \"f\"\nserver.version = [\"1.3\"]\n";
    CHECK(error_of(text).find("x.toml:12:18: unknown key 'version'\n  hint: did you mean 'versions'?") !=
          std::string::npos);
}

TEST_CASE("an expectation says what its ending needs", "[loader][scenario]")
{
    CHECK(error_of(with_expect("ends = \"server-alert\"\n")).find("needs the alert") != std::string::npos);
    CHECK(error_of(with_expect("ends = \"client-rejects\"\n")).find("needs what the client concludes") !=
          std::string::npos);
    CHECK(error_of(
              with_expect("ends = \"client-rejects\"\nsymptom = \"verify:expired\"\nphase = \"after-server-flight\"\n"))
              .find("has no phase") != std::string::npos);
    CHECK(error_of(with_expect("ends = \"client-rejects\"\nsymptom = \"verify:expired\"\n")) == "no error");
    CHECK(error_of(with_expect("ends = \"server-alerts\"\n")).find("did you mean 'server-alert'?") !=
          std::string::npos);
    CHECK(
        error_of(with_expect("ends = \"timeout\"\nphase = \"before-hello\"\n")).find("unknown phase 'before-hello'") !=
        std::string::npos);
    CHECK(error_of(with_expect("ends = \"timeout\"\n[[expect.client]]\nname = \"curl\"\n"))
              .find("the key 'because' is missing") != std::string::npos);
}

TEST_CASE("the lists of a server are values, or left to the first hello", "[loader][scenario]")
{
    const auto adaptive = parse(with_sections("[server]\nciphers = \"none-offered\"\ngroups = [\"P-256\"]\n"));
    CHECK(adaptive.server.ciphers->none_offered);
    CHECK(adaptive.server.groups->values == std::vector{NamedGroup::secp256r1});
    CHECK(error_of(with_sections("[server]\nciphers = \"none\"\n")) ==
          "x.toml:6:11: expected a list or \"none-offered\", found \"none\"");
    CHECK(error_of(with_sections("[server]\nversions = [\"1.4\"]\n"))
              .starts_with("x.toml:6:13: unknown protocol version '1.4'\n  hint: "));
}

TEST_CASE("numbers and faults of a scenario are checked", "[loader][scenario]")
{
    CHECK(error_of(with_sections("[server]\ndh_bits = 16385\n")) ==
          "x.toml:6:11: 16385 is out of range\n  hint: from 0 to 16384");
    CHECK(error_of(with_sections("[client]\ntimeout_ms = 600001\n")).find("from 1 to 600000") != std::string::npos);
    CHECK(error_of(with_sections("[server]\nfaults = [{ do = \"reset\" }]\n"))
              .starts_with("x.toml:6:11: a fault needs its trigger"));
    CHECK(error_of(with_sections("[server]\nfaults = [{ at = \"connect\" }]\n"))
              .starts_with("x.toml:6:11: a fault needs its kind"));
    const auto scenario =
        parse(with_sections("[server]\nfaults = [{ at = \"connect\", do = \"anything\", extra = 1 }]\n"));
    const auto& fault = scenario.server.faults.front(); // its kind is the server's business
    CHECK(fault.kind.where.text() == "x.toml:6:34");
    CHECK(fault.settings.find("extra")->as_integer() == 1);
}

TEST_CASE("an alert and what a server name gets are read apart", "[loader][scenario]")
{
    const auto scenario = parse(
        with_sections("[server]\nunknown_name = \"default-certificate\"\nmissing_name = \"unrecognized_name\"\n"));
    CHECK(scenario.server.unknown_name == NameAnswer{});
    CHECK(scenario.server.missing_name == NameAnswer{NameAnswer::Kind::alert, AlertDescription::unrecognized_name});
    CHECK(error_of(with_sections("[server]\nunknown_name = \"default\"\n"))
              .find("unknown answer to a server name 'default'") != std::string::npos);
    CHECK(error_of(with_expect("ends = \"server-alert\"\nalert = \"default-certificate\"\n"))
              .find("unknown alert 'default-certificate'") != std::string::npos);
}

TEST_CASE("names follow from the id unless they are said", "[loader][scenario]")
{
    CHECK(parse({}).asked_name() == "x.cipher.localhost");
    CHECK(parse(with_sections("[client]\nserver_name = \"a.test\"\n")).asked_name() == "a.test");
    CHECK(parse(with_sections("[client]\nserver_name = \"none\"\n")).asked_name().empty());
}

TEST_CASE("an inline recipe stands for a named one", "[loader][scenario]")
{
    const auto scenario =
        parse(with_sections("[server]\ncertificate = { key = \"rsa-2048\", defect = \"expired\" }\n"));
    REQUIRE(scenario.server.certificate.inline_recipe);
    CHECK(scenario.server.certificate.inline_recipe->defect == "expired");
    CHECK(
        error_of(with_sections("[server]\ncertificate = { defect = \"expird\" }\n")).find("did you mean 'expired'?") !=
        std::string::npos);
    CHECK(parse(with_sections("[server]\ncertificate = \"none\"\n")).server.certificate.none());
}

} // namespace
} // namespace alert40
