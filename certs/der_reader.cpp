// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/der_reader.h"

#include <algorithm>
#include <array>
#include <limits>

namespace alert40 {

void throw_certificate_error(std::string_view field, std::string_view problem, std::size_t offset)
{
    throw CertificateError(std::string(field) + ": " + std::string(problem) + ", at octet " + std::to_string(offset));
}

DerElement DerReader::next(std::string_view field)
{
    if (rest_.empty()) throw_certificate_error(field, "missing", offset_);
    DerElement element;
    const ByteView start = rest_;
    element.offset = offset_;
    element.tag = rest_.front();
    // X.690, section 8.1.2.4: 31 in the tag number announces more identifier octets; no certificate needs them.
    if ((element.tag & 0x1f) == 0x1f) throw_certificate_error(field, "a tag number above 30", offset_);
    rest_ = rest_.subspan(1);
    offset_ += 1;
    const std::size_t length = read_length(field);
    if (length > rest_.size()) throw_certificate_error(field, "longer than what holds it", element.offset);
    element.content = rest_.first(length);
    element.content_offset = offset_;
    rest_ = rest_.subspan(length);
    offset_ += length;
    element.whole = start.first(start.size() - rest_.size());
    return element;
}

DerElement DerReader::expect(std::uint8_t tag, std::string_view field)
{
    if (rest_.empty()) throw_certificate_error(field, "missing", offset_);
    if (rest_.front() != tag) {
        const std::string problem = "tag 0x" + to_hex(rest_.first(1)) + " instead of 0x" + to_hex(ByteView(&tag, 1));
        throw_certificate_error(field, problem, offset_);
    }
    return next(field);
}

std::optional<DerElement> DerReader::next_if(std::uint8_t tag, std::string_view field)
{
    if (!next_is(tag)) return std::nullopt;
    return next(field);
}

void DerReader::expect_end(std::string_view field) const
{
    if (!rest_.empty()) throw_certificate_error(field, "octets behind the end", offset_);
}

std::size_t DerReader::read_length(std::string_view field)
{
    if (rest_.empty()) throw_certificate_error(field, "no length", offset_);
    const std::uint8_t first = rest_.front();
    if (first < 0x80) {
        rest_ = rest_.subspan(1);
        offset_ += 1;
        return first;
    }
    // X.690, section 10.1: the definite form, encoded in the minimum number of octets.
    const std::size_t count = first & 0x7fu;
    if (count == 0) throw_certificate_error(field, "an indefinite length", offset_);
    if (count > 4) throw_certificate_error(field, "a length beyond 32 bits", offset_);
    if (count >= rest_.size()) throw_certificate_error(field, "a length cut short", offset_);
    std::size_t length = 0;
    for (std::uint8_t octet : rest_.subspan(1, count)) length = length << 8 | octet;
    if (rest_[1] == 0 || length < 0x80) throw_certificate_error(field, "a length not in its shortest form", offset_);
    rest_ = rest_.subspan(1 + count);
    offset_ += 1 + count;
    return length;
}

bool read_boolean(const DerElement& element, std::string_view field)
{
    // X.690, section 11.1: TRUE has all eight bits set.
    const bool valid = element.content.size() == 1 && (element.content[0] == 0 || element.content[0] == 0xff);
    if (!valid) throw_certificate_error(field, "not a BOOLEAN", element.offset);
    return element.content[0] != 0;
}

std::uint32_t read_small_integer(const DerElement& element, std::string_view field)
{
    const Bytes octets = read_integer(element, field);
    if ((element.content[0] & 0x80) != 0) throw_certificate_error(field, "negative", element.offset);
    if (octets.size() > 4) throw_certificate_error(field, "beyond 32 bits", element.offset);
    std::uint32_t value = 0;
    for (std::uint8_t octet : octets) value = value << 8 | octet;
    return value;
}

Bytes read_integer(const DerElement& element, std::string_view field)
{
    const ByteView content = element.content;
    if (content.empty()) throw_certificate_error(field, "an INTEGER without octets", element.offset);
    if (content.size() == 1) return Bytes(content.begin(), content.end());
    // X.690, section 8.3.2: the first nine bits are neither all ones nor all zero.
    const bool sign_set = (content[1] & 0x80) != 0;
    const bool minimal = !(content[0] == 0 && !sign_set) && !(content[0] == 0xff && sign_set);
    if (!minimal) throw_certificate_error(field, "an INTEGER not in its shortest form", element.offset);
    return Bytes(content.begin() + (content[0] == 0 ? 1 : 0), content.end());
}

namespace {

/// The arcs of an OBJECT IDENTIFIER, the first two still in one; empty where one of them needs more than 64 bits.
std::vector<std::uint64_t> read_arcs(const DerElement& element, std::string_view field)
{
    constexpr std::uint64_t kRoomForSevenBits = std::numeric_limits<std::uint64_t>::max() >> 7;
    std::vector<std::uint64_t> arcs;
    std::uint64_t arc = 0;
    bool at_start = true;
    bool too_large = false;
    for (std::uint8_t octet : element.content) {
        if (at_start && octet == 0x80) throw_certificate_error(field, "a padded OBJECT IDENTIFIER", element.offset);
        if (arc > kRoomForSevenBits) too_large = true;
        arc = arc << 7 | (octet & 0x7fu);
        at_start = (octet & 0x80) == 0;
        if (!at_start) continue;
        arcs.push_back(arc);
        arc = 0;
    }
    if (!at_start || arcs.empty()) throw_certificate_error(field, "a cut OBJECT IDENTIFIER", element.offset);
    if (too_large) arcs.clear();
    return arcs;
}

} // namespace

std::string read_object_identifier(const DerElement& element, std::string_view field)
{
    const std::vector<std::uint64_t> arcs = read_arcs(element, field);
    if (arcs.empty()) return std::string("#").append(to_hex(element.content));
    const std::uint64_t top = std::min<std::uint64_t>(arcs.front() / 40, 2);
    std::string text = std::to_string(top) + "." + std::to_string(arcs.front() - top * 40);
    for (std::size_t i = 1; i < arcs.size(); ++i) text.append(".").append(std::to_string(arcs[i]));
    return text;
}

ByteView read_bit_string(const DerElement& element, std::string_view field)
{
    if (element.content.empty() || element.content.front() != 0)
        throw_certificate_error(field, "not a BIT STRING of whole octets", element.offset);
    return element.content.subspan(1);
}

namespace {

/// Two decimal digits, or -1.
int two_digits(ByteView text, std::size_t position)
{
    const int tens = text[position] - '0';
    const int units = text[position + 1] - '0';
    if (tens < 0 || tens > 9 || units < 0 || units > 9) return -1;
    return tens * 10 + units;
}

} // namespace

std::chrono::system_clock::time_point read_time(const DerElement& element, std::string_view field)
{
    using namespace std::chrono;
    const bool utc_time = element.tag == der::kUtcTime;
    const bool known = utc_time || element.tag == der::kGeneralizedTime;
    // RFC 5280, section 4.1.2.5.1: Greenwich Mean Time, seconds included: YYMMDDHHMMSSZ, or with a year of four digits.
    const std::size_t year_digits = utc_time ? 2 : 4;
    if (!known || element.content.size() != year_digits + 11 || element.content.back() != 'Z')
        throw_certificate_error(field, "not a time", element.offset);
    std::array<int, 7> pairs{}; // century, year, month, day, hour, minute, second
    for (std::size_t i = 0; i < pairs.size() - (utc_time ? 1 : 0); ++i)
        pairs[i + (utc_time ? 1 : 0)] = two_digits(element.content, 2 * i);
    // The same section: YY of 50 and above is 19YY.
    if (utc_time) pairs[0] = pairs[1] >= 50 ? 19 : 20;
    const auto [century, year_in_century, month_number, day_number, hour, minute, second] = pairs;
    const year_month_day date(year(century * 100 + year_in_century), month(static_cast<unsigned>(month_number)),
                              day(static_cast<unsigned>(day_number)));
    const bool digits = *std::min_element(pairs.begin(), pairs.end()) >= 0;
    if (!digits || !date.ok() || hour > 23 || minute > 59 || second > 59)
        throw_certificate_error(field, "not a time", element.offset);

    // The clock counts nanoseconds in 64 bits, 1677 to 2262; certificates go to 9999-12-31 (RFC 5280, section 4.1.2.5).
    const sys_seconds exact = sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
    const auto earliest = ceil<seconds>(system_clock::time_point::min());
    const auto latest = floor<seconds>(system_clock::time_point::max());
    return std::clamp<sys_seconds>(exact, earliest, latest);
}

} // namespace alert40
