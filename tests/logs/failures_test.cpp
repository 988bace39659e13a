// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/logs/failures.h"

#include "tests/source_dir.h"

#include <catch2/catch.hpp>

#include <sstream>

namespace alert40 {
namespace {

const WordIndex& shipped()
{
    static const auto words = load_vocabulary(test_source_dir());
    static const WordIndex index(words);
    return index;
}

LogFailures read(const std::string& log)
{
    std::istringstream in(log);
    LineReader reader(in);
    FailureFinder finder(shipped());
    while (const auto line = reader.next()) finder.read(*line);
    return finder.take();
}

/// "3x server: alert-sent:unknown_ca @2": how often, whose side, what, first line; several with " | " between.
std::string summary(const std::string& log)
{
    std::string text;
    for (const auto& each : read(log).failures)
        text += fmt::format("{}{}x {}: {} @{}", text.empty() ? "" : " | ", each.count,
                            each.by_server ? "server" : "client", describe(each.symptoms), each.lines.front().number);
    return text;
}

TEST_CASE("every shipped pattern has a literal: a log is read at the speed of a search", "[logs][index]")
{
    CHECK(shipped().without_literal() == 0);
}

TEST_CASE("the index leaves out no pattern that matches", "[logs][index]")
{
    std::vector<std::uint32_t> found;
    for (std::size_t i = 0; i < shipped().all().size(); ++i) {
        const auto& words = shipped().all()[i];
        if (words.line == nullptr) continue;
        INFO(words.line->where.text() << ": " << words.line->example);
        shipped().candidates(words.line->example, found);
        CHECK(std::find(found.begin(), found.end(), i) != found.end());
    }
}

TEST_CASE("nginx: an alert that the server received is the client's, its own refusal the server's", "[logs][server]")
{
    const std::string at = "2026/11/20 22:27:18 [info] 7760#7760: ";
    const std::string where = " while SSL handshaking, client: 127.0.0.1, server: 127.0.0.1:443\n";
    CHECK(summary(at +
                  "*1 SSL_do_handshake() failed (SSL: error:0A000418:SSL routines::tlsv1 alert unknown ca:SSL alert "
                  "number 48)" +
                  where) == "1x server: alert-sent:unknown_ca @1");
    CHECK(summary(at + "*2 SSL_do_handshake() failed (SSL: error:0A0000C1:SSL routines::no shared cipher)" + where) ==
          "1x server: server:cipher @1");
    CHECK(summary(at + "*3 client sent no required SSL certificate while reading client request headers, client: "
                       "127.0.0.1\n") == "1x server: server:client-certificate-missing @1");
    CHECK(summary(at + "*4 peer closed connection in SSL handshake" + where) == "1x server: server:left @1");
    // As a client of its upstream the same software has the client's side.
    CHECK(summary("2026/11/20 22:27:00 [crit] 4981#4981: *1 SSL_do_handshake() failed (SSL: error:0A000458:SSL "
                  "routines::tlsv1 unrecognized name:SSL alert number 112) while SSL handshaking to upstream, client: "
                  "127.0.0.1\n") == "1x client: alert-received:unrecognized_name @1");
}

TEST_CASE("the same failure of many connections is one, with its count", "[logs][count]")
{
    std::string log;
    for (int i = 0; i < 5; ++i)
        log +=
            fmt::format("2026/11/20 22:27:0{} [info] 1#1: *{} SSL_do_handshake() failed (SSL: error:0A000416:SSL "
                        "routines::sslv3 alert certificate unknown:SSL alert number 46) while SSL handshaking, client: "
                        "127.0.0.1\n2026/11/20 22:27:0{} [info] 1#1: *{} unrelated words\n",
                        i, i, i, i);
    CHECK(summary(log) == "5x server: alert-sent:certificate_unknown @1");
    CHECK(read(log).failures.front().last_line == 9);
}

TEST_CASE("Apache: the library's error and the module's line of one connection are one failure", "[logs][server]")
{
    CHECK(
        summary(
            "[Fri Nov 20 22:42:34.562 2026] [ssl:info] [pid 1:tid 2] [client 127.0.0.1:5] AH02008: SSL library error 1 "
            "in handshake (server www.alert40.test:443)\n[Fri Nov 20 22:42:34.563 2026] [ssl:info] [pid 1:tid 2] SSL "
            "Library Error: error:0A000412:SSL routines::sslv3 alert bad certificate (SSL alert number 42)\n") ==
        "1x server: alert-sent:bad_certificate @1");
}

TEST_CASE("a stack trace and its causes are one failure", "[logs][client]")
{
    const std::string java = "2026-11-20 12:00:00 ERROR call failed\n"
                             "javax.net.ssl.SSLHandshakeException: PKIX path building failed: "
                             "sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid "
                             "certification path to requested target\n\tat java.base/sun.security.ssl.Alert\n"
                             "Caused by: sun.security.validator.ValidatorException: PKIX path building failed: "
                             "sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid "
                             "certification path to requested target\n";
    const auto twice = read(java + java);
    REQUIRE(twice.failures.size() == 1);
    CHECK(twice.failures.front().count == 2);
    CHECK(twice.failures.front().voice->name == "jsse");
    const std::string python =
        "Traceback (most recent call last):\n  File \"ssl.py\", line 1, in do_handshake\n"
        "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "
        "certificate has expired (_ssl.c:1006)\n\nDuring handling of the above exception, another "
        "exception occurred:\n\nTraceback (most recent call last):\nurllib.error.URLError: <urlopen "
        "error [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired "
        "(_ssl.c:1006)>\n";
    CHECK(summary(python) == "1x client: verify:expired @3");
}

TEST_CASE("what one client printed of several runs is several failures", "[logs][client]")
{
    CHECK(summary("curl: (60) SSL certificate problem: certificate has expired\n"
                  "curl: (35) OpenSSL/3.0.19: error:0A000410:SSL routines::sslv3 alert handshake failure\n"
                  "curl: (60) SSL certificate problem: certificate has expired\n") ==
          "2x client: verify:expired @1 | 1x client: alert-received:handshake_failure @2");
}

TEST_CASE("s_client's account goes with its failure", "[logs][client]")
{
    const auto found =
        read("CONNECTED(00000004)\n4007:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake "
             "failure:../ssl/record/rec_layer_s3.c:1602:SSL alert number 40\n---\nno peer certificate "
             "available\n---\nSSL handshake has read 7 bytes and written 315 bytes\nVerification: OK\n");
    REQUIRE(found.failures.size() == 1);
    CHECK(found.failures.front().account.phase == Phase::before_server_hello);
}

TEST_CASE("a log without a failure of TLS says so", "[logs][none]")
{
    CHECK(read("").failures.empty());
    CHECK(read("2026-11-20 12:00:00 INFO started\n2026-11-20 12:00:01 INFO GET / 200\n").failures.empty());
    const auto healthy = read("* SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384\n*  SSL certificate verify ok.\n"
                              "* TLSv1.3 (IN), TLS alert, close notify (256):\n< HTTP/1.1 404 Not Found\n");
    CHECK(healthy.failures.empty());
    CHECK(healthy.first_success == 1);
}

TEST_CASE("a connection that never came is told apart from TLS", "[logs][none]")
{
    const auto found = read("2026-11-20 12:00:00 ERROR db: Connection refused\n");
    REQUIRE(found.failures.size() == 1);
    CHECK_FALSE(found.failures.front().about_tls);
    CHECK(describe(found.failures.front().symptoms) == "refused");
}

TEST_CASE("many different connections, long lines and binary stay within bounds", "[logs][bounds]")
{
    std::string log;
    for (int i = 0; i < 3000; ++i)
        log += fmt::format("2026/11/20 22:27:00 [info] 1#1: *{} SSL_do_handshake() failed (SSL: error:0A0000C1:SSL "
                           "routines::no shared cipher) while SSL handshaking, client: 127.0.0.1\n",
                           i);
    CHECK(summary(log) == "3000x server: server:cipher @1");
    std::string noise;
    for (int i = 0; i < 1024 * 1024; ++i) noise += static_cast<char>(i * 31 % 251);
    CHECK(read(noise).failures.empty());
    std::string long_line(100000, ' ');
    long_line.append("SSL alert number 40").append(100000, '.');
    CHECK(summary(long_line) == "1x client: alert-received:handshake_failure @1");
}

} // namespace
} // namespace alert40
