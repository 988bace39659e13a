// SPDX-License-Identifier: GPL-2.0-or-later
// One thing changed in a ClientHello, or in how it is sent: what an experiment varies. Each says itself in words that
// follow "the same": "with TLS_RSA_WITH_AES_128_CBC_SHA added", "without SNI".
#pragma once

#include "client-checks/probes/hello_maker.h"

#include <asio/ip/tcp.hpp>
#include <functional>

namespace alert40 {

/// What is varied.
enum class HelloField {
    version,
    cipher_suite,
    group,
    signature_scheme,
    server_name,
    alpn,
    size,
    extended_master_secret,
    renegotiation_info,
    fallback_scsv,
    session_id,
    grease,
    record_version,
    extensions,
    proxy_header,
};

/// "cipher suites", for the list of what was varied.
std::string_view name(HelloField field);

struct HelloChange {
    HelloField field{};
    bool widens = false; // it offers more, and takes nothing away
    std::string what;
    std::function<void(ProbeHello&)> apply;
};

/// The hello with the change made.
ProbeHello changed(ProbeHello hello, const HelloChange& change);

HelloChange add_version(ProtocolVersion version); // with the suites and extensions that it cannot do without
HelloChange remove_version(ProtocolVersion version);
HelloChange ssl3_alone();
HelloChange add_suites(std::vector<CipherSuite> suites, std::string what = {});
HelloChange add_groups(std::vector<NamedGroup> groups, std::string what = {});
HelloChange add_schemes(std::vector<SignatureScheme> schemes, std::string what = {});
HelloChange send_name(const std::string& name);
HelloChange without_name();
HelloChange without_alpn();
HelloChange with_alpn(const std::vector<std::string>& protocols);
HelloChange without_post_quantum();              // its groups and key shares, which make a ClientHello large
HelloChange of_size(std::size_t octets);         // padded (RFC 7685), the message with its header
HelloChange in_two_segments(std::size_t octets); // the first one of so many
HelloChange without_padding();
HelloChange with_extended_master_secret();
HelloChange with_renegotiation_info();
HelloChange without_fallback_scsv();
HelloChange without_session_id();
HelloChange without_grease();
HelloChange with_grease();
HelloChange with_record_version(ProtocolVersion version);
HelloChange bare(); // the extensions of a ClientHello of 2012 alone: names, groups, formats, schemes
HelloChange with_proxy_header(const asio::ip::tcp::endpoint& server);

/// The suites of the registry that a server can select and `hello` does not offer, the best first, as many as there is
/// room for beside its own.
std::vector<CipherSuite> other_suites(const ClientHello& hello);

/// What other_suites() leaves out (pre-shared keys, export, anonymous ones), in parts that there is room for.
std::vector<std::vector<CipherSuite>> rarer_suites(const ClientHello& hello);
std::vector<NamedGroup> other_groups(const ClientHello& hello);
std::vector<SignatureScheme> other_schemes(const ClientHello& hello);

/// The message with its handshake header, in octets.
std::size_t size_of(const ClientHello& hello);

} // namespace alert40
