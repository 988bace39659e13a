// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/status_reader.h"

#include "certs/certificate_pointers.h"
#include "certs/status.h"
#include "tests/certs/support.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace alert40::test;

namespace {

struct Fixture {
    TemporaryDirectory directory;
    StateDirectory state{directory.path() / "state", now()};
    Chain chain = forge_with(state, "");
    Certificate leaf = parse_certificate(chain.leaf);
    Certificate issuer = parse_certificate(chain.issuer.certificate);

    Bytes response(bool revoked, const StatusPeriod& period) const
    {
        return ocsp_response(chain.issuer, leaf.serial_number, revoked, period);
    }
};

} // namespace

TEST_CASE_METHOD(Fixture, "an OCSP response is read as it was written", "[certs][status]")
{
    const auto period = fresh_period(now());
    const auto read = parse_ocsp_response(response(true, period));
    CHECK(read.response_status == 0);
    REQUIRE(read.entries.size() == 1);
    CHECK(read.entries.front().serial_number == leaf.serial_number);
    CHECK(read.entries.front().status == CertificateStatus::revoked);
    REQUIRE(read.entries.front().next_update);
    CHECK(*read.entries.front().next_update - period.next_update < std::chrono::seconds(1));
    CHECK(parse_ocsp_response(ocsp_try_later()).response_status == 3);
}

TEST_CASE_METHOD(Fixture, "a response cut anywhere, or with octets behind it, is an error and no harm",
                 "[certs][status]")
{
    Bytes whole = response(false, fresh_period(now()));
    for (std::size_t length = 0; length < whole.size(); ++length)
        CHECK_THROWS_AS(parse_ocsp_response(ByteView(whole).first(length)), CertificateError);
    whole.push_back(0);
    CHECK_THROWS_AS(parse_ocsp_response(whole), CertificateError);
}

TEST_CASE_METHOD(Fixture, "a staple is good only when it is current, signed by the issuer and about the leaf",
                 "[certs][status]")
{
    const auto problem = [&](const Bytes& staple) { return judge_staple(staple, leaf, &issuer, now()).problem; };
    CHECK(problem(response(false, fresh_period(now()))) == "");
    CHECK_THAT(problem(response(false, stale_period(now()))), Catch::Contains("was valid until"));
    CHECK(judge_staple(response(true, fresh_period(now())), leaf, &issuer, now()).revoked);
    Bytes altered = response(false, fresh_period(now()));
    altered.back() ^= 1;
    CHECK_THAT(problem(altered), Catch::Contains("not signed by"));
    const Certificate stranger = parse_certificate(state.stranger_intermediate().certificate);
    CHECK_THAT(judge_staple(response(false, fresh_period(now())), leaf, &stranger, now()).problem,
               Catch::Contains("not signed by"));
    CHECK(judge_staple(response(false, fresh_period(now())), leaf, nullptr, now()).problem == "");
}

TEST_CASE_METHOD(Fixture, "a certificate's pointers are read, and absent where it has none", "[certs][status]")
{
    CHECK(read_pointers(leaf).ca_issuers.empty());
    CHECK_FALSE(read_pointers(leaf).must_staple);
    ChainRecipe recipe;
    recipe.must_staple = true;
    recipe.publishes = true;
    const Chain other = forge_chain(plan_chain(recipe, {"www.alert40.test"}, {}), state, now(),
                                    {"http://ca.test/issuer", "http://ca.test/ocsp", "http://ca.test/crl"});
    const auto pointers = read_pointers(parse_certificate(other.leaf));
    CHECK(pointers.must_staple);
    CHECK(pointers.ca_issuers == std::vector<std::string>{"http://ca.test/issuer"});
    CHECK(pointers.ocsp_responders == std::vector<std::string>{"http://ca.test/ocsp"});
}
