// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lexicons/vocabulary.h"

#include "client-checks/lexicons/roles.h"
#include "tests/source_dir.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

const Vocabulary& words()
{
    static const auto loaded = load_vocabulary(test_source_dir());
    return loaded;
}

std::string best(std::string_view text)
{
    const auto known = recognise(words(), {text, {}, -1});
    return known.empty() ? "nobody" : known.front().voice->name + ": " + describe(known.front().reading.symptoms);
}

std::string said_by_server(std::string_view symptom)
{
    return describe(as_said_by_server({*Symptom::parse(symptom)}));
}

TEST_CASE("a text of an unknown program is known by the library that has its words", "[lexicons][vocabulary]")
{
    CHECK(best("*** Received alert [40]: Handshake failed") == "gnutls: alert-received:handshake_failure");
    CHECK(best("remote error: tls: handshake failure") == "go: alert-received:handshake_failure");
    CHECK(best("wolfSSL_connect error -188, certificate verify failed") ==
          "wolfssl: verify:unknown-ca or verify:incomplete-chain");
    CHECK(best("net::ERR_CERT_REVOKED at https://www.alert40.test/") == "chromium: verify:revoked");
    CHECK(best("NET::ERR_CERT_COMMON_NAME_INVALID") == "chromium: verify:name-mismatch");
    CHECK(best("TLS client: In state hello received SERVER ALERT: Fatal - Unrecognised Name") ==
          "erlang: alert-received:unrecognized_name");
    CHECK(best("a poem about handshakes") == "nobody");
    CHECK(best("") == "nobody");
}

TEST_CASE("what many programs print is no library's failure", "[lexicons][vocabulary]")
{
    CHECK(best("\"http::geturl https://www.alert40.test:8443/ -timeout 8000\"") == "nobody");
    CHECK(best("no OCSP stapling for [www.alert40.test]: no OCSP server specified in certificate") == "nobody");
    CHECK(best("Ignore unsupported cipher suite: TLS_ECDH_RSA_WITH_AES_256_GCM_SHA384") == "nobody");
    CHECK(best("Ignore, context unavailable extension: renegotiation_info") == "nobody");
}

TEST_CASE("a reason is better than an end, a number better than prose", "[lexicons][vocabulary]")
{
    CHECK(best("read ECONNRESET\nSSL alert number 48") == "openssl: alert-received:unknown_ca");
    CHECK(best("HTTP/1.1 502 Bad Gateway\nerror:0A00018A:SSL routines::dh key too small") ==
          "openssl: local:dh-too-small");
    const auto known = recognise(words(), {"curl: (60) SSL certificate problem: certificate has expired", {}, -1});
    REQUIRE_FALSE(known.empty());
    for (std::size_t i = 1; i < known.size(); ++i) CHECK_FALSE(says_more(known[i].reading, known[i - 1].reading));
}

TEST_CASE("of a known client its own words come first, and a proxy's status is no reason", "[lexicons][vocabulary]")
{
    const std::string log =
        "HTTP/1.1 502 Bad Gateway\n2026/11/20 22:34:06 [error] 1#1: *1 SSL_do_handshake() failed (SSL: "
        "error:0A000412:SSL routines::sslv3 alert bad certificate:SSL alert number 42) while SSL "
        "handshaking to upstream, client: 127.0.0.1";
    CHECK(describe(recognise_from(words(), {log, {}, 1}, "nginx", "openssl").reading.symptoms) ==
          "alert-received:bad_certificate");
    CHECK(describe(recognise_from(words(), {"HTTP/1.1 404 Not Found", {}, 0}, "curl", "openssl").reading.symptoms) ==
          "http-status:404");
    const auto other = recognise_from(words(), {"remote error: tls: bad certificate", {}, 1}, "", "gnutls");
    REQUIRE(other.voice != nullptr);
    CHECK(other.voice->name == "go");
}

TEST_CASE("what a server writes into its page is the server's reason, whoever prints it", "[lexicons][vocabulary]")
{
    const std::string page = "HTTP/1.1 400 Bad Request\n<center>No required SSL certificate was sent</center>";
    for (const auto* library : {"openssl", "gnutls", "go", "nobody"})
        CHECK(describe(recognise_from(words(), {page, {}, 0}, "", library).reading.symptoms) ==
              "http-status:400 or server:client-certificate-missing");
}

TEST_CASE("every example of a server's words is decided by its own line", "[lexicons][vocabulary]")
{
    for (const auto& voice : words().voices) {
        if (voice.speaker == Speaker::library) continue; // shipped_test.cpp
        for (const auto& line : voice.lexicon.lines) {
            INFO(line.where.text() << ": " << line.example);
            CHECK_FALSE(line.seen.empty());
            const auto reading = read_output(voice.lexicon, {line.example, {}, line.exit_code.value_or(1)});
            REQUIRE(reading.line != nullptr);
            CHECK(reading.line->where.text() == line.where.text());
        }
    }
}

TEST_CASE("what a library says on the server's side is said of the client", "[lexicons][roles]")
{
    CHECK(said_by_server("alert-received:unknown_ca") == "alert-sent:unknown_ca");
    CHECK(said_by_server("alert-received:unspecified") == "alert-sent:unspecified");
    CHECK(said_by_server("verify:expired") == "server:client-certificate-expired");
    CHECK(said_by_server("verify:revoked") == "server:client-certificate-refused");
    CHECK(said_by_server("local:cipher") == "server:cipher");
    CHECK(said_by_server("closed") == "server:left");
    CHECK(said_by_server("server:group") == "server:group");
    CHECK(as_said_by_server({*Symptom::parse("closed"), *Symptom::parse("reset")}).size() == 1);
}

} // namespace
} // namespace alert40
