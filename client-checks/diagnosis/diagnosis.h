// SPDX-License-Identifier: GPL-2.0-or-later
// What is said about one failure: the verdict, the ranked causes with their reasons, the proof where one was made, what
// is not known, the next test, the fix. Made from evidence by conclude(); a live server's is completed by experiments.
#pragma once

#include "client-checks/diagnosis/finding.h"
#include "scenarios/loader/cause.h"

#include <filesystem>
#include <map>

namespace alert40 {

/// What every conclusion draws on: the pages of the causes, and what evidence cannot tell apart.
struct Knowledge {
    CauseCatalogue causes;
    std::vector<IndistinguishableClass> classes;
};

/// Reads <data>/scenarios/causes. Throws InputError.
Knowledge load_knowledge(const std::filesystem::path& data);

/// `undetermined`: a failure without a cause that the evidence carries, or no evidence of TLS at all.
enum class DiagnosisState { healthy, cause_found, undetermined };

std::string_view name(DiagnosisState state);

/// A line that the answer rests on.
struct RestsOn {
    std::string file;
    std::size_t line = 0; // from 1
    std::string text;
};

/// What was looked at. `values` replace the placeholders of commands ("host", "port", "server_name", "ca",
/// "client_cert", "client_key"); a placeholder without a value stays.
struct Subject {
    std::string text; // "127.0.0.1:8443", "customer.pcapng, connection 3", "trace.log:17"
    std::map<std::string, std::string, std::less<>> values;
    std::string server_software; // "nginx": whose fix comes first; empty: not known
};

struct Diagnosis {
    Subject subject;
    DiagnosisState state = DiagnosisState::undetermined;
    std::string verdict;                  // one sentence without full stop: how it ended, or why nothing can be said
    std::vector<Finding> findings;        // the most likely first
    std::vector<std::string> first_class; // causes that this evidence cannot tell apart, the best first
    std::vector<std::string> proof;       // experiments made, each a sentence without full stop
    std::vector<std::string> notes;       // true of the server or the capture, and no cause of the failure
    std::vector<std::string> unknown;     // what would have helped and is not there
    std::vector<RestsOn> rests_on;
    std::vector<std::string> says;                        // the client's or server's own words
    std::vector<std::string> ladder;                      // the wire, step by step
    std::string next_test;                                // a command to paste; empty where nothing is left to decide
    std::vector<std::pair<std::string, std::string>> fix; // software -> what to set; the server's own first
};

/// The passive conclusion: state, verdict, findings, what is unknown, ladder, next test and fix.
Diagnosis conclude(const Evidence& evidence, Subject subject, const Knowledge& knowledge);

/// Fills first_class, next_test and fix anew from findings, where they were changed by an experiment.
void complete(Diagnosis& diagnosis, const Knowledge& knowledge, bool has_wire, bool has_text);

/// 0 where all are healthy, 1 where one has a cause, else 4.
int exit_status(const std::vector<Diagnosis>& diagnoses);

} // namespace alert40
