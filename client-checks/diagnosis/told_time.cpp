// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/told_time.h"

#include <algorithm>
#include <charconv>

namespace alert40 {
namespace {

constexpr int kFirstYear = 1970;
constexpr int kLastYear = 2261;

/// Reads a text from its beginning, piece by piece; what does not fit leaves it `bad`.
class Pieces {
public:
    explicit Pieces(std::string_view text) : rest_(text) {}

    bool bad() const { return bad_; }
    std::string_view rest() const { return rest_; }

    int number(std::size_t digits)
    {
        int value = 0;
        const auto part = rest_.substr(0, digits);
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        if (error != std::errc{} || end != part.data() + digits || value < 0) bad_ = true;
        rest_.remove_prefix(part.size());
        return value;
    }
    /// A day of one or two digits, padded by blanks or not.
    int day()
    {
        blanks();
        const bool two = rest_.size() > 1 && rest_[1] >= '0' && rest_[1] <= '9';
        return number(two ? 2 : 1);
    }
    void sign(char wanted)
    {
        if (rest_.empty() || rest_.front() != wanted) bad_ = true;
        if (!rest_.empty()) rest_.remove_prefix(1);
    }
    void blanks()
    {
        while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
    }
    std::string_view word()
    {
        blanks();
        const auto word = rest_.substr(0, std::min(rest_.find(' '), rest_.size()));
        rest_.remove_prefix(word.size());
        blanks();
        return word;
    }

private:
    std::string_view rest_;
    bool bad_ = false;
};

int month_of(std::string_view name)
{
    constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (name.size() != 3) return 0;
    const auto at = kMonths.find(name);
    return at == std::string_view::npos || at % 3 != 0 ? 0 : static_cast<int>(at / 3) + 1;
}

struct Moment {
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
};

void read_clock(Pieces& pieces, Moment& moment)
{
    moment.hour = pieces.number(2);
    pieces.sign(':');
    moment.minute = pieces.number(2);
    pieces.sign(':');
    moment.second = pieces.number(2);
}

std::optional<TimePoint> time_of(const Pieces& pieces, const Moment& moment)
{
    using namespace std::chrono;
    const year_month_day date{year{moment.year}, month{static_cast<unsigned>(moment.month)},
                              day{static_cast<unsigned>(moment.day)}};
    constexpr int kLeapSecond = 60;
    const bool clock = moment.hour < 24 && moment.minute < 60 && moment.second <= kLeapSecond;
    if (pieces.bad() || !date.ok() || !clock || moment.year < kFirstYear || moment.year > kLastYear)
        return std::nullopt;
    return TimePoint(sys_days(date) + hours(moment.hour) + minutes(moment.minute) + seconds(moment.second));
}

/// "2030-01-01 00:00:00", with any of the signs that are used.
std::optional<TimePoint> read_numeric(std::string_view text)
{
    Pieces pieces(text);
    Moment moment;
    moment.year = pieces.number(4);
    const char between = pieces.rest().starts_with('/') ? '/' : '-';
    pieces.sign(between);
    moment.month = pieces.number(2);
    pieces.sign(between);
    moment.day = pieces.number(2);
    pieces.sign(pieces.rest().starts_with('T') ? 'T' : ' ');
    read_clock(pieces, moment);
    return time_of(pieces, moment);
}

/// "Jan  1 00:00:00 2030 GMT", "Wed Nov 18 14:58:01 UTC 2026".
std::optional<TimePoint> read_named(std::string_view text)
{
    Pieces pieces(text);
    Moment moment;
    moment.month = month_of(pieces.word());
    if (moment.month == 0) moment.month = month_of(pieces.word());
    if (moment.month == 0) return std::nullopt;
    moment.day = pieces.day();
    pieces.blanks();
    read_clock(pieces, moment);
    pieces.blanks();
    const bool zone_first = !pieces.rest().empty() && pieces.rest().front() >= 'A';
    if (zone_first) pieces.word();
    moment.year = pieces.number(4);
    return time_of(pieces, moment);
}

/// "Sun, 06 Nov 1994 08:49:37 GMT".
std::optional<TimePoint> read_fixdate(std::string_view text)
{
    constexpr std::size_t kWeekday = 5; // "Sun, "
    if (text.size() <= kWeekday || text[kWeekday - 2] != ',') return std::nullopt;
    Pieces pieces(text.substr(kWeekday));
    Moment moment;
    moment.day = pieces.day();
    pieces.blanks();
    moment.month = month_of(pieces.word());
    if (moment.month == 0) return std::nullopt;
    pieces.blanks();
    moment.year = pieces.number(4);
    pieces.blanks();
    read_clock(pieces, moment);
    return time_of(pieces, moment);
}

std::optional<TimePoint> read_seconds(std::string_view text)
{
    constexpr std::size_t kFewest = 9;
    constexpr std::size_t kMost = 10; // until 2286
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits < kFewest || digits > kMost) return std::nullopt;
    std::int64_t seconds = 0;
    std::from_chars(text.data(), text.data() + digits, seconds);
    constexpr std::int64_t kLast = 9'000'000'000; // of 2255
    if (seconds > kLast) return std::nullopt;
    return TimePoint(std::chrono::seconds(seconds));
}

} // namespace

std::optional<TimePoint> read_told_time(std::string_view text)
{
    if (const auto time = read_numeric(text)) return time;
    if (const auto time = read_named(text)) return time;
    if (const auto time = read_fixdate(text)) return time;
    return read_seconds(text);
}

} // namespace alert40
