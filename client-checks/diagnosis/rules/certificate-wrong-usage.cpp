// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_faults.h"

namespace alert40 {

std::optional<Finding> rule_certificate_wrong_usage(const Evidence& evidence)
{
    // Measured: 43 (OpenSSL, mbedTLS, deno), 42 (GnuTLS, Go, rustls, wolfSSL), 46 (NSS, Chromium, Java), 80 (GnuTLS for
    // the key usage).
    return find_chain_fault("certificate-wrong-usage", evidence, wrong_usage, {"verify:wrong-usage"},
                            {AlertDescription::unsupported_certificate, AlertDescription::bad_certificate,
                             AlertDescription::certificate_unknown, AlertDescription::internal_error},
                            AlertDescription::unsupported_certificate);
}

} // namespace alert40
