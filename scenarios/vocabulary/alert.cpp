// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/vocabulary/alert.h"

#include "scenarios/vocabulary/name_table.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

constexpr NameRow<AlertLevel> kLevels[] = {
    {AlertLevel::warning, "warning"},
    {AlertLevel::fatal, "fatal"},
};

constexpr NameRow<AlertDescription> kDescriptions[] = {
    {AlertDescription::close_notify, "close_notify"},
    {AlertDescription::end_of_early_data, "end_of_early_data"},
    {AlertDescription::unexpected_message, "unexpected_message"},
    {AlertDescription::bad_record_mac, "bad_record_mac"},
    {AlertDescription::decryption_failed, "decryption_failed"},
    {AlertDescription::record_overflow, "record_overflow"},
    {AlertDescription::decompression_failure, "decompression_failure"},
    {AlertDescription::handshake_failure, "handshake_failure"},
    {AlertDescription::no_certificate, "no_certificate"},
    {AlertDescription::bad_certificate, "bad_certificate"},
    {AlertDescription::unsupported_certificate, "unsupported_certificate"},
    {AlertDescription::certificate_revoked, "certificate_revoked"},
    {AlertDescription::certificate_expired, "certificate_expired"},
    {AlertDescription::certificate_unknown, "certificate_unknown"},
    {AlertDescription::illegal_parameter, "illegal_parameter"},
    {AlertDescription::unknown_ca, "unknown_ca"},
    {AlertDescription::access_denied, "access_denied"},
    {AlertDescription::decode_error, "decode_error"},
    {AlertDescription::decrypt_error, "decrypt_error"},
    {AlertDescription::too_many_cids_requested, "too_many_cids_requested"},
    {AlertDescription::export_restriction, "export_restriction"},
    {AlertDescription::protocol_version, "protocol_version"},
    {AlertDescription::insufficient_security, "insufficient_security"},
    {AlertDescription::internal_error, "internal_error"},
    {AlertDescription::inappropriate_fallback, "inappropriate_fallback"},
    {AlertDescription::user_canceled, "user_canceled"},
    {AlertDescription::no_renegotiation, "no_renegotiation"},
    {AlertDescription::missing_extension, "missing_extension"},
    {AlertDescription::unsupported_extension, "unsupported_extension"},
    {AlertDescription::certificate_unobtainable, "certificate_unobtainable"},
    {AlertDescription::unrecognized_name, "unrecognized_name"},
    {AlertDescription::bad_certificate_status_response, "bad_certificate_status_response"},
    {AlertDescription::bad_certificate_hash_value, "bad_certificate_hash_value"},
    {AlertDescription::unknown_psk_identity, "unknown_psk_identity"},
    {AlertDescription::certificate_required, "certificate_required"},
    {AlertDescription::general_error, "general_error"},
    {AlertDescription::no_application_protocol, "no_application_protocol"},
    {AlertDescription::ech_required, "ech_required"},
};

} // namespace

std::string name(AlertLevel level)
{
    const auto known = name_in(kLevels, level);
    return known.empty() ? unknown(static_cast<unsigned>(level)) : std::string(known);
}

std::optional<AlertLevel> find_alert_level(std::string_view name)
{
    return value_in(kLevels, name);
}

std::vector<std::string> all_alert_level_names()
{
    return names_in(kLevels);
}

std::string name(AlertDescription description)
{
    const auto known = name_in(kDescriptions, description);
    return known.empty() ? unknown(static_cast<unsigned>(description)) : std::string(known);
}

std::string display_name(AlertDescription description)
{
    const auto number = static_cast<unsigned>(description);
    const auto known = name_in(kDescriptions, description);
    return known.empty() ? unknown(number) : fmt::format("{} ({})", known, number);
}

std::optional<AlertDescription> find_alert_description(std::string_view name)
{
    return value_in(kDescriptions, name);
}

std::vector<std::string> all_alert_description_names()
{
    return names_in(kDescriptions);
}

} // namespace alert40
