// SPDX-License-Identifier: GPL-2.0-or-later
// OCSP responses and CRLs, read and judged by openssl and certtool.
#include "certs/status.h"

#include "certs/certificate.h"
#include "tests/certs/chain_files.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace alert40::test;

namespace {

struct Fixture {
    TemporaryDirectory directory;
    StateDirectory state{directory.path() / "state", now()};
    Chain chain = forge_with(state, "");
    ChainFiles files{chain, state, directory.path()};
    Bytes serial_number = parse_certificate(chain.leaf).serial_number;

    std::string file(const std::string& name, ByteView octets)
    {
        const auto path = (directory.path() / name).string();
        write_text(path, std::string(octets.begin(), octets.end()));
        return path;
    }
    /// `openssl ocsp` reads the response about the leaf and verifies its signature up to the root.
    std::string judged(ByteView response)
    {
        return run_program("openssl ocsp -no_nonce -issuer " + files.issuer + " -cert " + files.leaf + " -CAfile " +
                               files.root + " -verify_other " + files.issuer + " -respin " +
                               file("response.der", response),
                           directory.path())
            .output;
    }
    /// `openssl verify -crl_check` of the leaf against this CRL.
    std::string verified(ByteView list)
    {
        const auto path = (directory.path() / "list.pem").string();
        write_text(path, to_pem("X509 CRL", list));
        return run_program("openssl verify -crl_check -CAfile " + files.root + " -untrusted " + files.others +
                               " -CRLfile " + path + " " + files.leaf,
                           directory.path())
            .output;
    }
};

const auto contains = [](const std::string& text) { return Catch::Matchers::Contains(text); };

} // namespace

TEST_CASE_METHOD(Fixture, "openssl verifies an OCSP response and reads what it says", "[certs][status]")
{
    const auto good = judged(ocsp_response(chain.issuer, serial_number, false, fresh_period(now())));
    CHECK_THAT(good, contains("Response verify OK"));
    CHECK_THAT(good, contains("leaf.pem: good"));
    const auto revoked = judged(ocsp_response(chain.issuer, serial_number, true, fresh_period(now())));
    CHECK_THAT(revoked, contains("Response verify OK"));
    CHECK_THAT(revoked, contains("leaf.pem: revoked"));
    CHECK_THAT(revoked, contains("keyCompromise"));
}

TEST_CASE_METHOD(Fixture, "openssl refuses a stale OCSP response by its dates alone", "[certs][status]")
{
    const auto stale = judged(ocsp_response(chain.issuer, serial_number, false, stale_period(now())));
    CHECK_THAT(stale, contains("Response verify OK"));
    CHECK_THAT(stale, contains("status expired"));
}

TEST_CASE_METHOD(Fixture, "an OCSP response about another certificate says nothing about this one", "[certs][status]")
{
    Bytes other = serial_number;
    other.back() ^= 0x01;
    const auto output = judged(ocsp_response(chain.issuer, other, false, fresh_period(now())));
    CHECK_THAT(output, contains("No Status found"));
}

TEST_CASE_METHOD(Fixture, "an OCSP response by another issuer does not verify", "[certs][status]")
{
    const auto& stranger = state.stranger_intermediate();
    const auto output = judged(ocsp_response(stranger, serial_number, false, fresh_period(now())));
    CHECK_THAT(output, contains("Response Verify Failure"));
}

TEST_CASE_METHOD(Fixture, "tryLater is a response without an answer", "[certs][status]")
{
    CHECK_THAT(judged(ocsp_try_later()), contains("trylater"));
}

TEST_CASE_METHOD(Fixture, "certtool reads the OCSP responses as well", "[certs][status]")
{
    if (!has_program("ocsptool")) return;
    const auto path = file("r.der", ocsp_response(chain.issuer, serial_number, true, fresh_period(now())));
    const auto shown = run_program("ocsptool --response-info --infile " + path, directory.path());
    CHECK(shown.status == 0);
    CHECK_THAT(shown.output, contains("Certificate Status: revoked"));
    CHECK_THAT(shown.output, contains("Signature Algorithm: ECDSA-SHA256"));
}

TEST_CASE_METHOD(Fixture, "openssl verifies the leaf against a CRL", "[certs][status]")
{
    CHECK_THAT(verified(certificate_revocation_list(chain.issuer, {}, fresh_period(now()))), contains("leaf.pem: OK"));
    CHECK_THAT(verified(certificate_revocation_list(chain.issuer, {serial_number}, fresh_period(now()))),
               contains("error 23")); // X509_V_ERR_CERT_REVOKED
    CHECK_THAT(verified(certificate_revocation_list(chain.issuer, {}, stale_period(now()))),
               contains("error 12")); // X509_V_ERR_CRL_HAS_EXPIRED
    CHECK_THAT(verified(certificate_revocation_list(state.stranger_intermediate(), {}, fresh_period(now()))),
               contains("error 3")); // X509_V_ERR_UNABLE_TO_GET_CRL
}

TEST_CASE_METHOD(Fixture, "certtool reads a CRL and finds what is revoked", "[certs][status]")
{
    if (!has_program("certtool")) return;
    const auto path = file("l.der", certificate_revocation_list(chain.issuer, {serial_number}, fresh_period(now())));
    const auto shown = run_program("certtool --crl-info --inder --infile " + path, directory.path());
    CHECK(shown.status == 0);
    CHECK_THAT(shown.output, contains("Revoked certificates (1)"));
    CHECK_THAT(shown.output, contains("Serial Number (hex): " + to_hex(serial_number)));
}

TEST_CASE_METHOD(Fixture, "the CRLs of a chain let openssl look up all of it", "[certs][status]")
{
    const auto looked_up = [&](const Chain& looked) {
        const ChainFiles its(looked, state, directory.path());
        const auto path = (directory.path() / "lists.pem").string();
        write_text(path, crls_pem(looked, state, now()));
        return run_program("openssl verify -crl_check_all -CAfile " + its.root + " -untrusted " + its.others +
                               " -CRLfile " + path + " " + its.leaf,
                           directory.path())
            .output;
    };
    CHECK_THAT(looked_up(chain), contains("leaf.pem: OK"));
    CHECK_THAT(looked_up(forge_with(state, "revoked")), contains("error 23"));
}
