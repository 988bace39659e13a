// SPDX-License-Identifier: GPL-2.0-or-later
// What the four shipped clients are asked with, word by word.
#include "client-checks/clients/expand.h"

#include "tests/certs/support.h"
#include "tests/source_dir.h"

#include <catch2/catch.hpp>
#include <fmt/ranges.h>

namespace alert40 {
namespace {

const ClientDefinition& shipped(const std::string& name)
{
    static const auto clients = load_clients(test_source_dir());
    for (const auto& client : clients)
        if (client.name == name) return client;
    throw std::runtime_error(name + " is not shipped");
}

Target target()
{
    Target target;
    target.host = "127.0.0.1";
    target.port = 4433;
    target.name = "www.alert40.test";
    target.ca = "/ca.pem";
    target.run_directory = "/run";
    target.self = "/bin/alert40-check";
    return target;
}

std::string in_one_line(const Command& command)
{
    return fmt::format("{}", fmt::join(command.argv, " "));
}

/// The command in one line, or "skip: why".
std::string asked(const std::string& client, const ClientSettings& wishes, const Target& where = target())
{
    const auto expanded = expand(shipped(client), wishes, where);
    if (const auto* skip = std::get_if<Skip>(&expanded)) return "skip: " + skip->why;
    return in_one_line(std::get<Invocation>(expanded).command);
}

/// The same, of what a scenario behind STARTTLS asks for.
Invocation asked_before_tls(const std::string& client, Starttls protocol)
{
    return std::get<Invocation>(expand(shipped(client), {}, target(), protocol));
}

CipherSuite suite(std::string_view name)
{
    return find_cipher_suite(name)->value;
}

ClientSettings suites(std::vector<ProtocolVersion> versions, std::initializer_list<std::string_view> names)
{
    ClientSettings wishes;
    wishes.versions = std::move(versions);
    for (const auto name : names) wishes.ciphers.push_back(suite(name));
    return wishes;
}

constexpr auto k12 = ProtocolVersion::tls12;
constexpr auto k13 = ProtocolVersion::tls13;

const std::string kOpenssl = "openssl s_client -connect 127.0.0.1:4433 -CAfile /ca.pem -no-CApath -no-CAstore "
                             "-verify_return_error -verify_hostname www.alert40.test -ign_eof ";
const std::string kCurl = "curl -sS -f --cacert /ca.pem ";
const std::string kResolve = "--resolve www.alert40.test:4433:127.0.0.1 https://www.alert40.test:4433/";
const std::string kGnutls =
    "gnutls-cli --x509cafile /ca.pem --verify-hostname www.alert40.test --no-ocsp --priority NORMAL";
const std::string kGnutlsEnd = " --port 4433 --sni-hostname www.alert40.test 127.0.0.1";
const std::string kBuiltin =
    "/bin/alert40-check builtin-client --connect 127.0.0.1:4433 --ca /ca.pem --name www.alert40.test";

TEST_CASE("without wishes a client is asked for its defaults, by name", "[clients][expand]")
{
    CHECK(asked("openssl", {}) == kOpenssl + "-servername www.alert40.test");
    CHECK(asked("curl", {}) == kCurl + kResolve);
    CHECK(asked("gnutls-cli", {}) == kGnutls + kGnutlsEnd);
    CHECK(asked("builtin", {}) == kBuiltin);
}

TEST_CASE("versions are asked for as a range", "[clients][expand]")
{
    struct Case {
        std::vector<ProtocolVersion> versions;
        std::string openssl, curl, gnutls, builtin;
    };
    const auto each =
        GENERATE(Case{{k12}, "-min_protocol TLSv1.2 -max_protocol TLSv1.2", "1.2 --tls-max 1.2", "+VERS-TLS1.2", "1.2"},
                 Case{{k13}, "-min_protocol TLSv1.3 -max_protocol TLSv1.3", "1.3 --tls-max 1.3", "+VERS-TLS1.3", "1.3"},
                 Case{{k13, k12},
                      "-min_protocol TLSv1.2 -max_protocol TLSv1.3",
                      "1.2 --tls-max 1.3",
                      "+VERS-TLS1.3:+VERS-TLS1.2",
                      "1.3,1.2"});
    ClientSettings wishes;
    wishes.versions = each.versions;
    CHECK(asked("openssl", wishes) == kOpenssl + "-servername www.alert40.test " + each.openssl);
    CHECK(asked("curl", wishes) == kCurl + kResolve + " --tlsv" + each.curl);
    CHECK(asked("gnutls-cli", wishes) == kGnutls + ":-VERS-ALL:" + each.gnutls + kGnutlsEnd);
    CHECK(asked("builtin", wishes) == kBuiltin + " --versions " + each.builtin);
}

TEST_CASE("for a version below TLS 1.2 OpenSSL's security level is lowered as well", "[clients][expand]")
{
    const test::TemporaryDirectory directory;
    auto where = target();
    where.run_directory = directory.path();
    ClientSettings wishes;
    wishes.versions = {GENERATE(ProtocolVersion::tls10, ProtocolVersion::tls11)};
    const std::string version(name(wishes.versions.front()));
    CHECK(asked("gnutls-cli", wishes, where) == kGnutls + ":-VERS-ALL:+VERS-TLS" + version + kGnutlsEnd);
    CHECK_THAT(asked("curl", wishes, where), Catch::Matchers::EndsWith("--tlsv" + version + " --tls-max " + version));
    for (const auto* client : {"openssl", "curl"}) {
        const auto expanded = expand(shipped(client), wishes, where);
        const auto file = directory.path() / "4433-openssl.cnf";
        const std::pair<std::string, std::string> variable("OPENSSL_CONF", file.string());
        const auto& environment = std::get<Invocation>(expanded).command.environment;
        CHECK(std::count(environment.begin(), environment.end(), variable) == 1);
        CHECK_THAT(test::read_text(file), Catch::Matchers::Contains("\nCipherString = DEFAULT:@SECLEVEL=0\n"));
        std::filesystem::remove(file);
    }
}

TEST_CASE("what OpenSSL's security levels shut out needs level 0", "[clients][expand]")
{
    const test::TemporaryDirectory directory;
    auto where = target();
    where.run_directory = directory.path();
    const auto file = directory.path() / "4433-openssl.cnf";
    const auto lowered = [&](const ClientSettings& wishes) {
        std::filesystem::remove(file);
        asked("openssl", wishes, where);
        return std::filesystem::exists(file);
    };
    CHECK(lowered(suites({k12}, {"TLS_RSA_WITH_NULL_SHA256"})));
    CHECK_FALSE(lowered(suites({k12}, {"TLS_RSA_WITH_AES_128_CBC_SHA"})));
    ClientSettings signing;
    signing.signature_schemes = {SignatureScheme::rsa_pkcs1_sha1};
    CHECK(lowered(signing));
    signing.signature_schemes = {SignatureScheme::rsa_pkcs1_sha256};
    CHECK_FALSE(lowered(signing));
}

TEST_CASE("a version that a client cannot be held to is a skip", "[clients][expand][skip]")
{
    ClientSettings wishes;
    wishes.versions = {ProtocolVersion::ssl30};
    for (const auto* client : {"openssl", "curl", "gnutls-cli"})
        CHECK(asked(client, wishes) == fmt::format("skip: {} does not have {}", client, name(ProtocolVersion::ssl30)));
    CHECK_THAT(asked("builtin", wishes), Catch::Matchers::StartsWith("/bin/")); // its library says what it lacks
    wishes.versions = {k12, ProtocolVersion::tls10};
    CHECK(asked("openssl", wishes) == "skip: openssl takes a range of versions");
    CHECK_THAT(asked("gnutls-cli", wishes), Catch::Matchers::Contains(":-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.0 "));
}

TEST_CASE("suites go by OpenSSL's names or IANA's, each version's to its own option", "[clients][expand]")
{
    const auto wishes = suites({k12, k13}, {"TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
                                            "TLS_RSA_WITH_AES_128_GCM_SHA256"});
    CHECK(asked("openssl", wishes) ==
          kOpenssl + "-servername www.alert40.test -min_protocol TLSv1.2 -max_protocol TLSv1.3 -cipher "
                     "ECDHE-ECDSA-AES128-SHA:AES128-GCM-SHA256 -ciphersuites "
                     "TLS_AES_128_GCM_SHA256");
    CHECK(asked("curl", wishes) == kCurl + kResolve +
                                       " --tlsv1.2 --tls-max 1.3 --ciphers ECDHE-ECDSA-AES128-SHA:AES128-GCM-SHA256 "
                                       "--tls13-ciphers TLS_AES_128_GCM_SHA256");
    CHECK(asked("builtin", wishes) == kBuiltin + " --versions 1.3,1.2 --ciphers TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,"
                                                 "TLS_RSA_WITH_AES_128_GCM_SHA256 --ciphers TLS_AES_128_GCM_SHA256");
}

TEST_CASE("GnuTLS composes one suite from its parts", "[clients][expand][parts]")
{
    CHECK(asked("gnutls-cli", suites({k12}, {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"})) ==
          kGnutls + ":-VERS-ALL:+VERS-TLS1.2:-KX-ALL:-CIPHER-ALL:-MAC-ALL:+ECDHE-ECDSA:+AES-256-GCM:+AEAD" +
              kGnutlsEnd);
    CHECK(asked("gnutls-cli", suites({k12}, {"TLS_RSA_WITH_AES_128_CBC_SHA"})) ==
          kGnutls + ":-VERS-ALL:+VERS-TLS1.2:-KX-ALL:-CIPHER-ALL:-MAC-ALL:+RSA:+AES-128-CBC:+SHA1" + kGnutlsEnd);
    CHECK(asked("gnutls-cli", suites({k13}, {"TLS_CHACHA20_POLY1305_SHA256"})) ==
          kGnutls + ":-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:-MAC-ALL:+CHACHA20-POLY1305:+AEAD" + kGnutlsEnd);
}

TEST_CASE("parts that would also offer another suite are a skip", "[clients][expand][parts][skip]")
{
    const auto crossed = suites({k12}, {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384"});
    CHECK_THAT(
        asked("gnutls-cli", crossed),
        Catch::Matchers::StartsWith("skip: gnutls-cli composes suites from parts, and these would also offer TLS_"));
    // Without a version the same cipher is a suite of TLS 1.3 as well.
    CHECK(asked("gnutls-cli", suites({}, {"TLS_RSA_WITH_AES_128_GCM_SHA256"})) ==
          "skip: gnutls-cli composes suites from parts, and these would also offer TLS_AES_128_GCM_SHA256");
    const auto whole = suites({k12}, {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384",
                                      "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_RSA_WITH_AES_128_GCM_SHA256"});
    CHECK_THAT(asked("gnutls-cli", whole), Catch::Matchers::StartsWith("gnutls-cli "));
}

TEST_CASE("a suite that GnuTLS has no part for is a skip", "[clients][expand][parts][skip]")
{
    const auto* name = GENERATE("TLS_RSA_WITH_SEED_CBC_SHA", "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA",
                                "TLS_ECDHE_ECDSA_WITH_ARIA_128_GCM_SHA256", "TLS_RSA_WITH_DES_CBC_SHA");
    REQUIRE(find_cipher_suite(name) != nullptr);
    CHECK(asked("gnutls-cli", suites({k12}, {name})) == fmt::format("skip: gnutls-cli does not have {}", name));
}

TEST_CASE("GnuTLS is asked for the suites of another time as well", "[clients][expand][parts]")
{
    CHECK_THAT(asked("gnutls-cli", suites({k12}, {"TLS_RSA_WITH_RC4_128_MD5"})),
               Catch::Matchers::Contains(":+RSA:+ARCFOUR-128:+MD5 "));
    CHECK_THAT(asked("gnutls-cli", suites({k12}, {"TLS_RSA_WITH_3DES_EDE_CBC_SHA"})),
               Catch::Matchers::Contains(":+RSA:+3DES-CBC:+SHA1 "));
    CHECK_THAT(asked("gnutls-cli", suites({k12}, {"TLS_RSA_WITH_NULL_SHA256"})),
               Catch::Matchers::Contains(":+RSA:+NULL:+SHA256 "));
}

TEST_CASE("groups go by each client's names", "[clients][expand]")
{
    ClientSettings wishes;
    wishes.groups = {NamedGroup::x25519, NamedGroup::secp256r1};
    CHECK(asked("openssl", wishes) == kOpenssl + "-servername www.alert40.test -groups X25519:P-256");
    CHECK(asked("curl", wishes) == kCurl + kResolve + " --curves X25519:P-256");
    CHECK(asked("gnutls-cli", wishes) == kGnutls + ":-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1" + kGnutlsEnd);
    CHECK(asked("builtin", wishes) == kBuiltin + " --groups x25519,secp256r1");
}

TEST_CASE("curl gets signature schemes through a file for its OpenSSL", "[clients][expand]")
{
    const test::TemporaryDirectory directory;
    auto where = target();
    where.run_directory = directory.path();
    ClientSettings wishes;
    wishes.signature_schemes = {SignatureScheme::rsa_pss_rsae_sha256, SignatureScheme::rsa_pkcs1_sha256};
    const auto expanded = expand(shipped("curl"), wishes, where);
    const auto& command = std::get<Invocation>(expanded).command;
    const auto file = directory.path() / "4433-openssl.cnf";
    const StringMap expected = {{"CURL_HOME", directory.path().string()}, {"OPENSSL_CONF", file.string()}};
    CHECK(command.environment == expected);
    CHECK_THAT(test::read_text(file),
               Catch::Matchers::Contains("\nSignatureAlgorithms = rsa_pss_rsae_sha256:rsa_pkcs1_sha256\n"));
    CHECK(fmt::format("{}", fmt::join(command.argv, " ")) == kCurl + kResolve);
    CHECK(asked("openssl", wishes) ==
          kOpenssl + "-servername www.alert40.test -sigalgs rsa_pss_rsae_sha256:rsa_pkcs1_sha256");
    CHECK(asked("gnutls-cli", wishes) ==
          kGnutls + ":-SIGN-ALL:+SIGN-RSA-PSS-RSAE-SHA256:+SIGN-RSA-SHA256" + kGnutlsEnd);
}

TEST_CASE("a run directory that cannot be written is an error that names the file", "[clients][expand]")
{
    ClientSettings wishes;
    wishes.signature_schemes = {SignatureScheme::rsa_pkcs1_sha256};
    auto where = target();
    where.run_directory = "/nowhere/at/all";
    CHECK_THROWS_WITH(expand(shipped("curl"), wishes, where),
                      Catch::Matchers::Contains("cannot write /nowhere/at/all/4433-openssl.cnf"));
}

TEST_CASE("without SNI each client goes its own way, and still verifies the name where it can", "[clients][expand]")
{
    ClientSettings wishes;
    wishes.server_name = "none";
    CHECK(asked("openssl", wishes) == kOpenssl + "-noservername");
    CHECK(asked("curl", wishes) == kCurl + "https://127.0.0.1:4433/");
    CHECK(asked("gnutls-cli", wishes) == kGnutls + " --port 4433 --disable-sni 127.0.0.1");
    CHECK(asked("builtin", wishes) == kBuiltin + " --no-sni");
}

TEST_CASE("a client certificate comes with its key", "[clients][expand]")
{
    auto where = target();
    where.client_chain = "/client.pem";
    where.client_key = "/client.key";
    CHECK(asked("openssl", {}, where) ==
          kOpenssl + "-servername www.alert40.test -cert /client.pem -cert_chain /client.pem -key /client.key");
    CHECK(asked("curl", {}, where) == kCurl + kResolve + " --cert /client.pem --key /client.key");
    CHECK(asked("gnutls-cli", {}, where) == kGnutls + " --port 4433 --sni-hostname www.alert40.test --x509certfile "
                                                      "/client.pem --x509keyfile /client.key 127.0.0.1");
    CHECK(asked("builtin", {}, where) == kBuiltin + " --certificate /client.pem --key /client.key");
}

TEST_CASE("each client is asked for STARTTLS in its own words, or skipped", "[clients][expand][starttls]")
{
    CHECK(in_one_line(asked_before_tls("openssl", Starttls::imap).command) ==
          kOpenssl + "-starttls imap -servername www.alert40.test");
    CHECK(asked_before_tls("openssl", Starttls::imap).command.input == "a LOGOUT\r\n");
    CHECK_THAT(in_one_line(asked_before_tls("curl", Starttls::smtp).command),
               Catch::Matchers::Contains("--ssl-reqd") && Catch::Matchers::EndsWith(" smtp://www.alert40.test:4433/"));
    CHECK_THAT(in_one_line(asked_before_tls("gnutls-cli", Starttls::pop3).command),
               Catch::Matchers::Contains("--starttls-proto pop3"));
    CHECK(in_one_line(asked_before_tls("builtin", Starttls::ldap).command) == kBuiltin + " --starttls ldap");
    const auto mysql = expand(shipped("curl"), {}, target(), Starttls::mysql);
    CHECK(std::get<Skip>(mysql).why == "curl cannot be asked for STARTTLS of mysql");
}

TEST_CASE("application protocols go in each client's way", "[clients][expand]")
{
    ClientSettings wishes;
    wishes.alpn = {"h2", "http/1.1"};
    CHECK_THAT(asked("openssl", wishes), Catch::Matchers::EndsWith("-alpn h2,http/1.1"));
    CHECK_THAT(asked("curl", wishes), Catch::Matchers::EndsWith("--http2"));
    CHECK_THAT(asked("gnutls-cli", wishes), Catch::Matchers::Contains("--alpn h2 --alpn http/1.1"));
    CHECK_THAT(asked("builtin", wishes), Catch::Matchers::EndsWith("--alpn h2,http/1.1"));
    wishes.alpn = {"imap"};
    CHECK(asked("curl", wishes) == "skip: curl cannot be asked for ALPN imap");
}

TEST_CASE("what a client checks beside the chain is asked for in its own words, or skipped", "[clients][expand]")
{
    ClientSettings pinned;
    pinned.pin = "leaf";
    auto where = target();
    where.pin = "c2hh";
    where.pin_hex = "736861";
    where.pin_key = "a2V5";
    const test::TemporaryDirectory directory;
    where.run_directory = directory.path();
    CHECK_THAT(asked("curl", pinned, where), Catch::Matchers::EndsWith("--pinnedpubkey sha256//c2hh"));
    CHECK_THAT(asked("builtin", pinned, where), Catch::Matchers::EndsWith("--pin c2hh"));
    CHECK_THAT(asked("openssl", pinned, where), Catch::Matchers::EndsWith("-dane_tlsa_rrdata 1 1 1 736861"));
    CHECK_THAT(asked("gnutls-cli", pinned, where), Catch::Matchers::Contains("--strict-tofu"));
    CHECK(test::read_text(directory.path() / "4433-home" / ".gnutls" / "known_hosts") ==
          "|g0|www.alert40.test|4433|0|a2V5\n");

    ClientSettings stapled;
    stapled.revocation = Revocation::staple;
    CHECK_THAT(asked("curl", stapled), Catch::Matchers::EndsWith("--cert-status"));
    CHECK(asked("gnutls-cli", stapled) == kGnutls + kGnutlsEnd);
    CHECK(asked("openssl", stapled) == "skip: openssl cannot be asked for a check of the stapled response");

    ClientSettings fallback;
    fallback.fallback_scsv = true;
    CHECK_THAT(asked("openssl", fallback), Catch::Matchers::EndsWith("-fallback_scsv"));
    CHECK(asked("gnutls-cli", fallback) == kGnutls + ":%FALLBACK_SCSV" + kGnutlsEnd);
    CHECK(asked("curl", fallback) == "skip: curl cannot be asked for TLS_FALLBACK_SCSV");
}

TEST_CASE("each client can be misconfigured", "[clients][expand]")
{
    ClientSettings wishes;
    wishes.misconfigured = GENERATE(Misconfiguration::unknown_ciphers, Misconfiguration::empty_version_range);
    for (const auto* client : {"openssl", "curl", "gnutls-cli", "builtin"})
        CHECK_THAT(asked(client, wishes), !Catch::Matchers::StartsWith("skip"));
}

TEST_CASE("the request that is typed into a client carries the name", "[clients][expand]")
{
    for (const auto* client : {"openssl", "gnutls-cli"}) {
        const auto expanded = expand(shipped(client), {}, target());
        CHECK(std::get<Invocation>(expanded).command.input == "GET / HTTP/1.0\r\nHost: www.alert40.test\r\n\r\n");
    }
}

/// A client whose program serves many runs.
ClientDefinition with_program(const std::string& keys)
{
    const test::TemporaryDirectory directory;
    const auto path = directory.path() / "made.toml";
    test::write_text(
        path, "title = \"t\"\nlibrary = \"openssl\"\nargv = [\"run\", \"{source}\", \"{build}\", \"{wishes}\"]\n"
              "clock = { environment = { CLOCK = \"{clock}\" } }\n[server_name]\nsent = [\"--name\", \"{name}\"]\n"
              "[program]\nsource = \"made.py\"\n" +
                  keys);
    return load_client(path);
}

TEST_CASE("a program's words are its paths, and a warm process is told what comes after them", "[clients][program]")
{
    const auto client = with_program("warm = [\"run\", \"{source}\", \"{build}\", \"--serve\"]\n");
    Target where = target();
    where.source = "/s/made.py";
    where.build = "/b";
    where.faketime = "/f";
    ClientSettings wishes;
    const auto plain = std::get<Invocation>(expand(client, wishes, where));
    CHECK(in_one_line(plain.command) == "run /s/made.py /b --name www.alert40.test");
    CHECK(plain.warm_prefix == 3);
    wishes.clock = std::chrono::seconds(5); // an environment variable: a process that runs cannot be told it
    CHECK_FALSE(std::get<Invocation>(expand(client, wishes, where)).warm_prefix);
    CHECK_FALSE(std::get<Invocation>(expand(with_program(""), {}, where)).warm_prefix);
    CHECK_THROWS_WITH(with_program("warm = [\"other\", \"--serve\"]\n"), Catch::Contains("argv's beginning"));
}

} // namespace
} // namespace alert40
