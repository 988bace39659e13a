// SPDX-License-Identifier: GPL-2.0-or-later
// Alert levels and descriptions: RFC 8446 section 6, RFC 5246 section 7.2, IANA "TLS Alerts", retired ones included.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

enum class AlertLevel : std::uint8_t { warning = 1, fatal = 2 };

enum class AlertDescription : std::uint8_t {
    close_notify = 0,
    end_of_early_data = 1, // TLS 1.3 drafts only
    unexpected_message = 10,
    bad_record_mac = 20,
    decryption_failed = 21, // decryption_failed_RESERVED since RFC 5246
    record_overflow = 22,
    decompression_failure = 30,
    handshake_failure = 40,
    no_certificate = 41, // SSL 3.0; no_certificate_RESERVED since RFC 2246
    bad_certificate = 42,
    unsupported_certificate = 43,
    certificate_revoked = 44,
    certificate_expired = 45,
    certificate_unknown = 46,
    illegal_parameter = 47,
    unknown_ca = 48,
    access_denied = 49,
    decode_error = 50,
    decrypt_error = 51,
    too_many_cids_requested = 52,
    export_restriction = 60, // export_restriction_RESERVED since RFC 4346
    protocol_version = 70,
    insufficient_security = 71,
    internal_error = 80,
    inappropriate_fallback = 86,
    user_canceled = 90,
    no_renegotiation = 100,
    missing_extension = 109,
    unsupported_extension = 110,
    certificate_unobtainable = 111,
    unrecognized_name = 112,
    bad_certificate_status_response = 113,
    bad_certificate_hash_value = 114,
    unknown_psk_identity = 115,
    certificate_required = 116,
    general_error = 117,
    no_application_protocol = 120,
    ech_required = 121,
};

/// "fatal", or "unknown (0)".
std::string name(AlertLevel level);
std::optional<AlertLevel> find_alert_level(std::string_view name);
std::vector<std::string> all_alert_level_names();

/// "handshake_failure", or "unknown (200)".
std::string name(AlertDescription description);

/// "handshake_failure (40)", or "unknown (200)": how reports write alerts.
std::string display_name(AlertDescription description);

/// The inverse of name, for the registered ones.
std::optional<AlertDescription> find_alert_description(std::string_view name);
std::vector<std::string> all_alert_description_names();

} // namespace alert40
