// SPDX-License-Identifier: GPL-2.0-or-later
// libFuzzer target: whatever the octets are, parse_certificate() returns or throws CertificateError.
#include "certs/certificate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    try {
        const alert40::Certificate certificate = alert40::parse_certificate({data, size});
        alert40::names_match(certificate, "localhost");
        alert40::is_self_signed(certificate);
    } catch (const alert40::CertificateError&) {
    }
    return 0;
}
