// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/records/record.h"

#include "client-checks/diagnosis/sound_end.h"
#include "scenarios/loader/input_error.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

using nlohmann::json;

std::string text(const JsonValue& from, const char* key)
{
    const auto found = from.maybe(key);
    return found ? found->text() : std::string{};
}

ClientIdentity read_client(const JsonValue& from)
{
    return {text(from, "name"), text(from, "version"), text(from, "library")};
}

std::vector<const Transcript*> beside(const FailureRecord& record, const RecordedConnection& one)
{
    std::vector<const Transcript*> others;
    for (const auto& each : record.connections)
        if (&each != &one && each.wire.client_hello) others.push_back(&each.wire);
    return others;
}

/// What is no TLS handshake at all: nobody spoke, or in another protocol.
bool is_empty(const Transcript& wire)
{
    return std::none_of(wire.events.begin(), wire.events.end(),
                        [](const auto& event) { return !std::holds_alternative<SocketEvent>(event); });
}

} // namespace

FailureRecord read_record(std::string_view line, const std::string& where)
{
    const json parsed = json::parse(line, nullptr, false);
    if (parsed.is_discarded()) throw InputError(where + ": this line is not JSON", "one JSON object a line");
    const JsonValue from(parsed, where);
    FailureRecord record;
    if (const auto client = from.maybe("client")) record.client = read_client(*client);
    record.output = text(from, "stdout");
    record.errors = text(from, "stderr");
    if (const auto code = from.maybe("exit_code")) record.exit_code = static_cast<int>(code->whole_number());
    if (const auto wire = from.maybe("wire")) record.connections = read_wire(*wire);
    return record;
}

const RecordedConnection* deciding_connection(const FailureRecord& record)
{
    const auto& all = record.connections;
    const auto spoke = [](const RecordedConnection& each) { return each.wire.client_hello.has_value(); };
    const auto failed = [&](const RecordedConnection& each) {
        return spoke(each) && !completed(each.wire) && !client_just_left(each.wire, beside(record, each));
    };
    const auto done = [](const RecordedConnection& each) { return completed(each.wire); };
    auto found = std::find_if(all.begin(), all.end(), failed);
    if (found == all.end()) found = std::find_if(all.begin(), all.end(), done);
    if (found == all.end()) found = std::find_if(all.begin(), all.end(), spoke);
    if (found == all.end())
        found = std::find_if_not(all.begin(), all.end(), [](const auto& each) { return is_empty(each.wire); });
    if (found == all.end()) found = all.begin();
    return found == all.end() ? nullptr : &*found;
}

Evidence gather_evidence(const FailureRecord& record, const Vocabulary& vocabulary)
{
    constexpr int kNoExitCode = -1;
    const ClientOutput output{record.output, record.errors, record.exit_code.value_or(kNoExitCode)};
    ClientWords words = read_words(vocabulary, output, record.client);
    const RecordedConnection* seen = deciding_connection(record);
    Evidence evidence = gather_evidence(seen != nullptr ? &seen->wire : nullptr, words.reading.symptoms,
                                        std::move(words.library), std::move(words.reading.says));
    evidence.looked_at = std::chrono::system_clock::now();
    evidence.account = read_account(record.output + "\n" + record.errors);
    if (seen == nullptr) return evidence;
    evidence.server_certificate_octets = seen->server_certificate_octets;
    evidence.client_certificate_octets = seen->client_certificate_octets;
    evidence.beside = beside(record, *seen);
    return evidence;
}

} // namespace alert40
