// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/staple.h"

#include "certs/certificate.h"
#include "tests/certs/support.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace alert40::test;

namespace {

bool holds(const Bytes& response, const Bytes& octets)
{
    return std::search(response.begin(), response.end(), octets.begin(), octets.end()) != response.end();
}

} // namespace

TEST_CASE("each staple is about the leaf, but the one that is about another certificate", "[engine][staple]")
{
    TemporaryDirectory directory;
    StateDirectory state(directory.path() / "state", now());
    const Chain chain = forge_with(state, "");
    const auto serial_number = parse_certificate(chain.leaf).serial_number;
    CHECK_FALSE(make_staple(Staple::none, chain, now()));
    const auto good = make_staple(Staple::good, chain, now()).value();
    CHECK(holds(good, serial_number));
    CHECK(holds(make_staple(Staple::revoked, chain, now()).value(), serial_number));
    CHECK(holds(make_staple(Staple::stale, chain, now()).value(), serial_number));
    CHECK_FALSE(holds(make_staple(Staple::other_certificate, chain, now()).value(), serial_number));
    const auto malformed = make_staple(Staple::malformed, chain, now()).value();
    CHECK(malformed.size() < good.size());
    CHECK(good.size() > 200);
}
