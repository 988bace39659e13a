// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/records/hello_fields.h"

#include "server/wire/client_hello_extensions.h"

#include <algorithm>

namespace alert40 {
namespace {

constexpr std::uint64_t kLongestSessionId = 32; // RFC 8446 section 4.1.2

/// A share of which no more than the group is known: it may not be empty (RFC 8446 section 4.2.8).
KeyShare some_share(NamedGroup group)
{
    constexpr std::size_t kOctets = 32; // of x25519
    return {group, Bytes(kOctets)};
}

template <class T> std::vector<T> as(const std::vector<std::uint16_t>& values)
{
    std::vector<T> typed;
    for (const auto value : values) typed.push_back(static_cast<T>(value));
    return typed;
}

template <class T> std::vector<T> hex_list(const JsonValue& from, const char* key)
{
    const auto value = from.maybe(key);
    return value ? as<T>(value->hex_list()) : std::vector<T>{};
}

/// The extensions by type, in order, with bodies yet to come.
std::vector<Extension> extensions(const JsonValue& from)
{
    std::vector<Extension> all;
    const auto types = from.maybe("exts");
    if (!types) return all;
    for (const auto type : types->number_list()) {
        Extension extension;
        extension.type = static_cast<ExtensionType>(type);
        all.push_back(std::move(extension));
    }
    return all;
}

void set_where_given(ClientHello& hello, bool given, Extension extension)
{
    if (given) set_extension(hello.extensions, std::move(extension));
}

std::vector<std::string> texts(const JsonValue& list)
{
    std::vector<std::string> all;
    for (const auto& each : list.items()) all.push_back(each.text());
    return all;
}

DowngradeSentinel sentinel(const JsonValue& from)
{
    if (from.text() == "1.2") return DowngradeSentinel::tls12;
    if (from.text() == "1.1") return DowngradeSentinel::tls11_or_below;
    from.fail("no downgrade sentinel", "one of: \"1.2\", \"1.1\", null");
}

} // namespace

ClientHello read_client_hello(const JsonValue& from)
{
    ClientHello hello;
    if (const auto version = from.maybe("legacy_version"))
        hello.legacy_version = static_cast<ProtocolVersion>(version->hex());
    if (const auto length = from.maybe("session_id_len")) hello.session_id.resize(length->number(kLongestSessionId));
    hello.cipher_suites = as<CipherSuite>(from.member("ciphers").hex_list());
    hello.extensions = extensions(from);
    const auto versions = hex_list<ProtocolVersion>(from, "supported_versions");
    const auto groups = hex_list<NamedGroup>(from, "groups");
    const auto schemes = hex_list<SignatureScheme>(from, "sigalgs");
    std::vector<KeyShare> shares;
    for (const auto group : hex_list<NamedGroup>(from, "key_shares")) shares.push_back(some_share(group));
    if (const auto name = from.maybe("sni")) set_extension(hello.extensions, server_name_extension(name->text()));
    set_where_given(hello, !versions.empty(), supported_versions_extension(versions));
    set_where_given(hello, !groups.empty(), supported_groups_extension(groups));
    set_where_given(hello, !schemes.empty(), signature_algorithms_extension(schemes));
    set_where_given(hello, !shares.empty(), key_share_extension(shares));
    if (const auto protocols = from.maybe("alpn"))
        set_where_given(hello, !texts(*protocols).empty(), alpn_extension(texts(*protocols)));
    if (hello.has_extension(ExtensionType::renegotiation_info))
        set_extension(hello.extensions, renegotiation_info_extension());
    return hello;
}

ServerHello read_server_hello(const JsonValue& from, const ClientHello* hello)
{
    ServerHello answer;
    const auto version = static_cast<ProtocolVersion>(from.member("version").hex());
    answer.legacy_version = std::min(version, ProtocolVersion::tls12);
    answer.cipher_suite = static_cast<CipherSuite>(from.member("cipher").hex());
    answer.extensions = extensions(from);
    const bool tls13 = version == ProtocolVersion::tls13;
    const auto retry = from.maybe("hrr");
    if (retry && retry->yes()) answer.random = kHelloRetryRequestRandom;
    if (tls13) {
        if (hello != nullptr) answer.session_id = hello->session_id;
        set_extension(answer.extensions, selected_version_extension(version));
    }
    if (const auto group = from.maybe("group"); group && tls13) {
        const auto named = static_cast<NamedGroup>(group->hex());
        set_extension(answer.extensions, answer.is_hello_retry_request()
                                             ? retry_group_extension(named)
                                             : server_key_share_extension(some_share(named)));
    }
    if (const auto protocol = from.maybe("alpn"))
        set_extension(answer.extensions, selected_alpn_extension(protocol->text()));
    if (const auto mark = from.maybe("downgrade_sentinel")) answer.set_downgrade_sentinel(sentinel(*mark));
    return answer;
}

} // namespace alert40
