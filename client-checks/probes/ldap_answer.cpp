// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/ldap_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace alert40 {
namespace {

constexpr std::uint8_t kSequence = 0x30;
constexpr std::uint8_t kInteger = 0x02;
constexpr std::uint8_t kEnumerated = 0x0A;
constexpr std::uint8_t kOctetString = 0x04;
constexpr std::uint8_t kExtendedResponse = 0x78; // [APPLICATION 24], constructed
constexpr std::size_t kMostMessage = 64 * 1024;

struct Element {
    std::uint8_t tag = 0;
    bool whole = false;
    ByteView content; // nothing where it is not whole
    ByteView rest;    // what follows it
};

/// One element of a definite length, which is all that LDAP has (RFC 4511, section 5.1). nullopt: none, or one that is
/// too long to be an answer; not whole: more octets are needed.
std::optional<Element> read_element(ByteView bytes)
{
    constexpr std::uint8_t kLongForm = 0x80;
    constexpr std::size_t kMostLengthOctets = 4;
    if (bytes.size() < 2) return bytes.empty() ? std::nullopt : std::optional(Element{bytes[0], false, {}, {}});
    std::size_t header = 2;
    std::size_t length = bytes[1];
    if (bytes[1] >= kLongForm) {
        const std::size_t octets = bytes[1] - kLongForm;
        if (octets == 0 || octets > kMostLengthOctets) return std::nullopt;
        if (bytes.size() < header + octets) return Element{bytes[0], false, {}, {}};
        length = 0;
        for (std::size_t at = 0; at < octets; ++at) length = (length << 8) + bytes[header + at];
        header += octets;
    }
    if (length > kMostMessage) return std::nullopt;
    if (bytes.size() < header + length) return Element{bytes[0], false, {}, {}};
    return Element{bytes[0], true, bytes.subspan(header, length), bytes.subspan(header + length)};
}

std::optional<Element> expect(std::uint8_t tag, ByteView bytes)
{
    auto element = read_element(bytes);
    return element && element->whole && element->tag == tag ? element : std::nullopt;
}

/// RFC 4511, appendix A: those that a server may give to a StartTLS.
std::string_view name_of(unsigned code)
{
    constexpr std::pair<unsigned, std::string_view> kNames[] = {{0, "success"},
                                                                {1, "operationsError"},
                                                                {2, "protocolError"},
                                                                {8, "strongerAuthRequired"},
                                                                {10, "referral"},
                                                                {12, "unavailableCriticalExtension"},
                                                                {51, "busy"},
                                                                {52, "unavailable"},
                                                                {53, "unwillingToPerform"},
                                                                {80, "other"}};
    for (const auto& [value, name] : kNames)
        if (value == code) return name;
    return "resultCode";
}

} // namespace

LdapAnswer read_ldap_answer(ByteView heard)
{
    LdapAnswer answer;
    if (heard.empty()) return {LdapReading::incomplete, 0, {}};
    const auto outer = read_element(heard);
    if (!outer || outer->tag != kSequence) return answer;
    if (!outer->whole) return {LdapReading::incomplete, 0, {}};
    const auto id = expect(kInteger, outer->content);
    const auto response = id ? expect(kExtendedResponse, id->rest) : std::nullopt;
    const auto code = response ? expect(kEnumerated, response->content) : std::nullopt;
    if (!code || code->content.size() != 1) return answer;
    answer.reading = LdapReading::answer;
    answer.result_code = code->content.front();
    const auto matched = expect(kOctetString, code->rest);
    const auto message = matched ? expect(kOctetString, matched->rest) : std::nullopt;
    if (message) answer.message.assign(message->content.begin(), message->content.end());
    return answer;
}

std::string describe(const LdapAnswer& answer)
{
    constexpr std::size_t kMostQuoted = 200;
    auto text = fmt::format("{} ({})", name_of(answer.result_code), answer.result_code);
    if (answer.message.empty()) return text;
    std::string words = answer.message.substr(0, kMostQuoted);
    std::replace_if(
        words.begin(), words.end(), [](unsigned char each) { return each < 0x20 || each == 0x7F; }, '.');
    return text + ": " + words;
}

} // namespace alert40
