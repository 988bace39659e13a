// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/violations.h"

#include "certs/certificate.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

using Violations = std::vector<std::string>;

template <class T> bool contains(const std::vector<T>& values, const T& value)
{
    return std::find(values.begin(), values.end(), value) != values.end();
}

/// RFC 8446, section 4.2: the extensions that a ServerHello and a HelloRetryRequest of TLS 1.3 may carry.
bool belongs_into_tls13(ExtensionType type, bool retry)
{
    if (type == ExtensionType::supported_versions || type == ExtensionType::key_share) return true;
    return type == (retry ? ExtensionType::cookie : ExtensionType::pre_shared_key);
}

void check_extensions(const ServerHello& answer, const ClientHello& hello, bool tls13, Violations& violations)
{
    for (const auto& extension : answer.extensions) {
        const auto type = extension.type;
        // RFC 5746, section 3.6: the signalling suite asks for renegotiation_info as well.
        const bool asked = hello.has_extension(type) || type == ExtensionType::cookie ||
                           (type == ExtensionType::renegotiation_info && hello.has_renegotiation_info());
        if (!asked)
            violations.push_back(fmt::format("the ServerHello answers {}, which the client did not send", name(type)));
        else if (tls13 && !belongs_into_tls13(type, answer.is_hello_retry_request()))
            violations.push_back(fmt::format("{} does not belong into a ServerHello of TLS 1.3", name(type)));
    }
}

void check_tls13(const Transcript& wire, const ServerHello& answer, const ClientHello& hello, Violations& violations)
{
    if (answer.session_id != hello.session_id)
        violations.emplace_back("the ServerHello does not echo the client's session id");
    const auto group = answer.key_share_group();
    const bool retry = answer.is_hello_retry_request();
    if (!group) {
        if (!retry && !answer.has_extension(ExtensionType::pre_shared_key))
            violations.emplace_back("the ServerHello of TLS 1.3 has no key_share");
        return;
    }
    const auto shares = hello.key_share_groups();
    if (!hello.offers(*group))
        violations.push_back(
            fmt::format("the server chose the group {}, which the client did not offer", name(*group)));
    else if (retry && contains(shares, *group))
        violations.push_back(
            fmt::format("the HelloRetryRequest asks for {}, for which the client had sent its share", name(*group)));
    else if (!retry && !wire.hello_retry_request && !contains(shares, *group))
        violations.push_back(fmt::format("the server took {}, for which the client had sent no share", name(*group)));
}

void check_hello(const Transcript& wire, Violations& violations)
{
    if (!wire.server_hello || !wire.client_hello) return;
    const auto& answer = *wire.server_hello;
    const auto& hello = *wire.client_hello;
    const auto version = answer.selected_version();
    const bool tls13 = version == ProtocolVersion::tls13;
    if (!hello.offers(version))
        violations.push_back(fmt::format("the server chose {}, which the client did not offer", display_name(version)));
    const auto* suite = find_cipher_suite(answer.cipher_suite);
    if (!hello.offers(answer.cipher_suite))
        violations.push_back(
            fmt::format("the server chose {}, which the client did not offer", name(answer.cipher_suite)));
    else if (suite != nullptr && is_known(version) && !fits(*suite, version))
        violations.push_back(fmt::format("the server chose {}, which {} does not have", name(answer.cipher_suite),
                                         display_name(version)));
    if (!contains(hello.compression_methods, answer.compression_method))
        violations.push_back(fmt::format("the server chose compression method {}, which the client did not offer",
                                         answer.compression_method));
    if (tls13) check_tls13(wire, answer, hello, violations);
    check_extensions(answer, hello, tls13, violations);
    if (!tls13 && wire.group && is_elliptic_curve(*wire.group) &&
        hello.has_extension(ExtensionType::supported_groups) && !hello.offers(*wire.group))
        violations.push_back(
            fmt::format("the ServerKeyExchange is over {}, which the client did not offer", name(*wire.group)));
}

/// The place of a message in the server's first flight; nullopt for one that has none there.
std::optional<int> rank(HandshakeType type, bool tls13)
{
    using enum HandshakeType;
    constexpr HandshakeType kTls13[] = {server_hello,      encrypted_extensions, certificate_request,
                                        certificate,       certificate_verify,   finished,
                                        new_session_ticket};
    constexpr HandshakeType kTls12[] = {server_hello,        certificate,       certificate_status, server_key_exchange,
                                        certificate_request, server_hello_done, new_session_ticket, finished};
    const auto place = [&](const auto& order) -> std::optional<int> {
        const auto* found = std::find(std::begin(order), std::end(order), type);
        if (found == std::end(order)) return std::nullopt;
        return static_cast<int>(found - std::begin(order));
    };
    return tls13 ? place(kTls13) : place(kTls12);
}

/// The server's messages in the order they came.
std::vector<HandshakeType> server_messages(const Transcript& wire)
{
    std::vector<HandshakeType> messages;
    for (const auto& event : wire.events)
        if (const auto* record = std::get_if<RecordEvent>(&event);
            record != nullptr && record->direction == Direction::server_to_client)
            messages.insert(messages.end(), record->messages.begin(), record->messages.end());
    return messages;
}

bool signs(const CipherSuiteInfo& suite)
{
    return suite.key_exchange == KeyExchange::ecdhe || suite.key_exchange == KeyExchange::dhe;
}

void check_missing(const Transcript& wire, const std::vector<HandshakeType>& messages, Violations& violations)
{
    const auto version = wire.server_hello->selected_version();
    const auto* suite = find_cipher_suite(wire.server_hello->cipher_suite);
    if (version == ProtocolVersion::tls13) {
        const bool to_the_end = contains(messages, HandshakeType::finished);
        if (!to_the_end) return;
        if (!contains(messages, HandshakeType::encrypted_extensions))
            violations.emplace_back("the server's flight has no EncryptedExtensions");
        if (contains(messages, HandshakeType::certificate) && !contains(messages, HandshakeType::certificate_verify))
            violations.emplace_back("the server's flight has no CertificateVerify");
        return;
    }
    if (suite == nullptr || !contains(messages, HandshakeType::server_hello_done)) return;
    if (suite->authentication != Authentication::none && suite->authentication != Authentication::any &&
        !contains(messages, HandshakeType::certificate))
        violations.push_back(fmt::format("the server's flight has no Certificate, which {} needs", suite->iana_name));
    if (signs(*suite) && !contains(messages, HandshakeType::server_key_exchange))
        violations.push_back(
            fmt::format("the server's flight has no ServerKeyExchange, which {} needs", suite->iana_name));
}

void check_order(const Transcript& wire, Violations& violations)
{
    const auto messages = server_messages(wire);
    const bool sent_hello = contains(messages, HandshakeType::server_hello);
    if (sent_hello && !wire.server_hello) violations.emplace_back("the ServerHello cannot be read");
    if (!wire.server_hello) return;
    const bool tls13 = wire.server_hello->selected_version() == ProtocolVersion::tls13;
    // A HelloRetryRequest is a server_hello on the wire: one of it and one ServerHello are right.
    const auto hellos = std::count(messages.begin(), messages.end(), HandshakeType::server_hello);
    if (hellos > (wire.hello_retry_request ? 2 : 1) || (hellos > 1 && wire.server_hello->is_hello_retry_request()))
        violations.emplace_back(wire.server_hello->is_hello_retry_request()
                                    ? "the server sent a second HelloRetryRequest (RFC 8446, section 4.1.4)"
                                    : "the server sent its ServerHello twice");
    int last = 0;
    for (const auto message : messages) {
        if (message == HandshakeType::server_hello || message == HandshakeType::new_session_ticket) continue;
        const auto place = rank(message, tls13);
        if (!place && message != HandshakeType::hello_request && message != HandshakeType::key_update)
            violations.push_back(fmt::format("{} is no message of a server's flight in {}", name(message),
                                             display_name(wire.server_hello->selected_version())));
        else if (!place && tls13 && message == HandshakeType::hello_request)
            violations.emplace_back("TLS 1.3 has no hello_request");
        else if (place && *place <= last && last != 0)
            violations.push_back(fmt::format("{} came again, or after a message that it precedes", name(message)));
        if (place) last = std::max(last, *place);
    }
    check_missing(wire, messages, violations);
}

/// RFC 5246, section 7.4.3; RFC 8446, section 4.4.3.
void check_signature(const Transcript& wire, Violations& violations)
{
    if (!wire.client_hello || !wire.server_signature) return;
    const auto offered = wire.client_hello->signature_schemes();
    const bool tls13 = wire.server_hello && wire.server_hello->selected_version() == ProtocolVersion::tls13;
    if (tls13 && name(*wire.server_signature).starts_with("rsa_pkcs1_")) // RFC 8446, section 4.2.3
        violations.push_back(fmt::format("the server signed with {}, which is for certificates alone in TLS 1.3",
                                         name(*wire.server_signature)));
    if (!offered.empty() && !contains(offered, *wire.server_signature))
        violations.push_back(
            fmt::format("the server signed with {}, which the client did not offer", name(*wire.server_signature)));
}

bool is_certificate(const Bytes& der)
{
    try {
        parse_certificate(der);
        return true;
    } catch (const CertificateError&) {
        return false;
    }
}

} // namespace

std::vector<std::string> server_violations(const Transcript& wire)
{
    Violations violations;
    check_hello(wire, violations);
    check_order(wire, violations);
    check_signature(wire, violations);
    return violations;
}

bool answers_like_older_server(const Transcript& wire)
{
    if (!wire.client_hello || !wire.server_hello) return false;
    const auto& answer = *wire.server_hello;
    const auto version = answer.selected_version();
    const auto* suite = find_cipher_suite(answer.cipher_suite);
    const bool of_tls13 = answer.has_extension(ExtensionType::supported_versions) ||
                          answer.has_extension(ExtensionType::key_share) || version > ProtocolVersion::tls12;
    return !of_tls13 && version <= wire.client_hello->legacy_version && suite != nullptr && fits(*suite, version);
}

std::optional<std::string> corrupt_certificate(const Transcript& wire)
{
    if (!wire.server_certificate_seen) return std::nullopt;
    if (wire.server_chain.empty()) return "the server's Certificate message holds no certificate";
    for (std::size_t index = 0; index < wire.server_chain.size(); ++index)
        if (!is_certificate(wire.server_chain[index]))
            return fmt::format("certificate {} of the server's chain, {} octets, is no X.509", index + 1,
                               wire.server_chain[index].size());
    return std::nullopt;
}

} // namespace alert40
