// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/flights/ticket.h"

#include "certs/crypto.h"

#include <algorithm>

namespace alert40 {
namespace {

constexpr std::size_t kNonceLength = 12;
constexpr std::size_t kNameLength = 16;

/// RFC 5077, section 4: a ticket begins with the name of its key.
Bytes key_name(ByteView key)
{
    Bytes name = hash(HashAlgorithm::sha256, key);
    name.resize(kNameLength);
    return name;
}

} // namespace

Bytes seal_ticket(ByteView key, const SealedSession& session)
{
    Writer writer;
    writer.value(session.version);
    writer.value(session.suite);
    writer.u8(session.extended_master_secret ? 1 : 0);
    writer.vector8(session.secret);
    writer.vector16(to_bytes(session.server_name));
    const Bytes nonce = random_bytes(kNonceLength);
    Bytes ticket = key_name(key);
    append(ticket, nonce);
    append(ticket, aead_seal(Aead::aes_256_gcm, key, nonce, {}, writer.take()));
    return ticket;
}

std::optional<SealedSession> open_ticket(ByteView key, ByteView ticket)
{
    const Bytes name = key_name(key);
    if (ticket.size() < kNameLength + kNonceLength || !std::equal(name.begin(), name.end(), ticket.begin()))
        return std::nullopt;
    const auto sealed = ticket.subspan(kNameLength);
    const auto plaintext =
        aead_open(Aead::aes_256_gcm, key, sealed.first(kNonceLength), {}, sealed.subspan(kNonceLength));
    if (!plaintext) return std::nullopt;
    std::optional<WireError> error;
    Reader reader("ticket", *plaintext, error);
    SealedSession session;
    session.version = ProtocolVersion{reader.u16("version")};
    session.suite = CipherSuite{reader.u16("suite")};
    session.extended_master_secret = reader.u8("extended_master_secret") != 0;
    const auto secret = reader.vector8("secret").rest();
    session.secret.assign(secret.begin(), secret.end());
    session.server_name = to_text(reader.vector16("server_name").rest());
    reader.expect_end();
    if (error) return std::nullopt;
    return session;
}

std::optional<PskOffer> read_psk_offer(const ClientHello& hello)
{
    const auto* extension = find_extension(hello.extensions, ExtensionType::pre_shared_key);
    if (extension == nullptr) return std::nullopt;
    std::optional<WireError> error;
    Reader reader("pre_shared_key", extension->body, error);
    PskOffer offer;
    Reader identities = reader.vector16("identities", {.min = 7});
    while (identities.more()) {
        const auto identity = identities.vector16("identity", {.min = 1}).rest();
        identities.bytes("obfuscated_ticket_age", 4);
        offer.psks.push_back({Bytes(identity.begin(), identity.end()), {}});
    }
    offer.binders_length = reader.remaining();
    Reader binders = reader.vector16("binders", {.min = 33});
    for (auto& psk : offer.psks) {
        const auto binder = binders.vector8("binder", {.min = 32}).rest();
        psk.binder.assign(binder.begin(), binder.end());
    }
    binders.expect_end();
    reader.expect_end();
    if (error) return std::nullopt;
    return offer;
}

} // namespace alert40
