// SPDX-License-Identifier: GPL-2.0-or-later
// What `alert40-check diagnose --pcap` says beside its diagnoses: every TLS connection in a line, and what the capture
// is short of.
#pragma once

#include "client-checks/captures/capture_reading.h"
#include "client-checks/diagnosis/diagnosis.h"
#include "client-checks/reports/diagnosis_html.h"

#include <ostream>

namespace alert40 {

/// "capture.pcapng, connection 3: 192.0.2.1:50000 > 198.51.100.1:443 (www.example.org)": what its diagnosis is of.
std::string connection_subject(const TlsConnection& connection, std::string_view file);

/// "capture.pcapng: 14 TLS connections of 20 (3120 packets): 12 established, 2 failed".
std::string capture_summary(const CaptureReading& reading, std::string_view file);

/// What is to be known of the capture itself: cut, loss, what was not read; each a sentence without full stop.
std::vector<std::string> capture_notes(const CaptureReading& reading);

/// The summary, the notes, and a line for each connection; of many that were established, the first.
void write_capture(const CaptureReading& reading, std::string_view file, std::ostream& out);

/// {"schema":1,"capture":{"file","packets",...,"connections":[...]},"diagnoses":[...]}, the latter as in
/// write_diagnoses_json().
void write_capture_json(const CaptureReading& reading, std::string_view file, const std::vector<Diagnosis>& diagnoses,
                        std::ostream& out);

/// What stands above and below the diagnoses on their page: the notes, and the connections as a table, whose rows lead
/// to the diagnoses of the same subject.
DiagnosisPageHead capture_page_head(const CaptureReading& reading, std::string_view file,
                                    const std::vector<Diagnosis>& diagnoses);

} // namespace alert40
