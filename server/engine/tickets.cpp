// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/tickets.h"

#include "certs/crypto.h"
#include "server/wire/reader.h"

#include <algorithm>

namespace alert40 {
namespace {

std::vector<Bytes> psk_identities(ByteView body)
{
    std::vector<Bytes> identities;
    std::optional<WireError> error;
    Reader reader("pre_shared_key", body, error);
    Reader list = reader.vector16("identities", {.min = 7});
    while (list.more()) {
        const ByteView identity = list.vector16("identity", {.min = 1}).rest();
        list.bytes("obfuscated_ticket_age", 4);
        if (!list.failed()) identities.emplace_back(identity.begin(), identity.end());
    }
    return identities;
}

} // namespace

std::vector<Bytes> offered_tickets(const ClientHello& hello)
{
    std::vector<Bytes> tickets;
    const auto* ticket = find_extension(hello.extensions, ExtensionType::session_ticket);
    if (ticket != nullptr && !ticket->body.empty()) tickets.push_back(ticket->body);
    const auto* psk = find_extension(hello.extensions, ExtensionType::pre_shared_key);
    if (psk != nullptr)
        for (auto& identity : psk_identities(psk->body)) tickets.push_back(std::move(identity));
    return tickets;
}

bool opens(const TicketKey& key, ByteView ticket)
{
    // RFC 5077, section 4: a ticket begins with the key's name, 16 octets. The stack derives it from the key, and
    // wolfSSL takes its last bit to tell which of its two keys was in use (src/internal.c, DefTicketEncCb).
    constexpr std::size_t kNameLength = 16;
    if (ticket.size() < kNameLength) return false;
    const Bytes name = hash(HashAlgorithm::sha256, key);
    const auto last = kNameLength - 1;
    return std::equal(ticket.begin(), ticket.begin() + last, name.begin()) && (ticket[last] | 1) == (name[last] | 1);
}

} // namespace alert40
