// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/staple.h"

#include "certs/certificate.h"
#include "certs/status.h"

namespace alert40 {

std::optional<Bytes> make_staple(Staple staple, const Chain& chain, std::chrono::system_clock::time_point now)
{
    if (staple == Staple::none) return std::nullopt;
    const Bytes serial_number = parse_certificate(chain.leaf).serial_number;
    const auto about = [&](const Bytes& number, bool revoked, const StatusPeriod& period) {
        return ocsp_response(chain.issuer, number, revoked, period);
    };
    switch (staple) {
    case Staple::none:
        break;
    case Staple::good:
        return about(serial_number, false, fresh_period(now));
    case Staple::revoked:
        return about(serial_number, true, fresh_period(now));
    case Staple::stale:
        return about(serial_number, false, stale_period(now));
    case Staple::other_certificate: { // the issuer's word about the certificate before this one
        Bytes number = serial_number;
        number.back() ^= 0x01;
        return about(number, false, fresh_period(now));
    }
    case Staple::malformed: { // its last third is missing
        Bytes response = about(serial_number, false, fresh_period(now));
        response.resize(response.size() * 2 / 3);
        return response;
    }
    }
    return std::nullopt;
}

} // namespace alert40
