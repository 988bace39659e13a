// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/diagnosis.h"
#include "tests/diagnosis/evidence_maker.h"
#include "tests/source_dir.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace alert40::test;

namespace {

/// What is to be tried next after `version` was negotiated and the client found the certificate expired.
std::string next_test_after(ProtocolVersion version)
{
    const auto wire = WireMaker(modern_hello()).server_hello(version).reach(Phase::after_server_flight).wire();
    const auto evidence =
        gather_evidence(&wire, {*Symptom::parse("verify:expired")}, "openssl", "certificate has expired");
    return conclude(evidence, {}, load_knowledge(test_source_dir())).next_test;
}

} // namespace

TEST_CASE("the next test asks for TLS 1.2 only where the server is known to have it", "[diagnosis]")
{
    CHECK(next_test_after(ProtocolVersion::tls12).find("-tls1_2") != std::string::npos);
    CHECK(next_test_after(ProtocolVersion::tls13).find("s_client") != std::string::npos);
    CHECK(next_test_after(ProtocolVersion::tls13).find("-tls1_2") == std::string::npos);
}
