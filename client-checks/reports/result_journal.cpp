// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/reports/result_journal.h"

#include "client-checks/reports/result_file.h"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace alert40 {

ResultJournal::ResultJournal(std::filesystem::path path, const RunResult& frame)
    : path_(std::move(path)),
      file_(open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666))
{
    if (file_.number() < 0)
        throw std::system_error(errno, std::generic_category(), path_.string() + " cannot be written");
    write(journal_head(frame));
}

void ResultJournal::add(const ResultCell& cell, std::size_t scenario)
{
    const auto line = journal_line(cell, scenario);
    write((first_ ? " " : ",") + line); // never { first: with half of the end behind it that would be a cell
    first_ = false;
}

/// One call for the line and the end, so that they are there together or not at all.
void ResultJournal::write(std::string text)
{
    const auto length = static_cast<off_t>(text.size());
    text += kJournalEnd;
    std::size_t done = 0;
    while (done < text.size()) {
        const auto count =
            pwrite(file_.number(), text.data() + done, text.size() - done, end_ + static_cast<off_t>(done));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) throw std::system_error(errno, std::generic_category(), path_.string() + " cannot be written");
        done += static_cast<std::size_t>(count);
    }
    end_ += length;
}

} // namespace alert40
