// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_faults.h"

namespace alert40 {

std::optional<Finding> rule_certificate_chain_misordered(const Evidence& evidence)
{
    // The client takes the first certificate for the server's (RFC 8446 section 4.4.2): a CA, for another purpose and
    // name, whose key did not sign this handshake. Not certain: most clients sort what stands behind the first
    // themselves.
    auto finding = find_chain_fault("certificate-chain-misordered", evidence, misordered,
                                    {"verify:wrong-usage", "verify:name-mismatch", "verify:unknown-ca",
                                     "verify:incomplete-chain", "verify:constraint", "verify:bad-signature"},
                                    {AlertDescription::unsupported_certificate, AlertDescription::bad_certificate,
                                     AlertDescription::unknown_ca, AlertDescription::certificate_unknown,
                                     AlertDescription::internal_error, AlertDescription::decrypt_error});
    if (finding && finding->confidence == Confidence::certain) finding->confidence = Confidence::likely;
    return finding;
}

} // namespace alert40
