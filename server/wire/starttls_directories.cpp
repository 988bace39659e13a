// SPDX-License-Identifier: GPL-2.0-or-later
// LDAP (RFC 4511 section 4.14) and XMPP (RFC 6120 section 5).
#include "certs/der.h"
#include "server/wire/starttls_protocols.h"

#include <algorithm>

namespace alert40 {
namespace {

using Then = StarttlsAnswer::Then;

// LDAP: BER, of which clients use every form of length.

constexpr std::string_view kStartTls = "1.3.6.1.4.1.1466.20037";

// Protocol operations (RFC 4511, section 4.2 and following): the identifier octet of each.
constexpr std::uint8_t kUnbindRequest = 0x42;
constexpr std::uint8_t kSearchRequest = 0x63;
constexpr std::uint8_t kSearchResultDone = 0x65;
constexpr std::uint8_t kDelRequest = 0x4A;
constexpr std::uint8_t kDelResponse = 0x6B;
constexpr std::uint8_t kAbandonRequest = 0x50;
constexpr std::uint8_t kExtendedRequest = 0x77;
constexpr std::uint8_t kRequestName = 0x80;

enum class ResultCode : std::uint8_t { success = 0, protocol_error = 2, confidentiality_required = 13 };

struct Element {
    std::uint8_t tag = 0;
    ByteView content;
    ByteView whole;
};

/// The first element of `bytes`; its header is whole. nullopt: it is cut short, or its length is no length.
std::optional<Element> first_element(ByteView bytes)
{
    if (bytes.size() < 2) return std::nullopt;
    std::size_t header = 2;
    std::size_t length = bytes[1];
    if (length >= 0x80) {
        const std::size_t octets = length & 0x7F;
        if (octets == 0 || octets > 4 || bytes.size() < 2 + octets) return std::nullopt;
        length = 0;
        for (std::size_t index = 0; index < octets; ++index) length = length << 8 | bytes[2 + index];
        header += octets;
    }
    if (length > bytes.size() - header) return std::nullopt;
    return Element{bytes[0], bytes.subspan(header, length), bytes.first(header + length)};
}

std::optional<std::size_t> measure_ldap(ByteView bytes, const StarttlsState& /*state*/)
{
    constexpr std::uint8_t kSequence = 0x30;
    if (bytes[0] != kSequence) return std::nullopt;
    if (bytes.size() < 2) return 0;
    const std::size_t octets = bytes[1] < 0x80 ? 0 : bytes[1] & 0x7F;
    if ((bytes[1] >= 0x80 && octets == 0) || octets > 4) return std::nullopt;
    if (bytes.size() < 2 + octets) return 0;
    std::size_t length = octets == 0 ? bytes[1] : 0;
    for (std::size_t index = 0; index < octets; ++index) length = length << 8 | bytes[2 + index];
    return 2 + octets + length;
}

Bytes ldap_result(ByteView message_id, std::uint8_t response, ResultCode code, std::string_view text = {})
{
    constexpr std::uint8_t kEnumerated = 0x0A;
    Bytes result = der::tlv(kEnumerated, Bytes{static_cast<std::uint8_t>(code)});
    append(result, der::octet_string({})); // matchedDN
    append(result, der::octet_string(to_bytes(text)));
    Bytes message(message_id.begin(), message_id.end());
    append(message, der::tlv(response, result));
    return der::sequence(message);
}

std::uint8_t response_to(std::uint8_t request)
{
    if (request == kSearchRequest) return kSearchResultDone;
    return request == kDelRequest ? kDelResponse : static_cast<std::uint8_t>(request + 1);
}

/// RFC 4511 section 4.4.1: what the server says where it cannot tell what it was asked.
Bytes notice_of_disconnection()
{
    constexpr std::string_view kName = "1.3.6.1.4.1.1466.20036";
    constexpr std::uint8_t kExtendedResponse = 0x78;
    constexpr std::uint8_t kResponseName = 0x8A;
    Bytes result = der::tlv(0x0A, Bytes{static_cast<std::uint8_t>(ResultCode::protocol_error)});
    append(result, der::octet_string({}));
    append(result, der::octet_string(to_bytes("this is LDAP; StartTLS comes before TLS")));
    append(result, der::tlv(kResponseName, to_bytes(kName)));
    Bytes message = der::integer(std::uint64_t{0});
    append(message, der::tlv(kExtendedResponse, result));
    return der::sequence(message);
}

StarttlsAnswer answer_ldap(ByteView message, StarttlsState& state)
{
    const auto envelope = first_element(message);
    const auto id = envelope ? first_element(envelope->content) : std::nullopt;
    const auto operation = id ? first_element(envelope->content.subspan(id->whole.size())) : std::nullopt;
    constexpr std::uint8_t kInteger = 0x02;
    if (!operation || id->tag != kInteger) return {notice_of_disconnection(), Then::over};
    if (operation->tag == kUnbindRequest) return {{}, Then::over};
    if (operation->tag == kAbandonRequest) return {};
    const auto response = response_to(operation->tag);
    if (operation->tag == kExtendedRequest) {
        const auto name = first_element(operation->content);
        const bool asks = name && name->tag == kRequestName && to_text(name->content) == kStartTls;
        if (asks && !state.secure) return {ldap_result(id->whole, response, ResultCode::success), Then::tls};
        return {ldap_result(id->whole, response, ResultCode::protocol_error), Then::goes_on};
    }
    if (!state.secure)
        return {ldap_result(id->whole, response, ResultCode::confidentiality_required, "StartTLS comes first"),
                Then::goes_on};
    return {ldap_result(id->whole, response, ResultCode::success, state.text), Then::goes_on};
}

// XMPP: tags are what is counted; text between them means nothing here.

std::optional<std::size_t> measure_xmpp(ByteView bytes, const StarttlsState& state)
{
    const auto is_space = [](std::uint8_t octet) {
        return octet == ' ' || octet == '\n' || octet == '\r' || octet == '\t';
    };
    const auto begin = std::find_if_not(bytes.begin(), bytes.end(), is_space);
    if (!state.secure && begin != bytes.end() && *begin != '<') return std::nullopt;
    const auto end = std::find(begin, bytes.end(), '>');
    return end == bytes.end() ? 0 : static_cast<std::size_t>(end - bytes.begin()) + 1;
}

std::string stream_header(bool secure)
{
    std::string features = secure ? "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
                                    "<mechanism>PLAIN</mechanism></mechanisms>"
                                  : "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>";
    return "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
           "id='alert40' from='alert40.test' version='1.0'><stream:features>" +
           features + "</stream:features>";
}

StarttlsAnswer answer_xmpp(ByteView message, StarttlsState& state)
{
    const std::string text = to_text(message);
    const auto begin = text.find('<');
    const std::string_view tag = begin == std::string::npos ? std::string_view{} : std::string_view(text).substr(begin);
    if (tag.starts_with("<stream:stream")) return {to_bytes(stream_header(state.secure)), Then::goes_on};
    if (tag.starts_with("</stream:stream")) return {to_bytes("</stream:stream>"), Then::over};
    if (tag.starts_with("<starttls") && !state.secure)
        return {to_bytes("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"), Then::tls};
    if (tag.starts_with("<auth") && state.secure)
        return {to_bytes("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"), Then::goes_on};
    if (state.secure || tag.starts_with("<?xml")) return {};
    return {to_bytes("<stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                     "</stream:error></stream:stream>"),
            Then::over};
}

} // namespace

const StarttlsProtocol& ldap_protocol()
{
    static const StarttlsProtocol protocol{Starttls::ldap, "LDAP",      [] { return Bytes{}; },
                                           measure_ldap,   answer_ldap, notice_of_disconnection};
    return protocol;
}

const StarttlsProtocol& xmpp_protocol()
{
    static const StarttlsProtocol protocol{
        Starttls::xmpp,
        "XMPP",
        [] { return Bytes{}; },
        measure_xmpp,
        answer_xmpp,
        [] {
            return to_bytes("<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                            "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'><stream:error>"
                            "<not-well-formed xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
                            "</stream:stream>");
        }};
    return protocol;
}

} // namespace alert40
