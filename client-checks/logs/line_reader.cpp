// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/logs/line_reader.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace alert40 {
namespace {

constexpr std::size_t kChunk = 256 * 1024;

bool has_zero_at(std::string_view bytes, std::size_t parity)
{
    for (std::size_t at = parity; at < bytes.size(); at += 2)
        if (bytes[at] != '\0') return false;
    return true;
}

/// Drops the octets of UTF-16 that are zero; a character beyond Latin-1 becomes '?'.
std::size_t narrow(char* bytes, std::size_t size, bool little)
{
    std::size_t out = 0;
    for (std::size_t at = 0; at + 1 < size; at += 2) {
        const char low = bytes[little ? at : at + 1];
        const char high = bytes[little ? at + 1 : at];
        bytes[out++] = high == '\0' ? low : '?';
    }
    return out;
}

} // namespace

LineReader::LineReader(std::istream& in) : in_(in), buffer_(kChunk + kLongest) {}

bool LineReader::fill()
{
    if (ended_) return false;
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    char* const place = buffer_.data() + end_;
    std::memcpy(place, pending_.data(), pending_.size());
    in_.read(place + pending_.size(), static_cast<std::streamsize>(buffer_.size() - end_ - pending_.size()));
    if (in_.bad()) throw std::runtime_error("cannot read the log");
    const auto read = static_cast<std::size_t>(in_.gcount());
    octets_ += read;
    if (read == 0) ended_ = true;
    std::size_t fresh = read + pending_.size();
    pending_.clear();
    if (!started_ && fresh >= 4) {
        started_ = true;
        const std::string_view head(place, std::min<std::size_t>(fresh, 64) & ~std::size_t{1});
        if (head.starts_with("\xFF\xFE") || has_zero_at(head, 1)) encoding_ = Encoding::utf16_little;
        if (head.starts_with("\xFE\xFF") || (has_zero_at(head, 0) && !has_zero_at(head, 1)))
            encoding_ = Encoding::utf16_big;
        if (head.find_first_not_of('\0') == std::string_view::npos) encoding_ = Encoding::octets;
    }
    if (encoding_ != Encoding::octets) {
        if (fresh % 2 != 0) pending_.assign(1, place[fresh - 1]);
        fresh = narrow(place, fresh, encoding_ == Encoding::utf16_little);
    }
    end_ += fresh;
    return read > 0;
}

std::optional<LogLine> LineReader::next()
{
    for (;;) {
        const std::string_view known(buffer_.data() + begin_, end_ - begin_);
        const auto newline = known.substr(0, kLongest).find('\n');
        if (newline != std::string_view::npos) {
            const LogLine found = line(known.substr(0, newline), inside_);
            begin_ += newline + 1;
            ++number_;
            inside_ = false;
            return found;
        }
        if (known.size() >= kLongest) {
            const LogLine found = line(known.substr(0, kLongest), inside_);
            begin_ += kLongest - kOverlap;
            inside_ = true;
            return found;
        }
        if (fill()) continue;
        if (begin_ == end_) return std::nullopt;
        const LogLine found = line({buffer_.data() + begin_, end_ - begin_}, inside_); // fill() has moved it
        begin_ = end_;
        return found;
    }
}

LogLine LineReader::line(std::string_view raw, bool continues)
{
    if (raw.ends_with('\r')) raw.remove_suffix(1);
    return {number_, cleaned(raw), continues};
}

/// Without "\x1b[31m" and its like (ECMA-48, CSI), and with spaces for zeros.
std::string_view LineReader::cleaned(std::string_view raw)
{
    if (raw.find('\x1b') == std::string_view::npos && raw.find('\0') == std::string_view::npos) return raw;
    clean_.clear();
    for (std::size_t at = 0; at < raw.size(); ++at) {
        if (raw[at] == '\x1b' && at + 1 < raw.size() && raw[at + 1] == '[') {
            for (at += 2; at < raw.size() && !(raw[at] >= '@' && raw[at] <= '~');) ++at;
            continue;
        }
        clean_ += raw[at] == '\0' ? ' ' : raw[at];
    }
    return clean_;
}

} // namespace alert40
