// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_faults.h"

namespace alert40 {

std::optional<Finding> rule_certificate_weak_signature(const Evidence& evidence)
{
    // Measured: 42 (OpenSSL, GnuTLS, Go, Firefox), 46 (Chromium, mbedTLS), 51 (deno).
    return find_chain_fault(
        "certificate-weak-signature", evidence, weak_signature, {"verify:weak-signature"},
        {AlertDescription::bad_certificate, AlertDescription::certificate_unknown, AlertDescription::decrypt_error},
        std::nullopt, OwnWords::certain);
}

} // namespace alert40
