// SPDX-License-Identifier: GPL-2.0-or-later
// A recorded run of one client against one server, as a JSON object in one line. Of it only what an onlooker can have
// is read: client.name, .version and .library, stdout, stderr, exit_code, and wire without "decrypted". Whatever else
// stands there (what was misconfigured, the server's own log, notes) is never looked at.
//
//   read_record(line, "runs.jsonl:17")      FailureRecord: the fields
//   gather_evidence(record, words)       what the rules of diagnosis/ read
#pragma once

#include "client-checks/diagnosis/evidence.h"
#include "client-checks/records/client_words.h"
#include "client-checks/records/wire_fields.h"

namespace alert40 {

struct FailureRecord {
    ClientIdentity client; // empty where no client ran
    std::string output;
    std::string errors;
    std::optional<int> exit_code;
    std::vector<RecordedConnection> connections; // empty: no wire was recorded, or nobody connected
};

/// `where` is the line's place: "runs.jsonl:17". A field that is missing or null is not known; one of another type,
/// and a line that is no JSON, throw InputError with the place and the field.
FailureRecord read_record(std::string_view line, const std::string& where);

/// The connection that shows the failure: the first with a ClientHello that did not come to its end, else the first
/// with one; nullptr where there is none at all.
const RecordedConnection* deciding_connection(const FailureRecord& record);

/// `record` outlives the evidence.
Evidence gather_evidence(const FailureRecord& record, const Vocabulary& words);

} // namespace alert40
