// SPDX-License-Identifier: GPL-2.0-or-later
// Makes evidence for the rules' tests: ClientHellos, transcripts event by event, symptoms, forged chains.
//
//   const auto wire = WireMaker(modern_hello()).server_alert(AlertDescription::handshake_failure).wire();
//   const auto findings = diagnose_wire(wire);      // or diagnose_text({"verify:expired"}), diagnose_both(wire, {...})
//   CHECK(claim(findings, "cipher-mismatch") == Confidence::possible);
#pragma once

#include "client-checks/diagnosis/finding.h"
#include "server/wire/client_hello_extensions.h"
#include "tests/certs/support.h"

namespace alert40::test {

constexpr std::string_view kServerName = "www.alert40.test"; // as forge_with() issues it

inline Bytes some_bytes(std::size_t length)
{
    return Bytes(length, 0x2A);
}

/// What today's clients offer, shortened: both versions, both key types, the usual groups.
inline ClientHello modern_hello()
{
    ClientHello hello;
    for (const auto* name : {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
                             "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                             "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
                             "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"})
        hello.cipher_suites.push_back(find_cipher_suite(name)->value);
    hello.extensions = {
        server_name_extension(kServerName),
        supported_versions_extension({ProtocolVersion::tls13, ProtocolVersion::tls12}),
        supported_groups_extension({NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1}),
        signature_algorithms_extension({SignatureScheme::ecdsa_secp256r1_sha256, SignatureScheme::rsa_pss_rsae_sha256,
                                        SignatureScheme::rsa_pkcs1_sha256}),
        key_share_extension({{NamedGroup::x25519, some_bytes(32)}}),
        renegotiation_info_extension(),
    };
    return hello;
}

inline ClientHello without(ClientHello hello, ExtensionType type)
{
    remove_extension(hello.extensions, type);
    return hello;
}

inline ClientHello with(ClientHello hello, Extension extension)
{
    set_extension(hello.extensions, std::move(extension));
    return hello;
}

inline ClientHello with_suites(ClientHello hello, std::initializer_list<std::string_view> names)
{
    hello.cipher_suites.clear();
    for (const auto name : names) hello.cipher_suites.push_back(find_cipher_suite(name)->value);
    return hello;
}

inline ClientHello tls13_hello()
{
    return with(modern_hello(), supported_versions_extension({ProtocolVersion::tls13}));
}

/// A client of TLS 1.2 that knows nothing of 1.3.
inline ClientHello tls12_hello()
{
    auto hello = without(modern_hello(), ExtensionType::supported_versions);
    hello.cipher_suites.erase(hello.cipher_suites.begin(), hello.cipher_suites.begin() + 3);
    return hello;
}

/// A transcript event by event. The phase of each is the one that the calls before it have reached.
class WireMaker {
public:
    explicit WireMaker(ClientHello hello)
    {
        wire_.started = now();
        wire_.client_hello = std::move(hello);
        wire_.phase = Phase::before_server_hello;
        const auto octets = compose_client_hello(*wire_.client_hello).size();
        record(Direction::client_to_server, ContentType::handshake, static_cast<std::uint16_t>(octets));
    }

    WireMaker& server_hello(ProtocolVersion version, std::string_view suite = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
    {
        ServerHello hello;
        hello.legacy_version = std::min(version, ProtocolVersion::tls12);
        if (version == ProtocolVersion::tls13) {
            hello.extensions = {selected_version_extension(version),
                                server_key_share_extension({NamedGroup::x25519, some_bytes(32)})};
            suite = "TLS_AES_128_GCM_SHA256";
        } else {
            hello.extensions.push_back(renegotiation_info_extension());
        }
        hello.cipher_suite = find_cipher_suite(suite)->value;
        wire_.server_hello = hello;
        record(Direction::server_to_client, ContentType::handshake, 90);
        return reach(Phase::after_server_hello);
    }
    WireMaker& without_renegotiation_info()
    {
        remove_extension(wire_.server_hello->extensions, ExtensionType::renegotiation_info);
        return *this;
    }
    /// What else the ServerHello says.
    WireMaker& answer(void (*change)(ServerHello&))
    {
        change(*wire_.server_hello);
        return *this;
    }
    /// Messages of the server that can be read, one record each.
    WireMaker& messages(std::initializer_list<HandshakeType> types)
    {
        for (const auto type : types)
            record(Direction::server_to_client, ContentType::handshake, 100).messages = {type};
        return *this;
    }
    WireMaker& chain(std::vector<Bytes> certificates)
    {
        wire_.server_certificate_seen = true;
        wire_.server_chain = std::move(certificates);
        return *this;
    }
    WireMaker& dh_bits(std::size_t bits)
    {
        wire_.dh_bits = bits;
        return *this;
    }
    WireMaker& certificate_request(std::vector<Bytes> authorities = {some_bytes(20)})
    {
        wire_.certificate_request.emplace();
        wire_.certificate_request->authorities = std::move(authorities);
        return *this;
    }
    WireMaker& client_chain(std::vector<Bytes> certificates)
    {
        wire_.client_certificate_seen = true;
        wire_.client_chain = std::move(certificates);
        return *this;
    }
    WireMaker& reach(Phase phase)
    {
        wire_.phase = phase;
        return *this;
    }
    /// A record of TLS 1.3 that nobody can decrypt.
    WireMaker& hidden(Direction direction, std::uint16_t length)
    {
        record(direction, ContentType::application_data, length).encrypted = true;
        return *this;
    }
    /// An encrypted alert of TLS 1.2.
    WireMaker& hidden_alert(Direction direction)
    {
        record(direction, ContentType::alert, 26).encrypted = true;
        return *this;
    }
    WireMaker& server_alert(AlertDescription description, AlertLevel level = AlertLevel::fatal)
    {
        record(Direction::server_to_client, ContentType::alert, 2).alert = Alert{level, description};
        return *this;
    }
    WireMaker& client_alert(AlertDescription description)
    {
        record(Direction::client_to_server, ContentType::alert, 2).alert = Alert{AlertLevel::fatal, description};
        return *this;
    }
    WireMaker& server_says(std::string_view text)
    {
        wire_.events.emplace_back(
            OtherBytes{Direction::server_to_client, at_, wire_.phase, to_bytes(text), text.size()});
        return *this;
    }
    WireMaker& socket(SocketEventKind kind)
    {
        wire_.events.emplace_back(SocketEvent{kind, at_, wire_.phase});
        return *this;
    }
    WireMaker& wait(std::chrono::seconds time)
    {
        at_ += time;
        return *this;
    }
    Transcript wire() const { return wire_; }

private:
    RecordEvent& record(Direction direction, ContentType type, std::uint16_t length)
    {
        at_ += std::chrono::milliseconds(1);
        RecordEvent event;
        event.direction = direction;
        event.at = at_;
        event.phase = wire_.phase;
        event.type = type;
        event.length = length;
        wire_.events.emplace_back(event);
        return std::get<RecordEvent>(wire_.events.back());
    }

    Transcript wire_;
    std::chrono::microseconds at_{};
};

inline SymptomSet symptoms(std::initializer_list<std::string_view> texts)
{
    SymptomSet set;
    for (const auto text : texts) set.push_back(Symptom::parse(text).value());
    return set;
}

inline std::vector<Finding> diagnose_both(const Transcript& wire, std::initializer_list<std::string_view> texts,
                                          std::string library = "")
{
    return diagnose(gather_evidence(&wire, symptoms(texts), std::move(library), ""));
}

inline std::vector<Finding> diagnose_wire(const Transcript& wire, std::string library = "")
{
    return diagnose_both(wire, {}, std::move(library));
}

inline std::vector<Finding> diagnose_beside(const Transcript& wire, std::vector<const Transcript*> beside)
{
    Evidence evidence = gather_evidence(&wire, {}, "", "");
    evidence.beside = std::move(beside);
    return diagnose(evidence);
}

inline std::vector<Finding> diagnose_text(std::initializer_list<std::string_view> texts)
{
    return diagnose(gather_evidence(nullptr, symptoms(texts), "", ""));
}

/// What is claimed about a cause; nullopt where it is not among the findings.
inline std::optional<Confidence> claim(const std::vector<Finding>& findings, std::string_view cause)
{
    for (const auto& finding : findings)
        if (finding.cause == cause) return finding.confidence;
    return std::nullopt;
}

inline std::string top(const std::vector<Finding>& findings)
{
    return findings.empty() ? "" : findings.front().cause;
}

inline std::string reasons(const std::vector<Finding>& findings, std::string_view cause)
{
    std::string text;
    for (const auto& finding : findings)
        if (finding.cause == cause)
            for (const auto& sentence : finding.because) text += sentence + "; ";
    return text;
}

} // namespace alert40::test
