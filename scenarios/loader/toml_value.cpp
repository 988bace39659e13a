// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/loader/toml_value.h"

#include "scenarios/loader/input_error.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <toml++/toml.h>

#if TOML_HEADER_ONLY
#error "link the toml++ library: its header-only build aborts on some malformed input"
#endif

namespace alert40 {
namespace {

constexpr std::uintmax_t kLargestFile = std::uintmax_t{1024} * 1024;

using FileName = std::shared_ptr<const std::string>;

SourcePos position(const toml::source_region& region, const FileName& file)
{
    return {file, region.begin.line, region.begin.column};
}

TomlTable convert(const toml::table& table, const FileName& file);

TomlValue convert(const toml::node& node, const FileName& file)
{
    TomlValue value{position(node.source(), file), {}};
    switch (node.type()) {
    case toml::node_type::table:
        value.content = convert(*node.as_table(), file);
        return value;
    case toml::node_type::array: {
        TomlArray items;
        for (const auto& item : *node.as_array()) items.push_back(convert(item, file));
        value.content = std::move(items);
        return value;
    }
    case toml::node_type::string:
        value.content = node.as_string()->get();
        return value;
    case toml::node_type::integer:
        value.content = node.as_integer()->get();
        return value;
    case toml::node_type::floating_point:
        value.content = node.as_floating_point()->get();
        return value;
    case toml::node_type::boolean:
        value.content = node.as_boolean()->get();
        return value;
    case toml::node_type::none:
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time:
        break;
    }
    throw InputError(value.where, "a date or time stands here",
                     "dates are offsets from the run's clock, in days or seconds");
}

TomlTable convert(const toml::table& table, const FileName& file)
{
    TomlTable result{position(table.source(), file), {}};
    for (const auto& [key, node] : table) result.entries.emplace_back(std::string(key.str()), convert(node, file));
    // toml++ keeps a table sorted by key; errors and listings follow the file instead.
    std::stable_sort(result.entries.begin(), result.entries.end(), [](const auto& left, const auto& right) {
        return std::pair(left.second.where.line, left.second.where.column) <
               std::pair(right.second.where.line, right.second.where.column);
    });
    return result;
}

[[noreturn]] void refuse_kind(const TomlValue& value, std::string_view expected)
{
    throw InputError(value.where, fmt::format("expected {}, found {}", expected, value.kind()));
}

template <class T> const T& content_as(const TomlValue& value, std::string_view expected)
{
    const T* content = std::get_if<T>(&value.content);
    if (content == nullptr) refuse_kind(value, expected);
    return *content;
}

} // namespace

TomlTable::TomlTable() = default;
TomlTable::TomlTable(SourcePos position, std::vector<std::pair<std::string, TomlValue>> values)
    : where(std::move(position)),
      entries(std::move(values))
{
}
TomlTable::TomlTable(const TomlTable&) = default;
TomlTable::TomlTable(TomlTable&&) noexcept = default;
TomlTable& TomlTable::operator=(const TomlTable&) = default;
TomlTable& TomlTable::operator=(TomlTable&&) noexcept = default;
TomlTable::~TomlTable() = default;

const TomlValue* TomlTable::find(std::string_view key) const
{
    for (const auto& [name, value] : entries)
        if (name == key) return &value;
    return nullptr;
}

TomlValue* TomlTable::find(std::string_view key)
{
    return const_cast<TomlValue*>(std::as_const(*this).find(key));
}

std::string_view TomlValue::kind() const
{
    constexpr std::string_view kKinds[] = {"a string",      "a whole number", "a fraction",
                                           "true or false", "a list",         "a table"};
    return kKinds[content.index()];
}

const std::string& TomlValue::as_string() const
{
    return content_as<std::string>(*this, "a string");
}
std::int64_t TomlValue::as_integer() const
{
    return content_as<std::int64_t>(*this, "a whole number");
}
bool TomlValue::as_boolean() const
{
    return content_as<bool>(*this, "true or false");
}
const TomlArray& TomlValue::as_array() const
{
    return content_as<TomlArray>(*this, "a list");
}
const TomlTable& TomlValue::as_table() const
{
    return content_as<TomlTable>(*this, "a table");
}

TomlTable parse_toml(std::string_view text, std::string_view name)
{
    const auto file = std::make_shared<const std::string>(name);
    try {
        const toml::table table = toml::parse(text, name);
        return convert(table, file);
    } catch (const toml::parse_error& error) {
        throw InputError(position(error.source(), file), fmt::format("not TOML: {}", error.description()));
    }
}

TomlTable parse_toml_file(const std::filesystem::path& path)
{
    SourcePos where{std::make_shared<const std::string>(path.string())};
    std::error_code failure;
    if (std::filesystem::is_directory(path, failure)) throw InputError(where, "is a directory, not a TOML file");
    const auto size = std::filesystem::file_size(path, failure);
    if (failure) throw InputError(where, fmt::format("cannot be read: {}", failure.message()));
    if (size > kLargestFile) throw InputError(where, fmt::format("has {} bytes; the largest file read is 1 MiB", size));
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    if (!file) throw InputError(where, "cannot be read", "check its permissions");
    return parse_toml(text.str(), path.string());
}

TomlTable overlay_toml(TomlTable base, const TomlTable& overlay)
{
    for (const auto& [key, value] : overlay.entries) {
        TomlValue* existing = base.find(key);
        if (existing == nullptr) {
            base.entries.emplace_back(key, value);
        } else if (std::holds_alternative<TomlTable>(existing->content) &&
                   std::holds_alternative<TomlTable>(value.content)) {
            existing->content =
                overlay_toml(std::move(std::get<TomlTable>(existing->content)), std::get<TomlTable>(value.content));
        } else {
            *existing = value;
        }
    }
    return base;
}

} // namespace alert40
