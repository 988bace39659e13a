// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/reports/result_file.h"

#include "client-checks/reports/result_fields.h"
#include "scenarios/loader/input_error.h"

#include <algorithm>
#include <concepts>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

namespace alert40 {

using nlohmann::json;

class JsonWriter;

template <class T>
concept HasFields = requires(JsonWriter& io, T& value)
{
    fields(io, value);
};

/// Puts a value's members into an object.
class JsonWriter {
public:
    explicit JsonWriter(json& to) : to_(to) {}

    template <class T> void operator()(const char* key, T& value) { to_[key] = written(value); }
    void text(const char* key, const std::string& value) { to_[key] = value.empty() ? json(nullptr) : json(value); }
    template <class T> void maybe(const char* key, std::optional<T>& value)
    {
        to_[key] = value ? written(*value) : json(nullptr);
    }
    template <class T> void list(const char* key, std::vector<T>& values) // left out where it is empty
    {
        if (!values.empty()) to_[key] = written(values);
    }
    template <class T> void beside(const char* /*tell*/, std::optional<T>& value) // its members among the owner's
    {
        if (value) fields(*this, *value);
    }

private:
    static json written(const std::string& value) { return value; }
    static json written(bool value) { return value; }
    template <std::integral T> static json written(T value) { return value; }
    static json written(std::chrono::milliseconds value) { return value.count(); }
    static json written(Verdict value) { return name(value); }
    static json written(StringMap& map)
    {
        json object = json::object();
        for (const auto& [key, value] : map) object[key] = value;
        return object;
    }
    template <class T> static json written(std::vector<T>& values)
    {
        json array = json::array();
        for (auto& value : values) array.push_back(written(value));
        return array;
    }
    template <HasFields T> static json written(T& value)
    {
        json object = json::object();
        JsonWriter writer(object);
        fields(writer, value);
        return object;
    }

    json& to_;
};

/// Takes a value's members out of an object; every error says where.
class JsonReader {
public:
    JsonReader(const json& from, std::string where) : from_(from), where_(std::move(where))
    {
        if (!from.is_object()) throw InputError(where_ + ": an object was expected");
    }

    template <class T> void operator()(const char* key, T& value)
    {
        const auto found = from_.find(key);
        if (found == from_.end()) throw InputError(fmt::format("{}: the key '{}' is missing", where_, key));
        read(*found, at(key), value);
    }
    void text(const char* key, std::string& value)
    {
        if (const auto found = from_.find(key); found != from_.end() && !found->is_null()) read(*found, at(key), value);
    }
    template <class T> void maybe(const char* key, std::optional<T>& value)
    {
        const auto found = from_.find(key);
        if (found == from_.end() || found->is_null()) return;
        read(*found, at(key), value.emplace());
    }
    template <class T> void list(const char* key, std::vector<T>& values)
    {
        if (const auto found = from_.find(key); found != from_.end()) read(*found, at(key), values);
    }
    template <class T> void beside(const char* tell, std::optional<T>& value)
    {
        if (from_.contains(tell)) fields(*this, value.emplace());
    }

    const json& object() const { return from_; }
    const std::string& where() const { return where_; }

private:
    std::string at(std::string_view key) const { return fmt::format("{}: {}", where_, key); }

    static void read(const json& from, const std::string& where, std::string& value)
    {
        if (!from.is_string()) throw InputError(where + ": a text was expected");
        value = from.get<std::string>();
    }
    static void read(const json& from, const std::string& where, bool& value)
    {
        if (!from.is_boolean()) throw InputError(where + ": true or false was expected");
        value = from.get<bool>();
    }
    template <std::integral T> static void read(const json& from, const std::string& where, T& value)
    {
        // Of what JSON can hold only this much is read: 2^31 octets, ports, milliseconds of 24 days.
        constexpr auto kMost = std::numeric_limits<std::int32_t>::max();
        const bool fits = from.is_number_integer() &&
                          (from.is_number_unsigned() ? from.get<std::uint64_t>() <= kMost
                                                     : std::is_signed_v<T> && from.get<std::int64_t>() >= -kMost);
        if (!fits) throw InputError(where + ": a number was expected");
        value = static_cast<T>(from.get<std::int64_t>());
    }
    static void read(const json& from, const std::string& where, std::chrono::milliseconds& value)
    {
        std::int64_t count = 0;
        read(from, where, count);
        value = std::chrono::milliseconds(count);
    }
    static void read(const json& from, const std::string& where, Verdict& value)
    {
        std::string text;
        read(from, where, text);
        for (const auto verdict : {Verdict::pass, Verdict::fail, Verdict::skip, Verdict::error})
            if (name(verdict) == text) {
                value = verdict;
                return;
            }
        throw InputError(fmt::format("{}: '{}' is no verdict", where, text), "one of: pass, fail, skip, error");
    }
    static void read(const json& from, const std::string& where, StringMap& map)
    {
        if (!from.is_object()) throw InputError(where + ": an object was expected");
        for (const auto& [key, value] : from.items()) {
            map.emplace_back(key, "");
            read(value, where, map.back().second);
        }
    }
    template <class T> static void read(const json& from, const std::string& where, std::vector<T>& values)
    {
        if (!from.is_array()) throw InputError(where + ": a list was expected");
        values.reserve(from.size());
        for (const auto& value : from) {
            const auto place = fmt::format("{} {}", where, values.size() + 1);
            read(value, place, values.emplace_back());
        }
    }
    template <HasFields T> static void read(const json& from, const std::string& where, T& value)
    {
        JsonReader reader(from, where);
        fields(reader, value);
    }

    const json& from_;
    std::string where_;
};

namespace {

template <class T> json object_of(T value)
{
    json object = json::object();
    JsonWriter writer(object);
    fields(writer, value);
    return object;
}

/// What programs look for first stands beside what is read again.
json cell_json(const ResultCell& cell, const ResultClient* client)
{
    json object = object_of(cell);
    object["why"] = fmt::format("{}", fmt::join(cell.why, "; "));
    object["diagnosis"] = cell.first_class.empty() ? json(nullptr) : json(cell.first_class.front());
    object["fix"] = cell.fix ? json(cell.fix->symptom) : json(nullptr);
    object["known"] = cell.known;
    if (client == nullptr) return object;
    object["library"] = client->library;
    object["client_version"] = client->version.empty() ? json(nullptr) : json(client->version);
    return object;
}

json since_json(const Comparison& since)
{
    json object = {{"baseline", since.baseline}, {"started", since.started}, {"known", since.known}};
    object["changes"] = json::array();
    for (const auto& change : since.changes)
        object["changes"].push_back({{"kind", name(change.kind)},
                                     {"counts", change.counts},
                                     {"scenario", change.scenario.empty() ? json(nullptr) : json(change.scenario)},
                                     {"client", change.client},
                                     {"before", change.before},
                                     {"now", change.now}});
    return object;
}

// What clients print is not always UTF-8: such octets become U+FFFD.
std::string dump(const json& value, int indent)
{
    return value.dump(indent, ' ', false, json::error_handler_t::replace);
}

json head_json(const RunResult& result)
{
    json head = object_of(result);
    head["schema"] = kResultSchema;
    return head;
}

ResultCell read_cell(const json& from, const std::string& where, const RunResult& result)
{
    ResultCell cell;
    JsonReader reader(from, where);
    fields(reader, cell);
    if (result.client(cell.client) == nullptr)
        throw InputError(fmt::format("{}: the client '{}' is not in the list of clients", where, cell.client));
    return cell;
}

void add_cell(ResultScenario& scenario, ResultCell cell, const std::string& where)
{
    if (scenario.cell_of(cell.client) != nullptr)
        throw InputError(fmt::format("{}: the cell {} with {} is there twice", where, scenario.name, cell.client));
    scenario.cells.push_back(std::move(cell));
}

const json& list_in(const JsonReader& reader, const char* key)
{
    const auto found = reader.object().find(key);
    if (found == reader.object().end() || !found->is_array())
        throw InputError(fmt::format("{}: the list '{}' is missing", reader.where(), key));
    return *found;
}

void read_scenarios(const JsonReader& reader, RunResult& result)
{
    for (const auto& object : list_in(reader, "scenarios")) {
        const auto where = fmt::format("{}: scenario {}", reader.where(), result.scenarios.size() + 1);
        JsonReader scenario(object, where);
        auto& made = result.scenarios.emplace_back();
        fields(scenario, made);
        if (!object.contains("cells")) continue; // a journal
        for (const auto& cell : list_in(scenario, "cells"))
            add_cell(made, read_cell(cell, fmt::format("{}, cell {}", where, made.cells.size() + 1), result), where);
    }
}

/// The cells of a journal, each with the number of its scenario.
void read_journal(const JsonReader& reader, RunResult& result)
{
    std::size_t number = 0;
    for (const auto& object : list_in(reader, "cells")) {
        const auto where = fmt::format("{}: cell {}", reader.where(), ++number);
        auto cell = read_cell(object, where, result);
        const auto found = object.find("scenario");
        if (found == object.end() || !found->is_number_unsigned() ||
            found->get<std::uint64_t>() >= result.scenarios.size())
            throw InputError(where + ": it does not say of which scenario it is");
        add_cell(result.scenarios[found->get<std::size_t>()], std::move(cell), where);
    }
}

void check_schema(const json& document, const std::string& name)
{
    if (!document.is_object() || !document.contains("schema"))
        throw InputError(name + ": no result of alert40-check", "--report json=PATH writes one");
    const auto& schema = document["schema"];
    if (schema != kResultSchema)
        throw InputError(
            fmt::format("{}: its schema is {}, and this alert40-check reads {}", name, dump(schema, -1), kResultSchema),
            "run it again with this version");
}

/// A journal without the line that was under way when the machine went down; nullopt where `text` is none.
std::optional<json> whole_lines(std::string_view text)
{
    const auto head = text.find('\n');
    if (head == std::string_view::npos || !text.substr(0, head).ends_with("\"cells\":[")) return std::nullopt;
    for (int cut = 0; cut < 2; ++cut) { // the line, and what was left of the old end
        text = text.substr(0, text.rfind('\n'));
        auto document = json::parse(std::string(text) + std::string(kJournalEnd), nullptr, false);
        if (!document.is_discarded()) return document;
    }
    return std::nullopt;
}

json parse_json(std::string_view text, const std::string& name)
{
    try {
        return json::parse(text);
    } catch (const json::parse_error& error) {
        if (auto document = whole_lines(text)) return *std::move(document);
        const bool short_of_end = error.byte > text.size();
        throw InputError(short_of_end ? fmt::format("{}: cut short after {} octets", name, text.size())
                                      : fmt::format("{}: no JSON at octet {}", name, error.byte));
    }
}

} // namespace

void write_result(const RunResult& result, std::ostream& out)
{
    json report = head_json(result);
    report["scenarios"] = json::array();
    if (result.since) report["since_baseline"] = since_json(*result.since);
    for (const auto& scenario : result.scenarios) {
        json object = object_of(scenario);
        object["cells"] = json::array();
        for (const auto& cell : scenario.cells) object["cells"].push_back(cell_json(cell, result.client(cell.client)));
        report["scenarios"].push_back(std::move(object));
    }
    out << dump(report, 2) << '\n';
}

std::string journal_head(const RunResult& frame)
{
    json head = head_json(frame);
    head["complete"] = false;
    head["scenarios"] = json::array();
    for (const auto& scenario : frame.scenarios) head["scenarios"].push_back(object_of(scenario));
    std::string text = dump(head, -1);
    text.pop_back(); // its }
    return text + ",\"cells\":[\n";
}

std::string journal_line(const ResultCell& cell, std::size_t scenario)
{
    json object = cell_json(cell, nullptr);
    object["scenario"] = scenario;
    return dump(object, -1) + "\n";
}

RunResult parse_result(std::string_view text, const std::string& name)
{
    const json document = parse_json(text, name);
    check_schema(document, name);
    RunResult result;
    JsonReader reader(document, name);
    fields(reader, result);
    if (result.shard && (result.shard->index == 0 || result.shard->index > result.shard->count))
        throw InputError(fmt::format("{}: there is no shard {}/{}", name, result.shard->index, result.shard->count));
    read_scenarios(reader, result);
    if (document.contains("cells")) read_journal(reader, result);
    return result;
}

RunResult read_result(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    if (stream) text << stream.rdbuf();
    if (text.view().empty()) throw InputError(fmt::format("{} cannot be read, or is empty", file.string()));
    return parse_result(text.view(), file.string());
}

} // namespace alert40
