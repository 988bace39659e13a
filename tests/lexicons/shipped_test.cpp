// SPDX-License-Identifier: GPL-2.0-or-later
// The lexicons of client-checks/lexicons, held to their own examples and to what clients can do to them.
#include "client-checks/lexicons/lexicon.h"
#include "tests/source_dir.h"

#include <catch2/catch.hpp>

#include <chrono>

namespace alert40 {
namespace {

using namespace std::chrono_literals;

const auto& lexicons()
{
    static const auto loaded = load_lexicons(test_source_dir());
    return loaded;
}

std::string openssl_says(std::string_view text)
{
    return describe(read_output(lexicons().at("openssl"), {{}, text, 1}).symptoms);
}

/// The symptom that the line's example has, where the line reads an alert: by the line alone.
SymptomSet own_symptoms(const LexiconLine& line, const std::string& library)
{
    if (line.alert == AlertCapture::none && !line.status) return line.means;
    Lexicon alone;
    alone.library = library;
    alone.lines = {line};
    return read_output(alone, {line.example, {}, line.exit_code.value_or(1)}).symptoms;
}

TEST_CASE("there is a lexicon for every library of the four clients", "[lexicons][shipped]")
{
    for (const auto* library : {"openssl", "gnutls", "wolfssl"}) {
        REQUIRE(lexicons().contains(library));
        CHECK_FALSE(lexicons().at(library).lines.empty());
        CHECK_FALSE(lexicons().at(library).manners.empty());
    }
}

TEST_CASE("every example, read through its whole lexicon, is decided by its own line", "[lexicons][shipped]")
{
    for (const auto& [library, lexicon] : lexicons())
        for (const auto& line : lexicon.lines) {
            if (line.where.text().find("/" + library + ".toml") == std::string::npos) continue; // it is inherited
            INFO(line.where.text() << ": " << line.example);
            CHECK_FALSE(line.seen.empty());
            const auto own = own_symptoms(line, library);
            CHECK_FALSE(own.empty());
            for (const bool in_errors : {false, true}) {
                const auto reading = read_output(lexicon, {in_errors ? "" : line.example, in_errors ? line.example : "",
                                                           line.exit_code.value_or(1)});
                REQUIRE(reading.line != nullptr);
                CHECK(reading.line->where.text() == line.where.text());
                CHECK(reading.symptoms == own);
                CHECK(reading.says == line.example);
            }
        }
}

TEST_CASE("an example stays what it is among the lines that other causes leave before it", "[lexicons][shipped]")
{
    // Two errors in one output are decided by the earlier line: no order of the output changes that.
    for (const auto& [library, lexicon] : lexicons())
        for (auto first = lexicon.lines.begin(); first != lexicon.lines.end(); ++first)
            for (auto second = std::next(first); second != lexicon.lines.end(); ++second) {
                if (first->exit_code || second->exit_code) continue;
                const auto forward = first->example + "\n" + second->example + "\n";
                const auto backward = second->example + "\n" + first->example + "\n";
                INFO(library << ": " << forward);
                CHECK(read_output(lexicon, {forward, {}, 1}).line == read_output(lexicon, {backward, {}, 1}).line);
            }
}

TEST_CASE("OpenSSL's error codes of all versions give the alert", "[lexicons][shipped][alert]")
{
    CHECK(openssl_says("140000000:error:14077410:SSL routines:SSL23_GET_SERVER_HELLO:sslv3 alert handshake "
                       "failure:s23_clnt.c:769:") == "alert-received:handshake_failure"); // 1.0.1
    CHECK(openssl_says("curl: (35) error:14094410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure") ==
          "alert-received:handshake_failure"); // 1.1.1
    CHECK(openssl_says("error:0A000410:SSL routines::sslv3 alert handshake failure") ==
          "alert-received:handshake_failure");
    CHECK(openssl_says("error:0A00045C:SSL routines::tlsv13 alert certificate required") ==
          "alert-received:certificate_required");
    CHECK(openssl_says("error:0A000458:SSL routines::tlsv1 unrecognized name") == "alert-received:unrecognized_name");
    CHECK(openssl_says("SSL alert number 40") == "alert-received:handshake_failure");
    CHECK(openssl_says("SSL alert number 98") == "alert-received:unspecified");
    CHECK(openssl_says("error:0A00044A:SSL routines::unknown alert type") == "alert-received:unspecified"); // 98
}

TEST_CASE("a local error of OpenSSL's is no alert that was received", "[lexicons][shipped][alert]")
{
    CHECK(openssl_says("error:0A000100:SSL routines::missing parameters") == "nothing that the lexicon knows");
    CHECK(openssl_says("error:0A000308:SSL routines::x") == "nothing that the lexicon knows"); // 776
    CHECK(openssl_says("error:0A00018A:SSL routines::dh key too small") == "local:dh-too-small");
}

TEST_CASE("alerts of GnuTLS and wolfSSL that nobody knows are unspecified", "[lexicons][shipped][alert]")
{
    CHECK(describe(read_output(lexicons().at("gnutls"), {{}, "*** Received alert [98]: x", 1}).symptoms) ==
          "alert-received:unspecified");
    CHECK(describe(read_output(lexicons().at("wolfssl"), {"failed: alert received: 2 98; x", {}, 1}).symptoms) ==
          "alert-received:unspecified");
}

// std::regex of libstdc++ recurses: see line_search.h. Without sanitizers each takes less than a second.
TEST_CASE("256 KiB of whatever a client prints are read in seconds and end nothing", "[lexicons][shipped][long]")
{
    struct Case {
        std::string library, begins, goes_on;
    };
    const auto each = GENERATE(Case{"openssl", "rsa routines:", "x"}, Case{"openssl", "", "certificate subject name "},
                               Case{"openssl", "verify error:num=", "7"},
                               Case{"openssl", "", "a line as long as those of a log usually are\n"},
                               Case{"openssl", "", std::string("\0\xFF\r", 3)}, Case{"gnutls", "received alert [", "1"},
                               Case{"wolfssl", "alert received: 2 ", "9"});
    auto text = each.begins;
    while (text.size() < 256 * 1024) text += each.goes_on;
    CAPTURE(each.library, each.begins, each.goes_on);
    const auto started = std::chrono::steady_clock::now();
    read_output(lexicons().at(each.library), {{}, text, 1});
    CHECK(std::chrono::steady_clock::now() - started < 15s);
}

} // namespace
} // namespace alert40
