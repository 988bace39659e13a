// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/flight_lengths.h"

#include "client-checks/diagnosis/hidden_flight.h"

#include <algorithm>
#include <numeric>

namespace alert40 {
namespace {

// Smaller than two certificates with RSA keys of 2048 bits, and greater than one of them with a name or two.
constexpr std::size_t kTwoCertificates = 1300;
// What stands in one record with the Certificate where a server sends its whole flight so, for RSA of 2048 bits.
constexpr std::size_t kRestOfFlight = 350;
constexpr std::size_t kRecordAndVerify = 17 + 8; // RFC 8446 sections 5.2 and 4.4.3

bool is_tls13(const Transcript& wire)
{
    return wire.server_hello && wire.server_hello->selected_version() == ProtocolVersion::tls13;
}

/// The usual lengths of the encrypted records of one side, for the server's until the client's first.
std::vector<std::size_t> hidden_lengths(const Transcript& wire, Direction direction)
{
    std::vector<std::size_t> lengths;
    if (!is_tls13(wire)) return lengths;
    const auto* end = deciding_event(wire);
    for (const auto& event : wire.events) {
        const auto* record = std::get_if<RecordEvent>(&event);
        const bool hidden = record != nullptr && record->type == ContentType::application_data;
        if (hidden && record->inner_type) return {}; // it could be read
        if (hidden && record->direction == direction) lengths.push_back(usual_length(wire, *record));
        if (hidden && record->direction != direction && direction == Direction::server_to_client) break;
        if (&event == end) break;
    }
    return lengths;
}

bool is_finished(std::size_t length)
{
    return length == 53 || length == 69 || length == 85; // hidden_flight.h
}

/// Where the Finished stands in a flight of one record for each message; nullopt for another flight.
std::optional<std::size_t> finished_at(const std::vector<std::size_t>& lengths)
{
    constexpr std::size_t kEarliest = 3; // behind EncryptedExtensions, Certificate and CertificateVerify
    for (std::size_t at = kEarliest; at < std::min<std::size_t>(lengths.size(), kEarliest + 2); ++at)
        if (is_finished(lengths[at]) && lengths[at - 2] > lengths[at - 1]) return at;
    return std::nullopt;
}

ChainLength by_count(std::size_t count)
{
    if (count == 0) return ChainLength::none;
    return count == 1 ? ChainLength::one : ChainLength::more;
}

} // namespace

ChainLength server_chain_length(const Evidence& evidence)
{
    if (!evidence.has_wire()) return ChainLength::unknown;
    if (!evidence.server_certificate_octets.empty()) return by_count(evidence.server_certificate_octets.size());
    const auto lengths = hidden_lengths(*evidence.wire, Direction::server_to_client);
    if (const auto finished = finished_at(lengths))
        return lengths[*finished - 2] < kTwoCertificates ? ChainLength::one : ChainLength::more;
    const auto all = std::accumulate(lengths.begin(), lengths.end(), std::size_t{});
    if (all < kRestOfFlight) return ChainLength::unknown;
    return all < kTwoCertificates + kRestOfFlight ? ChainLength::one : ChainLength::more;
}

std::optional<std::size_t> lone_certificate_octets(const Evidence& evidence)
{
    if (server_chain_length(evidence) != ChainLength::one) return std::nullopt;
    if (!evidence.server_certificate_octets.empty()) return evidence.server_certificate_octets.front();
    // RFC 8446 sections 4.4.2 and 5.2: a header of 4, the empty context's length, 3 for the list, 3 and 2 for the
    // entry.
    constexpr std::size_t kAround = 17 + 4 + 1 + 3 + 3 + 2;
    const auto lengths = hidden_lengths(*evidence.wire, Direction::server_to_client);
    if (const auto finished = finished_at(lengths)) return lengths[*finished - 2] - kAround;
    return std::accumulate(lengths.begin(), lengths.end(), std::size_t{}) - kRestOfFlight;
}

ChainLength client_chain_length(const Evidence& evidence)
{
    if (!evidence.has_wire()) return ChainLength::unknown;
    if (evidence.wire->client_certificate_seen) return by_count(evidence.client_certificate_octets.size());
    const auto lengths = hidden_lengths(*evidence.wire, Direction::client_to_server);
    constexpr std::size_t kSmallest = 100; // as in hidden_flight.cpp
    if (lengths.empty() || lengths.front() < kSmallest) return ChainLength::unknown;
    return lengths.front() < kTwoCertificates ? ChainLength::one : ChainLength::more;
}

std::optional<std::size_t> hidden_signature_octets(const Transcript& wire)
{
    const auto lengths = hidden_lengths(wire, Direction::server_to_client);
    const auto finished = finished_at(lengths);
    if (!finished || lengths[*finished - 1] <= kRecordAndVerify) return std::nullopt;
    return lengths[*finished - 1] - kRecordAndVerify;
}

bool shows_weak_key(const Evidence& evidence)
{
    constexpr std::size_t kRsa1024 = 128;
    constexpr std::size_t kPadding = 16; // JSSE's
    const auto octets = evidence.has_wire() ? hidden_signature_octets(*evidence.wire) : std::nullopt;
    return octets && (*octets == kRsa1024 || *octets == kRsa1024 + kPadding);
}

bool hidden_certificate_request(const Transcript& wire)
{
    return finished_at(hidden_lengths(wire, Direction::server_to_client)) == 4;
}

std::size_t hidden_server_records(const Transcript& wire)
{
    return hidden_lengths(wire, Direction::server_to_client).size();
}

} // namespace alert40
