// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/change.h"

#include "scenarios/vocabulary/grease.h"
#include "server/wire/client_hello_extensions.h"
#include "server/wire/handshake.h"

#include <fmt/format.h>

#include <algorithm>

namespace alert40 {
namespace {

template <class T> std::vector<T> joined(std::vector<T> list, const std::vector<T>& more)
{
    for (const T& each : more)
        if (std::find(list.begin(), list.end(), each) == list.end()) list.push_back(each);
    return list;
}

template <class T> std::string added(const std::vector<T>& values, std::string what)
{
    if (!what.empty()) return what;
    std::string text;
    for (const T value : values) text += (text.empty() ? "" : ", ") + name(value);
    return "with " + text + " added";
}

std::vector<CipherSuite> suites_of(std::initializer_list<std::uint16_t> values)
{
    std::vector<CipherSuite> suites;
    for (const auto value : values) suites.push_back(static_cast<CipherSuite>(value));
    return suites;
}

/// What a version is spoken with where nothing else is offered for it.
std::vector<CipherSuite> usual_suites(ProtocolVersion version)
{
    if (version >= ProtocolVersion::tls13) return suites_of({0x1301, 0x1302, 0x1303});
    auto older = suites_of({0xC009, 0xC013, 0xC00A, 0xC014, 0x0033, 0x0039, 0x002F, 0x0035, 0x000A});
    if (version < ProtocolVersion::tls12) return older;
    return joined(suites_of({0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0x009E, 0x009C, 0x009D}), older);
}

bool has_suite_for(const ClientHello& hello, ProtocolVersion version)
{
    return std::any_of(hello.cipher_suites.begin(), hello.cipher_suites.end(), [&](CipherSuite suite) {
        const auto* info = find_cipher_suite(suite);
        return info != nullptr && !is_signalling(suite) && fits(*info, version);
    });
}

void add_to_suites(ClientHello& hello, const std::vector<CipherSuite>& suites)
{
    hello.cipher_suites = joined(std::move(hello.cipher_suites), suites);
}

/// In front of a pre_shared_key there is none: fresh() has taken it out.
void add_extension(ClientHello& hello, Extension extension)
{
    if (!hello.has_extension(extension.type)) hello.extensions.push_back(std::move(extension));
}

void add_tls13(ClientHello& hello)
{
    using enum SignatureScheme;
    constexpr std::uint8_t kPskWithDhe = 1;
    add_extension(hello, supported_groups_extension({NamedGroup::x25519, NamedGroup::secp256r1}));
    const auto schemes = joined(hello.signature_schemes(), {rsa_pss_rsae_sha256, rsa_pss_rsae_sha384,
                                                            rsa_pss_rsae_sha512, ecdsa_secp256r1_sha256});
    set_extension(hello.extensions, signature_algorithms_extension(schemes));
    add_extension(hello, psk_key_exchange_modes_extension(Bytes{kPskWithDhe}));
    if (hello.has_extension(ExtensionType::key_share)) return;
    std::vector<KeyShare> shares;
    for (const auto group : hello.groups())
        if (shares.size() < 2 && public_value(group)) shares.push_back({group, *public_value(group)});
    add_extension(hello, key_share_extension(shares));
}

void add_tls12(ClientHello& hello)
{
    using enum SignatureScheme;
    add_extension(hello, ec_point_formats_extension());
    // Not beside the signalling suite (RFC 5746 section 3.4 does not recommend it; wolfSSL refuses it with 40).
    if (!hello.has_renegotiation_info()) add_extension(hello, renegotiation_info_extension());
    add_extension(hello, extended_master_secret_extension());
    const auto schemes = joined(hello.signature_schemes(), {rsa_pkcs1_sha256, rsa_pkcs1_sha384, rsa_pkcs1_sha512});
    set_extension(hello.extensions, signature_algorithms_extension(schemes));
}

/// The newest first, as clients list them.
std::vector<ProtocolVersion> sorted(std::vector<ProtocolVersion> versions)
{
    std::sort(versions.begin(), versions.end(), std::greater<>());
    return versions;
}

void offer(ClientHello& hello, const std::vector<ProtocolVersion>& versions)
{
    const auto newest = versions.empty() ? ProtocolVersion::tls12 : sorted(versions).front();
    hello.legacy_version = std::min(newest, ProtocolVersion::tls12);
    set_extension(hello.extensions, supported_versions_extension(sorted(versions)));
}

/// The lower, the better.
int rank(const CipherSuiteInfo& suite)
{
    if (suite.min_version == ProtocolVersion::tls13) return 0;
    int points = 0;
    if (suite.key_exchange == KeyExchange::dhe)
        points += 2;
    else if (suite.key_exchange == KeyExchange::rsa)
        points += 4;
    else if (suite.key_exchange != KeyExchange::ecdhe)
        points += 20;
    if (suite.bulk == BulkKind::cbc) points += 1;
    if (suite.bulk == BulkKind::stream) points += 10;
    if (suite.bulk == BulkKind::null) points += 12;
    if (suite.authentication == Authentication::none) points += 40;
    if (suite.iana_name.find("EXPORT") != std::string_view::npos) points += 30;
    return points;
}

template <class T> void drop_grease(std::vector<T>& list)
{
    std::erase_if(list, [](T each) { return is_grease(each); });
}

} // namespace

std::string_view name(HelloField field)
{
    switch (field) {
    case HelloField::version:
        return "versions";
    case HelloField::cipher_suite:
        return "cipher suites";
    case HelloField::group:
        return "groups";
    case HelloField::signature_scheme:
        return "signature schemes";
    case HelloField::server_name:
        return "SNI";
    case HelloField::alpn:
        return "ALPN";
    case HelloField::size:
        return "size";
    case HelloField::extended_master_secret:
        return "extended_master_secret";
    case HelloField::renegotiation_info:
        return "renegotiation_info";
    case HelloField::fallback_scsv:
        return "TLS_FALLBACK_SCSV";
    case HelloField::session_id:
        return "session id";
    case HelloField::grease:
        return "GREASE";
    case HelloField::record_version:
        return "record version";
    case HelloField::extensions:
        return "extensions";
    case HelloField::proxy_header:
        return "PROXY header";
    }
    return "";
}

ProbeHello changed(ProbeHello hello, const HelloChange& change)
{
    change.apply(hello);
    return hello;
}

HelloChange add_version(ProtocolVersion version)
{
    const auto apply = [version](ProbeHello& probe) {
        ClientHello& hello = probe.hello;
        offer(hello, joined(hello.offered_versions(), {version}));
        if (!has_suite_for(hello, version)) add_to_suites(hello, usual_suites(version));
        if (version >= ProtocolVersion::tls13)
            add_tls13(hello);
        else if (version == ProtocolVersion::tls12)
            add_tls12(hello);
    };
    return {HelloField::version, true, fmt::format("with {} added", display_name(version)), apply};
}

HelloChange remove_version(ProtocolVersion version)
{
    const auto apply = [version](ProbeHello& probe) {
        ClientHello& hello = probe.hello;
        auto versions = hello.offered_versions();
        std::erase(versions, version);
        if (version < ProtocolVersion::tls13) return offer(hello, versions);
        for (const auto type : {ExtensionType::supported_versions, ExtensionType::key_share,
                                ExtensionType::psk_key_exchange_modes, ExtensionType::post_handshake_auth,
                                ExtensionType::compress_certificate, ExtensionType::encrypted_client_hello})
            remove_extension(hello.extensions, type);
        std::erase_if(hello.cipher_suites, [](CipherSuite suite) {
            const auto* info = find_cipher_suite(suite);
            return info != nullptr && info->min_version == ProtocolVersion::tls13;
        });
        hello.session_id.clear(); // RFC 8446 appendix D.4: it was there for TLS 1.3
        hello.legacy_version = versions.empty() ? ProtocolVersion::tls12 : sorted(versions).front();
    };
    return {HelloField::version, false, fmt::format("without {}", display_name(version)), apply};
}

HelloChange ssl3_alone()
{
    const auto apply = [](ProbeHello& probe) {
        ClientHello& hello = probe.hello;
        hello.legacy_version = ProtocolVersion::ssl30;
        hello.extensions.clear();
        hello.session_id.clear();
        hello.cipher_suites = suites_of({0x0039, 0x0033, 0x0035, 0x002F, 0x0016, 0x000A, 0x0005, 0x0004, 0x00FF});
        probe.record_version = ProtocolVersion::ssl30;
    };
    return {HelloField::version, false, "with SSL 3.0 alone", apply};
}

HelloChange add_suites(std::vector<CipherSuite> suites, std::string what)
{
    auto text = added(suites, std::move(what));
    const auto apply = [suites = std::move(suites)](ProbeHello& probe) { add_to_suites(probe.hello, suites); };
    return {HelloField::cipher_suite, true, std::move(text), apply};
}

HelloChange add_groups(std::vector<NamedGroup> groups, std::string what)
{
    auto text = added(groups, std::move(what));
    const auto apply = [groups = std::move(groups)](ProbeHello& probe) {
        const auto all = joined(probe.hello.groups(), groups);
        set_extension(probe.hello.extensions, supported_groups_extension(all));
    };
    return {HelloField::group, true, std::move(text), apply};
}

HelloChange add_schemes(std::vector<SignatureScheme> schemes, std::string what)
{
    auto text = added(schemes, std::move(what));
    const auto apply = [schemes = std::move(schemes)](ProbeHello& probe) {
        auto& extensions = probe.hello.extensions;
        set_extension(extensions, signature_algorithms_extension(joined(probe.hello.signature_schemes(), schemes)));
        if (probe.hello.has_extension(ExtensionType::signature_algorithms_cert))
            set_extension(extensions,
                          signature_algorithms_cert_extension(joined(probe.hello.signature_schemes_cert(), schemes)));
    };
    return {HelloField::signature_scheme, true, std::move(text), apply};
}

HelloChange send_name(const std::string& server_name)
{
    const auto apply = [server_name](ProbeHello& probe) {
        probe.hello = with_server_name(std::move(probe.hello), server_name);
    };
    return {HelloField::server_name, false, fmt::format("with {} in SNI", server_name), apply};
}

HelloChange without_name()
{
    const auto apply = [](ProbeHello& probe) { probe.hello = with_server_name(std::move(probe.hello), std::nullopt); };
    return {HelloField::server_name, false, "without SNI", apply};
}

HelloChange without_alpn()
{
    const auto apply = [](ProbeHello& probe) {
        remove_extension(probe.hello.extensions, ExtensionType::application_layer_protocol_negotiation);
    };
    return {HelloField::alpn, false, "without ALPN", apply};
}

HelloChange with_alpn(const std::vector<std::string>& protocols)
{
    std::string text;
    for (const auto& protocol : protocols) text += (text.empty() ? "" : ", ") + protocol;
    const auto apply = [protocols](ProbeHello& probe) {
        set_extension(probe.hello.extensions, alpn_extension(joined(probe.hello.alpn_protocols(), protocols)));
    };
    return {HelloField::alpn, false, fmt::format("with {} added to ALPN", text), apply};
}

HelloChange without_post_quantum()
{
    const auto apply = [](ProbeHello& probe) {
        ClientHello& hello = probe.hello;
        auto groups = hello.groups();
        std::erase_if(groups, [](NamedGroup group) { return is_post_quantum(group); });
        set_extension(hello.extensions, supported_groups_extension(groups));
        auto shares = hello.key_shares();
        std::erase_if(shares, [](const KeyShare& share) { return is_post_quantum(share.group); });
        if (hello.has_extension(ExtensionType::key_share)) set_extension(hello.extensions, key_share_extension(shares));
        remove_extension(hello.extensions, ExtensionType::padding);
    };
    return {HelloField::size, false, "without its post-quantum key share", apply};
}

HelloChange of_size(std::size_t octets)
{
    const auto apply = [octets](ProbeHello& probe) {
        constexpr std::size_t kExtensionHeader = 4;
        remove_extension(probe.hello.extensions, ExtensionType::padding);
        const auto bare_size = size_of(probe.hello) + kExtensionHeader;
        if (octets > bare_size) probe.hello.extensions.push_back(padding_extension(octets - bare_size));
    };
    return {HelloField::size, false, fmt::format("padded to {} octets", octets), apply};
}

HelloChange in_two_segments(std::size_t octets)
{
    const auto apply = [octets](ProbeHello& probe) { probe.first_segment = octets; };
    return {HelloField::size, false, "in two TCP segments", apply};
}

HelloChange without_padding()
{
    const auto apply = [](ProbeHello& probe) { remove_extension(probe.hello.extensions, ExtensionType::padding); };
    return {HelloField::size, false, "without padding", apply};
}

HelloChange with_extended_master_secret()
{
    const auto apply = [](ProbeHello& probe) { add_extension(probe.hello, extended_master_secret_extension()); };
    return {HelloField::extended_master_secret, true, "with extended_master_secret added", apply};
}

HelloChange with_renegotiation_info()
{
    const auto apply = [](ProbeHello& probe) { add_extension(probe.hello, renegotiation_info_extension()); };
    return {HelloField::renegotiation_info, true, "with renegotiation_info added", apply};
}

HelloChange without_fallback_scsv()
{
    const auto apply = [](ProbeHello& probe) { std::erase(probe.hello.cipher_suites, CipherSuite::TLS_FALLBACK_SCSV); };
    return {HelloField::fallback_scsv, false, "without TLS_FALLBACK_SCSV", apply};
}

HelloChange without_session_id()
{
    const auto apply = [](ProbeHello& probe) { probe.hello.session_id.clear(); };
    return {HelloField::session_id, false, "with an empty session id", apply};
}

HelloChange without_grease()
{
    const auto apply = [](ProbeHello& probe) {
        ClientHello& hello = probe.hello;
        drop_grease(hello.cipher_suites);
        std::erase_if(hello.extensions, [](const Extension& each) { return is_grease(each.type); });
        auto groups = hello.groups();
        drop_grease(groups);
        if (!groups.empty()) set_extension(hello.extensions, supported_groups_extension(groups));
        auto versions = hello.supported_versions();
        drop_grease(versions);
        if (!versions.empty()) set_extension(hello.extensions, supported_versions_extension(versions));
        auto shares = hello.key_shares();
        std::erase_if(shares, [](const KeyShare& share) { return is_grease(share.group); });
        if (!shares.empty()) set_extension(hello.extensions, key_share_extension(shares));
    };
    return {HelloField::grease, false, "without GREASE", apply};
}

HelloChange with_grease()
{
    const auto apply = [](ProbeHello& probe) { // RFC 8701 section 3.1
        ClientHello& hello = probe.hello;
        hello.cipher_suites.insert(hello.cipher_suites.begin(), static_cast<CipherSuite>(0x0A0A));
        hello.extensions.insert(hello.extensions.begin(), Extension{static_cast<ExtensionType>(0x1A1A), {}});
        auto groups = hello.groups();
        groups.insert(groups.begin(), static_cast<NamedGroup>(0x2A2A));
        set_extension(hello.extensions, supported_groups_extension(groups));
    };
    return {HelloField::grease, false, "with GREASE", apply};
}

HelloChange with_record_version(ProtocolVersion version)
{
    const auto apply = [version](ProbeHello& probe) { probe.record_version = version; };
    return {HelloField::record_version, false,
            fmt::format("in a record of version 0x{:04X}", static_cast<unsigned>(version)), apply};
}

HelloChange bare()
{
    const auto apply = [](ProbeHello& probe) {
        constexpr ExtensionType kKept[] = {ExtensionType::server_name,           ExtensionType::supported_groups,
                                           ExtensionType::ec_point_formats,      ExtensionType::signature_algorithms,
                                           ExtensionType::supported_versions,    ExtensionType::key_share,
                                           ExtensionType::renegotiation_info,    ExtensionType::extended_master_secret,
                                           ExtensionType::psk_key_exchange_modes};
        std::erase_if(probe.hello.extensions, [&](const Extension& each) {
            return std::find(std::begin(kKept), std::end(kKept), each.type) == std::end(kKept);
        });
    };
    return {HelloField::extensions, false, "with the extensions alone that it cannot do without", apply};
}

HelloChange with_proxy_header(const asio::ip::tcp::endpoint& server)
{
    const auto address = server.address().to_string();
    const auto header = fmt::format("PROXY {} {} {} 40000 {}\r\n", server.address().is_v6() ? "TCP6" : "TCP4", address,
                                    address, server.port());
    const auto apply = [header](ProbeHello& probe) { probe.before = to_bytes(header); };
    return {HelloField::proxy_header, false, "behind a PROXY header", apply};
}

namespace {

/// What a server can select and `hello` does not offer, the best first.
std::vector<CipherSuite> all_other_suites(const ClientHello& hello)
{
    std::vector<const CipherSuiteInfo*> found;
    for (const auto& suite : all_cipher_suites())
        if (!is_signalling(suite.value) && suite.key_exchange != KeyExchange::null && !hello.offers(suite.value))
            found.push_back(&suite);
    std::stable_sort(found.begin(), found.end(), [](const auto* a, const auto* b) { return rank(*a) < rank(*b); });
    std::vector<CipherSuite> suites;
    for (const auto* suite : found) suites.push_back(suite->value);
    return suites;
}

/// wolfSSL keeps 150 suites (WOLFSSL_MAX_SUITE_SZ, 300 octets) and closes without an alert at more.
std::size_t room_for_suites(const ClientHello& hello)
{
    constexpr std::size_t kMostSuites = 140;
    return kMostSuites - std::min(hello.cipher_suites.size(), kMostSuites);
}

} // namespace

std::vector<CipherSuite> other_suites(const ClientHello& hello)
{
    auto suites = all_other_suites(hello);
    suites.resize(std::min(suites.size(), room_for_suites(hello)));
    return suites;
}

std::vector<std::vector<CipherSuite>> rarer_suites(const ClientHello& hello)
{
    const auto suites = all_other_suites(hello);
    const auto room = room_for_suites(hello);
    std::vector<std::vector<CipherSuite>> parts;
    if (room == 0) return parts;
    for (std::size_t from = room; from < suites.size(); from += room) {
        const auto to = std::min(suites.size(), from + room);
        parts.emplace_back(suites.begin() + static_cast<std::ptrdiff_t>(from),
                           suites.begin() + static_cast<std::ptrdiff_t>(to));
    }
    return parts;
}

std::vector<NamedGroup> other_groups(const ClientHello& hello)
{
    std::vector<NamedGroup> groups;
    // The ones in use first; a list in the server's order does not mind, one in the client's does.
    using enum NamedGroup;
    for (const auto group : {x25519, secp256r1, secp384r1, secp521r1, x448, X25519MLKEM768})
        if (!hello.offers(group)) groups.push_back(group);
    std::vector<NamedGroup> rest;
    for (const auto& text : all_named_group_names())
        if (const auto group = find_named_group(text); group && *group < arbitrary_explicit_prime_curves)
            if (!hello.offers(*group)) rest.push_back(*group);
    return joined(groups, rest);
}

std::vector<SignatureScheme> other_schemes(const ClientHello& hello)
{
    std::vector<SignatureScheme> schemes;
    for (const auto& info : all_signature_schemes())
        if (!hello.offers(info.value)) schemes.push_back(info.value);
    // Rising values begin with MD5 and SHA-1: the better ones first.
    std::stable_sort(schemes.begin(), schemes.end(), [](auto a, auto b) {
        return (static_cast<std::uint16_t>(a) >= 0x0400) > (static_cast<std::uint16_t>(b) >= 0x0400);
    });
    return schemes;
}

std::size_t size_of(const ClientHello& hello)
{
    return compose_client_hello(hello).size() + kHandshakeHeaderLength;
}

} // namespace alert40
