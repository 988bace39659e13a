// SPDX-License-Identifier: GPL-2.0-or-later
// The recorded ClientHellos, as they are stored and as they are found again.
#include "client-checks/clients/hello_likeness.h"

#include "certs/hex.h"
#include "scenarios/loader/input_error.h"
#include "server/wire/client_hello_extensions.h"
#include "server/wire/fingerprint.h"
#include "tests/certs/support.h"
#include "tests/source_dir.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace alert40 {
namespace {

ClientHello real_hello(const std::string& client)
{
    std::ifstream file(test_source_dir() / "tests" / "data" / "client_hello" / (client + ".hex"));
    const auto record = parse_hex(std::string(std::istreambuf_iterator<char>(file), {}));
    return std::get<ClientHello>(parse_client_hello(ByteView(*record).subspan(9)));
}

const std::vector<HelloProfile>& shipped()
{
    static const auto profiles = load_hello_profiles(test_source_dir());
    return profiles;
}

std::vector<std::string> clients(const std::vector<const HelloProfile*>& profiles)
{
    std::vector<std::string> names;
    for (const auto* profile : profiles) names.push_back(profile->client);
    return names;
}

bool has(const std::vector<std::string>& names, const std::string& name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

TEST_CASE("what is said of each recorded ClientHello is what is in it", "[clients][hellos]")
{
    std::ifstream file(test_source_dir() / "client-checks" / "clients" / "hellos.json");
    const auto list = nlohmann::json::parse(file);
    REQUIRE(list.size() == shipped().size());
    std::ostringstream written;
    write_hello_profiles(shipped(), written);
    CHECK(nlohmann::json::parse(written.str()) == list);
    for (std::size_t at = 0; at < list.size(); ++at) {
        INFO(shipped()[at].title());
        CHECK(list[at]["ja4"] == ja4(shipped()[at].hello));
        CHECK(shipped()[at].hello.random == std::array<std::uint8_t, 32>{});
        CHECK_FALSE(shipped()[at].version.empty());
    }
}

TEST_CASE("each recorded ClientHello is found by its JA4, and by itself", "[clients][hellos]")
{
    for (const auto& profile : shipped()) {
        INFO(profile.title());
        CHECK(has(clients(profiles_of_ja4(shipped(), ja4(profile.hello))), profile.client));
        const auto nearest = nearest_profile(shipped(), profile.hello);
        CHECK(nearest.degree == HelloLikeness::Degree::same);
        CHECK(nearest.percent == 100);
        CHECK(has(clients(nearest.profiles), profile.client));
    }
}

TEST_CASE("a ClientHello that was captured elsewhere is told from its likeness", "[clients][hellos]")
{
    const auto curl = nearest_profile(shipped(), real_hello("curl-tls13"));
    REQUIRE(curl.degree == HelloLikeness::Degree::same);
    CHECK(has(clients(curl.profiles), "curl"));
    CHECK_THAT(describe(curl), Catch::StartsWith("as ") && Catch::Contains("curl 7.88.1 (openssl)"));
    CHECK(nearest_profile(shipped(), real_hello("gnutls")).profiles.front()->library == "gnutls");
    const auto without_name = nearest_profile(shipped(), real_hello("openssl-without-sni"));
    CHECK(without_name.profiles.front()->library == "openssl");
    CHECK(describe(nearest_profile({}, real_hello("java"))) == "like none that was recorded");
}

TEST_CASE("server name and ALPN do not make it another client, fewer suites do but a little", "[clients][hellos]")
{
    auto hello = real_hello("curl-tls13");
    set_extension(hello.extensions, alpn_extension({"http/1.1"}));
    const auto other_alpn = nearest_profile(shipped(), hello);
    CHECK(other_alpn.degree == HelloLikeness::Degree::same_kind);
    CHECK(describe(other_alpn).find("server name and ALPN apart") != std::string::npos);
    CHECK(profiles_of_ja4(shipped(), ja4(hello)) == other_alpn.profiles);
    hello.cipher_suites.resize(12);
    const auto fewer = nearest_profile(shipped(), hello);
    CHECK(fewer.degree == HelloLikeness::Degree::alike);
    CHECK(fewer.profiles.front()->library == "openssl");
    CHECK(describe(fewer).find("% alike") != std::string::npos);
    ClientHello nothing_like_it;
    nothing_like_it.cipher_suites = {CipherSuite{0x00FF}};
    CHECK(nearest_profile(shipped(), nothing_like_it).degree == HelloLikeness::Degree::none);
    CHECK(profiles_of_ja4(shipped(), "t13d0101h2_000000000001_000000000001").empty());
}

TEST_CASE("recording anew replaces the same client in the same version and keeps the others", "[clients][hellos]")
{
    const auto hello = real_hello("node");
    const auto profile = [&](std::string client, std::string version) {
        return make_profile(std::move(client), std::move(version), "openssl", hello, hello);
    };
    const auto merged = merge_hello_profiles({profile("node", "0.12"), profile("curl", "7")},
                                             {profile("node", "20"), profile("curl", "7")});
    REQUIRE(merged.size() == 3);
    CHECK(merged[0].title() == "curl 7 (openssl)");
    CHECK(merged[1].version == "0.12");
    CHECK(merged[2].version == "20");
}

TEST_CASE("a client that shuffles its extensions is recognised", "[clients][hellos]")
{
    const auto first = real_hello("chromium");
    auto second = first;
    std::swap(second.extensions[3], second.extensions[5]);
    CHECK(make_profile("chromium", "1", "boringssl", first, second).shuffles);
    CHECK_FALSE(make_profile("chromium", "1", "boringssl", first, first).shuffles);
    CHECK(nearest_profile({make_profile("chromium", "1", "boringssl", first, second)}, second).percent == 100);
}

TEST_CASE("a file of ClientHellos that is wrong is said with the entry", "[clients][hellos]")
{
    const std::pair<std::string, std::string> cases[] = {
        {"", "is no list"},
        {"{}", "is no list"},
        {"[1", "is no list"},
        {"[1]", "entry 1: not an object"},
        {"[{}]", "entry 1: the text 'client' is missing"},
        {R"([{"client":"a","version":"1","library":"b","client_hello":"0g"}])", "is not hexadecimal"},
        {R"([{"client":"a","version":"1","library":"b","client_hello":"0303"}])", "ClientHello"},
    };
    const test::TemporaryDirectory directory;
    for (const auto& [text, message] : cases) {
        const auto file = directory.path() / "hellos.json";
        test::write_text(file, text);
        CHECK_THROWS_WITH(read_hello_profiles(file), Catch::Contains(message) && Catch::Contains("hellos.json"));
    }
    CHECK(load_hello_profiles(directory.path()).empty());
}

} // namespace
} // namespace alert40
