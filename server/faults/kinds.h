// SPDX-License-Identifier: GPL-2.0-or-later
// What the fault files offer to the table; nothing else includes this.
#pragma once

#include "scenarios/loader/codecs.h"
#include "server/faults/fault.h"

namespace alert40 {

std::unique_ptr<Fault> make_alert_fault(Trigger at, const TomlTable& settings);
nlohmann::json alert_fault_schema();
std::unique_ptr<Fault> make_bit_flip_fault(Trigger at, const TomlTable& settings);
nlohmann::json bit_flip_fault_schema();
std::unique_ptr<Fault> make_byte_at_a_time_fault(Trigger at, const TomlTable& settings);
nlohmann::json byte_at_a_time_fault_schema();
std::unique_ptr<Fault> make_client_hello_size_limit_fault(Trigger at, const TomlTable& settings);
nlohmann::json client_hello_size_limit_fault_schema();
std::unique_ptr<Fault> make_close_fault(Trigger at, const TomlTable& settings);
std::unique_ptr<Fault> make_coalesce_fault(Trigger at, const TomlTable& settings);
nlohmann::json coalesce_fault_schema();
std::unique_ptr<Fault> make_delay_fault(Trigger at, const TomlTable& settings);
nlohmann::json delay_fault_schema();
std::unique_ptr<Fault> make_drop_fault(Trigger at, const TomlTable& settings);
std::unique_ptr<Fault> make_duplicate_fault(Trigger at, const TomlTable& settings);
nlohmann::json duplicate_fault_schema();
std::unique_ptr<Fault> make_expect_proxy_header_fault(Trigger at, const TomlTable& settings);
nlohmann::json expect_proxy_header_fault_schema();
std::unique_ptr<Fault> make_half_close_fault(Trigger at, const TomlTable& settings);
std::unique_ptr<Fault> make_refuse_grease_fault(Trigger at, const TomlTable& settings);
nlohmann::json refuse_grease_fault_schema();
std::unique_ptr<Fault> make_refuse_record_version_fault(Trigger at, const TomlTable& settings);
nlohmann::json refuse_record_version_fault_schema();
std::unique_ptr<Fault> make_refuse_session_id_fault(Trigger at, const TomlTable& settings);
nlohmann::json refuse_session_id_fault_schema();
std::unique_ptr<Fault> make_refuse_version_fault(Trigger at, const TomlTable& settings);
nlohmann::json refuse_version_fault_schema();
std::unique_ptr<Fault> make_reorder_fault(Trigger at, const TomlTable& settings);
std::unique_ptr<Fault> make_replace_record_version_fault(Trigger at, const TomlTable& settings);
nlohmann::json replace_record_version_fault_schema();
std::unique_ptr<Fault> make_reset_fault(Trigger at, const TomlTable& settings);
std::unique_ptr<Fault> make_send_fault(Trigger at, const TomlTable& settings);
nlohmann::json send_fault_schema();
std::unique_ptr<Fault> make_sni_filter_fault(Trigger at, const TomlTable& settings);
nlohmann::json sni_filter_fault_schema();
std::unique_ptr<Fault> make_split_fault(Trigger at, const TomlTable& settings);
nlohmann::json split_fault_schema();
std::unique_ptr<Fault> make_stall_fault(Trigger at, const TomlTable& settings);
std::unique_ptr<Fault> make_strip_extension_fault(Trigger at, const TomlTable& settings);
nlohmann::json strip_extension_fault_schema();
std::unique_ptr<Fault> make_truncate_fault(Trigger at, const TomlTable& settings);
nlohmann::json truncate_fault_schema();

/// For the kinds that have nothing to set: any key beside `at`, `do` and `on_connection` is refused.
struct NoSettings {};
inline void read_no_settings(const TomlTable& settings)
{
    read_table(settings, Fields<NoSettings>{});
}
inline nlohmann::json no_settings_schema()
{
    return schema_of(Fields<NoSettings>{});
}

/// A whole number within [least, most].
template <class Settings, class Number>
Field<Settings> number_field(std::string key, Number Settings::*member, std::int64_t least, std::int64_t most,
                             std::string summary)
{
    return {
        std::move(key), std::move(summary),
        [=](const TomlValue& value, Settings& target) { target.*member = Number(read_integer(value, least, most)); },
        [=] {
            return nlohmann::json{{"type", "integer"}, {"minimum", least}, {"maximum", most}};
        }};
}

/// One of a closed list of words; what is stored is its place in `words`.
template <class Settings, class Value>
Field<Settings> word_field(std::string key, Value Settings::*member, std::vector<std::pair<std::string, Value>> words,
                           std::string summary)
{
    std::vector<std::string> names;
    for (const auto& [word, meaning] : words) names.push_back(word);
    return {std::move(key), std::move(summary),
            [=](const TomlValue& value, Settings& target) {
                const auto find = [&](std::string_view name) -> std::optional<Value> {
                    for (const auto& [word, meaning] : words)
                        if (word == name) return meaning;
                    return std::nullopt;
                };
                target.*member = read_name(value, "word", find, names);
            },
            [=] { return names_schema(names); }};
}

} // namespace alert40
