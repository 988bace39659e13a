// SPDX-License-Identifier: GPL-2.0-or-later
// The lines of a log, in bounded memory whatever it holds: a line longer than kLongest comes in pieces that overlap,
// colours of terminals are taken out, UTF-16 as Windows writes it is read, other bytes stay as they are.
#pragma once

#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

struct LogLine {
    std::size_t number = 0; // from 1; pieces of one line have the same
    std::string_view text;  // without its end; lives until the next call
    bool continues = false; // a further piece of the line before
};

class LineReader {
public:
    static constexpr std::size_t kLongest = 8 * 1024;
    static constexpr std::size_t kOverlap = 512;

    /// `in` outlives the reader.
    explicit LineReader(std::istream& in);

    /// nullopt at the end. Throws std::runtime_error where the stream fails.
    std::optional<LogLine> next();

    /// Octets taken from the stream so far.
    std::size_t octets() const { return octets_; }

private:
    bool fill();
    std::string_view cleaned(std::string_view raw);
    LogLine line(std::string_view raw, bool continues);

    std::istream& in_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0; // what is not given yet: [begin_, end_)
    std::size_t end_ = 0;
    std::size_t octets_ = 0;
    std::size_t number_ = 1;
    bool inside_ = false; // pieces of the present line were given
    bool ended_ = false;
    bool started_ = false;
    enum class Encoding { octets, utf16_little, utf16_big } encoding_ = Encoding::octets;
    std::string pending_; // of UTF-16: an odd octet
    std::string clean_;
};

} // namespace alert40
