// SPDX-License-Identifier: GPL-2.0-or-later
// A result file while its run is under way: whoever kills the run, what was measured stays. The file is valid JSON
// after each cell: a line is written over the two octets that end it, and they are written again.
#pragma once

#include "client-checks/process/file_descriptor.h"
#include "client-checks/reports/result.h"

namespace alert40 {

class ResultJournal {
public:
    /// Makes the file anew with what is known before the first cell. Throws std::system_error.
    ResultJournal(std::filesystem::path path, const RunResult& frame);

    /// `scenario` is its number in the frame, from 0. Throws std::system_error (a full disk).
    void add(const ResultCell& cell, std::size_t scenario);

private:
    void write(std::string text);

    std::filesystem::path path_;
    FileDescriptor file_;
    off_t end_ = 0; // where the next line goes
    bool first_ = true;
};

} // namespace alert40
