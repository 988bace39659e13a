// SPDX-License-Identifier: GPL-2.0-or-later
// server.flight: the messages in which a server's flight, composed by alert40 itself, departs from an honest one. Each
// entry names a message and what is wrong in it; what is not said is what an honest server would send. An entry with
// `after` or `before` puts an additional message there.
#pragma once

#include "certs/bytes.h"
#include "scenarios/loader/source_pos.h"
#include "scenarios/vocabulary/alert.h"
#include "scenarios/vocabulary/cipher_suite.h"
#include "scenarios/vocabulary/extension_type.h"
#include "scenarios/vocabulary/named_group.h"
#include "scenarios/vocabulary/protocol_version.h"
#include "scenarios/vocabulary/signature_scheme.h"

#include <optional>
#include <vector>

namespace alert40 {

/// What a server sends, in the order of the handshake: its handshake messages, a HelloRetryRequest told apart from a
/// ServerHello, and the records of other types.
enum class FlightStep {
    hello_retry_request,
    server_hello,
    encrypted_extensions,
    certificate_request,
    certificate,
    certificate_status,
    certificate_verify,
    server_key_exchange,
    server_hello_done,
    new_session_ticket,
    change_cipher_spec,
    finished,
    key_update,
    hello_request,
    heartbeat,
    alert,
};

std::string_view name(FlightStep step); // "server_hello"
std::optional<FlightStep> find_flight_step(std::string_view name);
std::vector<std::string> all_flight_step_names();

/// A value, or the word "unoffered": one that the ClientHello does not list, chosen for each connection.
template <class T> struct Choice {
    bool unoffered = false;
    T value{};
};

/// Where an additional message goes. After `finished` is after the whole handshake: past the client's Finished.
struct FlightPlace {
    bool before = false; // else after
    Located<FlightStep> step;
};

struct FlightExtension {
    Located<ExtensionType> type;
    Bytes body;
};

/// RFC 8446 section 4.1.3: the server's session_id echoes the client's.
enum class SessionIdAnswer { honest, empty, other };

/// RFC 8446 section 4.1.3: the last eight octets of the random.
enum class Sentinel { honest, tls12, tls11 };

/// `other_group`: for a HelloRetryRequest, a group the client has already sent a share for.
enum class RetryGroup { honest, unoffered, already_shared };

enum class ChainAnswer { honest, empty, garbled, truncated };

enum class SignatureAnswer { honest, corrupted, other_key };

enum class DhPrime { prime, composite };

struct FlightMessage {
    Located<FlightStep> message;
    std::optional<FlightPlace> place; // an additional message; absent: this is the flight's own
    std::string departure;            // the fields beside these two, as one line for people
    bool omit = false;
    unsigned repeat = 1;      // how often it is sent
    std::optional<Bytes> raw; // the whole body, or the payload of a record that is no handshake message
    unsigned cut = 0;         // octets missing at the body's end, its length agreeing
    Bytes append;             // octets too many at the body's end

    // server_hello, hello_retry_request
    std::optional<ProtocolVersion> legacy_version;
    std::optional<ProtocolVersion> selected_version; // in supported_versions
    std::optional<Choice<CipherSuite>> cipher;
    SessionIdAnswer session_id = SessionIdAnswer::honest;
    Sentinel sentinel = Sentinel::honest;
    std::optional<unsigned> compression;
    std::optional<unsigned> psk_identity; // selected_identity of pre_shared_key
    RetryGroup retry_group = RetryGroup::honest;

    // server_hello: of key_share; server_key_exchange: of the curve
    std::optional<Choice<NamedGroup>> group;

    // every message with extensions
    std::vector<Located<ExtensionType>> without_extensions;
    std::vector<FlightExtension> extensions; // further ones, or in the place of those of the same type
    std::optional<Choice<std::string>> alpn; // server_hello, encrypted_extensions

    // certificate, certificate_status
    ChainAnswer chain = ChainAnswer::honest;
    std::optional<Located<std::string>> recipe; // another recipe's chain, with the server's own key
    std::optional<Bytes> staple;                // the OCSPResponse

    // server_key_exchange
    std::optional<unsigned> dh_bits;
    DhPrime dh_prime = DhPrime::prime;
    std::optional<unsigned> dh_public_value;

    // server_key_exchange, certificate_verify
    SignatureAnswer signature = SignatureAnswer::honest;
    std::optional<Choice<SignatureScheme>> scheme;

    bool corrupted = false; // finished: its verify_data

    // alert
    AlertDescription alert{};
    AlertLevel level = AlertLevel::fatal;
    bool clear = false; // without the keys that hold there
};

} // namespace alert40
