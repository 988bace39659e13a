// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/flights/plan.h"

#include "certs/finite_field.h"
#include "scenarios/loader/input_error.h"
#include "server/stack/dh_parameters.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

bool has_message(ProtocolVersion version, FlightStep step)
{
    const bool tls13 = version == ProtocolVersion::tls13;
    switch (step) {
    case FlightStep::hello_retry_request:
    case FlightStep::encrypted_extensions:
    case FlightStep::certificate_verify:
    case FlightStep::key_update:
        return tls13;
    case FlightStep::server_key_exchange:
    case FlightStep::server_hello_done:
    case FlightStep::certificate_status:
    case FlightStep::hello_request:
        return !tls13;
    case FlightStep::server_hello:
    case FlightStep::certificate_request:
    case FlightStep::certificate:
    case FlightStep::new_session_ticket:
    case FlightStep::change_cipher_spec:
    case FlightStep::finished:
    case FlightStep::heartbeat:
    case FlightStep::alert:
        return true;
    }
    return false;
}

[[noreturn]] void refuse(const FlightMessage& entry, std::string_view what, std::string_view hint)
{
    throw InputError(entry.message.where, what, hint);
}

void check_message(const FlightMessage& entry, ProtocolVersion version)
{
    const auto step = entry.message.value;
    const bool foreign = !has_message(version, step);
    if (foreign && !(entry.place && entry.raw))
        refuse(entry, fmt::format("{} has no {}", display_name(version), name(step)),
               "only as an additional message with its own octets: after = \"...\", raw = \"\"");
    if (entry.place && !has_message(version, entry.place->step.value))
        throw InputError(entry.place->step.where,
                         fmt::format("{} has no {}", display_name(version), name(entry.place->step.value)));
    if (entry.place && entry.place->step.value == FlightStep::alert)
        throw InputError(entry.place->step.where, "an alert is no place in a flight", "a handshake message");
    if (version == ProtocolVersion::tls13) return;
    if (step == FlightStep::server_hello && (entry.group || entry.selected_version || entry.psk_identity))
        refuse(entry,
               fmt::format("in {} a server_hello has no key_share, supported_versions or pre_shared_key",
                           display_name(version)),
               "extensions = [{ type = \"key_share\", body = \"001d0000\" }]");
    if (step == FlightStep::certificate_request && (!entry.extensions.empty() || !entry.without_extensions.empty()))
        refuse(entry, fmt::format("in {} a certificate_request has no extensions", display_name(version)), "raw");
    if (step == FlightStep::certificate && entry.staple)
        refuse(entry, fmt::format("in {} the staple is in certificate_status", display_name(version)),
               "message = \"certificate_status\"");
}

void check_fields(const FlightMessage& entry)
{
    const auto step = entry.message.value;
    if (step == FlightStep::certificate_status && (entry.recipe || entry.chain != ChainAnswer::honest))
        refuse(entry, "a certificate_status carries no chain", "message = \"certificate\"");
    if (step == FlightStep::hello_retry_request && entry.place)
        refuse(entry, "a hello_retry_request comes before the server_hello, where else", "repeat = 2");
    if (entry.dh_bits && entry.group)
        refuse(entry, "a key exchange is over a prime or over a curve, not over both", "");
}

PrivateKey key_like(const PrivateKey& key)
{
    return PrivateKey::generate(key.type());
}

/// Of the usual lengths those that servers use; a prime of another length is our own, and takes up to some seconds.
DhGroup make_dh_group(unsigned bits, DhPrime kind)
{
    if (kind == DhPrime::prime) {
        if (const auto usual = dh_parameters(bits)) return {usual->prime, usual->generator};
        return {random_prime(bits), {2}};
    }
    return {product(random_prime(bits - bits / 2), random_prime(bits / 2)), {2}};
}

} // namespace

bool is_composed(const ServerSettings& server)
{
    // wolfSSL 5.5.4 verifies what it staples: a stale response is dropped without a word, a malformed one refused.
    return !server.flight.empty() || server.early_data != EarlyData::none || server.staple != Staple::none;
}

void check_flight(const std::vector<FlightMessage>& flight, const std::vector<ProtocolVersion>& versions)
{
    std::vector<FlightStep> own;
    for (const auto& entry : flight) {
        check_fields(entry);
        for (const auto version : versions) check_message(entry, version);
        if (entry.place) continue;
        if (std::find(own.begin(), own.end(), entry.message.value) != own.end())
            refuse(entry, fmt::format("{} is said twice", name(entry.message.value)),
                   "one entry with all its departures; repeat = 2 sends it twice");
        own.push_back(entry.message.value);
    }
}

const FlightMessage* departure_in(const FlightPlan& plan, FlightStep step)
{
    for (const auto& entry : plan.departures)
        if (!entry.place && entry.message.value == step) return &entry;
    return nullptr;
}

void prepare(FlightPlan& plan, std::optional<unsigned> dh_bits)
{
    const auto other = [](const FlightMessage& entry) { return entry.signature == SignatureAnswer::other_key; };
    if (std::any_of(plan.departures.begin(), plan.departures.end(), other)) plan.other_key = key_like(plan.chain.key);
    const auto* exchange = departure_in(plan, FlightStep::server_key_exchange);
    const auto kind = exchange != nullptr ? exchange->dh_prime : DhPrime::prime;
    if (exchange != nullptr && exchange->dh_bits) dh_bits = exchange->dh_bits;
    if (dh_bits) plan.dh = make_dh_group(*dh_bits, kind);
    if (plan.ticket_key.empty()) plan.ticket_key = random_bytes(32);
}

} // namespace alert40
