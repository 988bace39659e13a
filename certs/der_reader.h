// SPDX-License-Identifier: GPL-2.0-or-later
// A bounded cursor over DER that others wrote (X.690, the distinguished rules only): definite, minimal lengths, low tag
// numbers. It never recurses and never looks past the octets it was given; what is wrong throws CertificateError with
// the field and the octet's offset in the outermost element.
#pragma once

#include "certs/certificate.h"

namespace alert40 {

/// One element. The views are into the octets the reader was given.
struct DerElement {
    std::uint8_t tag = 0; // the identifier octet
    ByteView whole;       // identifier, length and content
    ByteView content;
    std::size_t offset = 0;         // of the identifier octet
    std::size_t content_offset = 0; // of the first content octet
};

[[noreturn]] void throw_certificate_error(std::string_view field, std::string_view problem, std::size_t offset);

class DerReader {
public:
    /// `octets` starts at `offset` of the outermost element.
    explicit DerReader(ByteView octets, std::size_t offset = 0) : rest_(octets), offset_(offset) {}
    /// Reads what is inside `element`.
    explicit DerReader(const DerElement& element) : DerReader(element.content, element.content_offset) {}

    bool at_end() const { return rest_.empty(); }
    std::size_t offset() const { return offset_; }
    /// True where another element follows and its identifier octet is `tag`.
    bool next_is(std::uint8_t tag) const { return !rest_.empty() && rest_.front() == tag; }

    /// The next element, whatever its tag.
    DerElement next(std::string_view field);
    /// The next element, which must have this identifier octet.
    DerElement expect(std::uint8_t tag, std::string_view field);
    /// The next element where it has this identifier octet.
    std::optional<DerElement> next_if(std::uint8_t tag, std::string_view field);
    /// Throws where octets are left.
    void expect_end(std::string_view field) const;

private:
    std::size_t read_length(std::string_view field);

    ByteView rest_;
    std::size_t offset_;
};

namespace der {

// Identifier octets.
constexpr std::uint8_t kBoolean = 0x01;
constexpr std::uint8_t kInteger = 0x02;
constexpr std::uint8_t kBitString = 0x03;
constexpr std::uint8_t kOctetString = 0x04;
constexpr std::uint8_t kObjectIdentifier = 0x06;
constexpr std::uint8_t kUtf8String = 0x0c;
constexpr std::uint8_t kPrintableString = 0x13;
constexpr std::uint8_t kTeletexString = 0x14;
constexpr std::uint8_t kIa5String = 0x16;
constexpr std::uint8_t kUtcTime = 0x17;
constexpr std::uint8_t kGeneralizedTime = 0x18;
constexpr std::uint8_t kBmpString = 0x1e;
constexpr std::uint8_t kSequence = 0x30;
constexpr std::uint8_t kSet = 0x31;
/// Context-specific [number].
constexpr std::uint8_t context_tag(int number, bool constructed)
{
    return static_cast<std::uint8_t>(0x80 | (constructed ? 0x20 : 0) | number);
}

} // namespace der

// Contents. Each throws CertificateError, naming `field`.

bool read_boolean(const DerElement& element, std::string_view field);
/// A non-negative INTEGER of at most 32 bits.
std::uint32_t read_small_integer(const DerElement& element, std::string_view field);
/// The octets of an INTEGER, two's complement, minimal, without the zero that only carries the sign.
Bytes read_integer(const DerElement& element, std::string_view field);
/// "1.2.840.10045.2.1". An arc beyond 64 bits gives the content in hexadecimal behind a '#' instead.
std::string read_object_identifier(const DerElement& element, std::string_view field);
/// The octets behind the count of unused bits, which must be 0.
ByteView read_bit_string(const DerElement& element, std::string_view field);
/// UTCTime or GeneralizedTime as RFC 5280, section 4.1.2.5 restricts them; clamped to what the clock's type can hold.
std::chrono::system_clock::time_point read_time(const DerElement& element, std::string_view field);

} // namespace alert40
