// SPDX-License-Identifier: GPL-2.0-or-later
// Dates that clients write into their complaints, and what a second clock says of them.
#include "client-checks/diagnosis/told_dates.h"
#include "tests/diagnosis/evidence_maker.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using test::claim;
using test::symptoms;
using test::top;

constexpr TimePoint day(int year, unsigned month, unsigned number)
{
    using namespace std::chrono;
    return sys_days(year_month_day{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{number}});
}

/// A client's words, looked at on 1 June 2026.
Evidence told(std::initializer_list<std::string_view> means, std::string_view account)
{
    Evidence evidence = gather_evidence(nullptr, symptoms(means), "", "");
    evidence.account = read_account(account);
    evidence.looked_at = day(2026, 6, 1);
    return evidence;
}

constexpr std::string_view kChain = " 0 s:CN = a\n   i:CN = b\n"
                                    "   v:NotBefore: Jan  1 00:00:00 2025 GMT; NotAfter: Jan  1 00:00:00 2030 GMT\n"
                                    " 1 s:CN = b\n   i:CN = r\n"
                                    "   v:NotBefore: Jan  1 00:00:00 2022 GMT; NotAfter: Jan  1 00:00:00 2024 GMT\n";

TEST_CASE("each program's way to write a time is read", "[diagnosis][told-time]")
{
    const auto expected = day(2030, 1, 2) + std::chrono::hours(3);
    for (const auto* text :
         {"Jan  2 03:00:00 2030 GMT", "Jan 02 03:00:00 2030 GMT", "Wed Jan 02 03:00:00 UTC 2030",
          "2030-01-02 03:00:00 UTC", "2030-01-02T03:00:00Z", "2030/01/02 03:00:00 Get", "1893553200"})
        CHECK(read_told_time(text) == expected);
}

TEST_CASE("what is no time is not read as one", "[diagnosis][told-time]")
{
    for (const auto* text :
         {"", "never", "2030-13-01 00:00:00", "2030-01-01", "Jan 99 00:00:00 2030 GMT", "12345", "9999-01-01 00:00:00",
          "Foo  1 00:00:00 2030 GMT", "2030-01-01 25:00:00", "-030-01-01 00:00:00", "99999999999999999999"})
        CHECK_FALSE(read_told_time(text));
}

TEST_CASE("an end that is past, at depth 0, is an expired certificate for certain", "[diagnosis][certificate-expired]")
{
    const auto findings = diagnose(told({"verify:expired"}, "depth=0 CN = a\nverify error:num=10:x\n"
                                                            "notAfter=Jan  1 00:00:00 2025 GMT\n"));
    CHECK(top(findings) == "certificate-expired");
    CHECK(claim(findings, "certificate-expired") == Confidence::certain);
    CHECK_FALSE(claim(findings, "client-clock-wrong") == Confidence::likely);
}

TEST_CASE("where the client does not say which certificate ended, an issuer remains",
          "[diagnosis][certificate-expired]")
{
    const auto go = diagnose(told({"verify:expired"}, "x509: certificate has expired or is not yet valid: current time "
                                                      "2026-05-20T22:28:06Z is after 2024-01-01T00:00:00Z"));
    CHECK(claim(go, "certificate-expired") == Confidence::likely);
    CHECK(claim(go, "intermediate-expired"));
}

TEST_CASE("an end that is still to come blames the client's clock", "[diagnosis][client-clock-wrong]")
{
    const auto s_client = diagnose(told({"verify:expired"}, "depth=0 CN = a\nverify error:num=10:x\n"
                                                            "notAfter=Jan  1 00:00:00 2030 GMT\n"));
    CHECK(top(s_client) == "client-clock-wrong");
    CHECK(claim(s_client, "client-clock-wrong") == Confidence::certain);
    const auto go = diagnose(told({"verify:expired"}, "x509: certificate has expired or is not yet valid: current time "
                                                      "2045-01-01T00:00:00Z is after 2030-01-01T00:00:00Z"));
    CHECK(claim(go, "client-clock-wrong") == Confidence::certain);
}

TEST_CASE("a client whose present is years ahead has the wrong clock", "[diagnosis][client-clock-wrong]")
{
    const auto evidence = told({"verify:unspecified"}, "2045/01/01 00:00:00 socat[1] E SSL_connect(): x\n");
    CHECK(judge_told_dates(evidence).verdict == DateVerdict::clock_wrong);
    const auto now = told({"verify:unspecified"}, "2026/06/01 00:00:00 socat[1] E SSL_connect(): x\n");
    CHECK(judge_told_dates(now).verdict == DateVerdict::untold);
}

TEST_CASE("a begin that is still to come is certain, and one that is past says nothing of then",
          "[diagnosis][certificate-not-yet-valid]")
{
    const auto later = told({"verify:not-yet-valid"}, "notBefore=Jan  1 00:00:00 2029 GMT\n");
    CHECK(claim(diagnose(later), "certificate-not-yet-valid") == Confidence::certain);
    const auto begun = told({"verify:not-yet-valid"}, "notBefore=Jan  1 00:00:00 2026 GMT\n");
    CHECK(judge_told_dates(begun).verdict == DateVerdict::untold);
}

TEST_CASE("a listed issuer that has ended is certain; the server's own certificate is not to blame",
          "[diagnosis][intermediate-expired]")
{
    const auto findings = diagnose(told({"verify:expired"}, kChain));
    CHECK(top(findings) == "intermediate-expired");
    CHECK(claim(findings, "intermediate-expired") == Confidence::certain);
    CHECK_FALSE(claim(findings, "certificate-expired"));
}

TEST_CASE("an end above all certificates that were sent is the root's", "[diagnosis][root-expired]")
{
    const auto findings =
        diagnose(told({"verify:expired"}, std::string(kChain) + "depth=2 CN = r\nverify error:num=10:x\n"
                                                                "notAfter=Jan  1 00:00:00 2025 GMT\n"));
    CHECK(claim(findings, "root-expired") == Confidence::likely);
    CHECK(top(findings) == "root-expired");
}

TEST_CASE("wget says apart whether the server's own certificate has ended", "[diagnosis][account]")
{
    const std::string any =
        "ERROR: The certificate of 'a' is not trusted.\nERROR: The certificate of 'a' has expired.\n";
    CHECK(read_account(any).failed_depth == 1);
    CHECK(read_account(any + "The certificate has expired\n").failed_depth == 0);
}

TEST_CASE("without a second clock dates decide nothing", "[diagnosis][told-time]")
{
    auto evidence = told({"verify:expired"}, "notAfter=Jan  1 00:00:00 2025 GMT\n");
    evidence.looked_at.reset();
    CHECK(judge_told_dates(evidence).verdict == DateVerdict::untold);
    CHECK(claim(diagnose(evidence), "certificate-expired") == Confidence::likely);
}

} // namespace
} // namespace alert40
