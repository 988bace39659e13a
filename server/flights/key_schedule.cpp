// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/flights/key_schedule.h"

namespace alert40 {
namespace {

std::size_t digest_length(HashAlgorithm algorithm)
{
    return hash(algorithm, {}).size();
}

} // namespace

Bytes hkdf_extract(HashAlgorithm hash, ByteView salt, ByteView input)
{
    return hmac(hash, salt, input);
}

Bytes derive_secret(HashAlgorithm hash, ByteView secret, std::string_view label, ByteView transcript_hash)
{
    return hkdf_expand_label(hash, secret, label, transcript_hash, digest_length(hash));
}

Bytes finished_verify_data(HashAlgorithm hash, ByteView base, ByteView transcript_hash)
{
    return hmac(hash, hkdf_expand_label(hash, base, "finished", {}, digest_length(hash)), transcript_hash);
}

Bytes resumption_psk(HashAlgorithm hash, ByteView resumption_master_secret, ByteView ticket_nonce)
{
    return hkdf_expand_label(hash, resumption_master_secret, "resumption", ticket_nonce, digest_length(hash));
}

Bytes next_traffic_secret(HashAlgorithm hash, ByteView traffic_secret)
{
    return hkdf_expand_label(hash, traffic_secret, "traffic upd", {}, digest_length(hash));
}

KeySchedule::KeySchedule(HashAlgorithm hash, ByteView psk) : hash_(hash)
{
    const Bytes zeros(digest_length(hash), 0);
    secret_ = hkdf_extract(hash, zeros, psk.empty() ? ByteView(zeros) : psk);
}

Bytes KeySchedule::derive(std::string_view label, ByteView transcript_hash) const
{
    return derive_secret(hash_, secret_, label, transcript_hash);
}

void KeySchedule::advance(ByteView input)
{
    secret_ = hkdf_extract(hash_, derive_secret(hash_, secret_, "derived", alert40::hash(hash_, {})), input);
}

void KeySchedule::exchange(ByteView shared_secret)
{
    advance(shared_secret);
}

void KeySchedule::finish()
{
    advance(Bytes(digest_length(hash_), 0));
}

} // namespace alert40
