// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/records/json_value.h"

#include "scenarios/loader/input_error.h"

#include <charconv>
#include <fmt/format.h>
#include <limits>

namespace alert40 {

using nlohmann::json;

JsonValue::JsonValue(const json& value, std::string line, std::string path)
    : json_(&value),
      line_(std::move(line)),
      path_(std::move(path))
{
}

void JsonValue::fail(std::string_view what, std::string_view hint) const
{
    throw InputError(fmt::format("{}: {}{}{}", line_, path_, path_.empty() ? "" : ": ", what), hint);
}

std::optional<JsonValue> JsonValue::maybe(const char* key) const
{
    if (!json_->is_object()) fail("an object was expected");
    const auto found = json_->find(key);
    if (found == json_->end() || found->is_null()) return std::nullopt;
    return JsonValue(*found, line_, path_.empty() ? key : path_ + "." + key);
}

bool JsonValue::has(const char* key) const
{
    return maybe(key).has_value();
}

JsonValue JsonValue::member(const char* key) const
{
    auto found = maybe(key);
    if (!found) fail(fmt::format("the field '{}' is missing", key));
    return *std::move(found);
}

std::vector<JsonValue> JsonValue::items() const
{
    if (!json_->is_array()) fail("a list was expected");
    std::vector<JsonValue> values;
    for (std::size_t index = 0; index < json_->size(); ++index)
        values.emplace_back((*json_)[index], line_, fmt::format("{}[{}]", path_, index));
    return values;
}

const std::string& JsonValue::text() const
{
    if (!json_->is_string()) fail("a text was expected");
    return json_->get_ref<const std::string&>();
}

std::uint64_t JsonValue::number(std::uint64_t most) const
{
    if (!json_->is_number_unsigned() || json_->get<std::uint64_t>() > most)
        fail(fmt::format("a number from 0 to {} was expected", most));
    return json_->get<std::uint64_t>();
}

std::int64_t JsonValue::whole_number() const
{
    constexpr auto kMost = std::numeric_limits<std::int32_t>::max();
    constexpr auto kLeast = std::numeric_limits<std::int32_t>::min();
    const bool fits = json_->is_number_unsigned() ? json_->get<std::uint64_t>() <= kMost
                                                  : json_->is_number_integer() && json_->get<std::int64_t>() >= kLeast;
    if (!fits) fail("a whole number was expected");
    return json_->get<std::int64_t>();
}

bool JsonValue::yes() const
{
    if (!json_->is_boolean()) fail("true or false was expected");
    return json_->get<bool>();
}

double JsonValue::milliseconds() const
{
    constexpr double kDay = 86'400'000;
    if (!json_->is_number()) fail("a number of milliseconds was expected");
    const auto value = json_->get<double>();
    if (!(value >= 0 && value <= kDay)) fail("a number of milliseconds from 0 to those of a day was expected");
    return value;
}

std::uint16_t JsonValue::hex() const
{
    const auto values = list(16);
    if (values.size() != 1) fail("hexadecimal digits were expected, such as \"0303\"");
    return values.front();
}

std::vector<std::uint16_t> JsonValue::hex_list() const
{
    return list(16);
}

std::vector<std::uint16_t> JsonValue::number_list() const
{
    return list(10);
}

std::vector<std::uint16_t> JsonValue::list(int base) const
{
    const std::string& all = text();
    std::vector<std::uint16_t> values;
    for (std::size_t at = 0; at < all.size();) {
        if (all[at] == ' ') {
            ++at;
            continue;
        }
        const std::size_t end = std::min(all.find(' ', at), all.size());
        std::uint16_t value = 0;
        const auto [stop, error] = std::from_chars(all.data() + at, all.data() + end, value, base);
        if (error != std::errc{} || stop != all.data() + end)
            fail(fmt::format("'{}' is no {} number of 16 bits", all.substr(at, end - at),
                             base == 16 ? "hexadecimal" : "decimal"));
        values.push_back(value);
        at = end;
    }
    return values;
}

} // namespace alert40
