// SPDX-License-Identifier: GPL-2.0-or-later
// What the lengths of encrypted records tell of the handshake messages in them (TLS 1.3). Most servers send each
// message of their flight in a record of its own:
//
//   EncryptedExtensions | CertificateRequest | Certificate | CertificateVerify | Finished
//
// CertificateVerify is the signature and 8 octets (RFC 8446 section 4.4.3), a record adds 17 (section 5.2): 281 for an
// RSA key of 2048 bits, 153 for 1024, 95 to 97 for P-256. NSS, BoringSSL and others put all into one record: then no
// more than the sum is known.
#pragma once

#include "client-checks/diagnosis/evidence.h"

namespace alert40 {

/// `more`: two or more. Counted where they were sent in clear; else by the length of what holds them.
enum class ChainLength { unknown, none, one, more };

ChainLength server_chain_length(const Evidence& evidence);
/// The octets of the server's certificate where it came alone; nullopt where it did not, or that is not known.
std::optional<std::size_t> lone_certificate_octets(const Evidence& evidence);

ChainLength client_chain_length(const Evidence& evidence);

/// The octets of the server's signature; nullopt where it is not in a record of its own.
std::optional<std::size_t> hidden_signature_octets(const Transcript& wire);

/// That signature is one by an RSA key of 1024 bits.
bool shows_weak_key(const Evidence& evidence);

/// The server's encrypted flight has a message between its EncryptedExtensions and its Certificate.
bool hidden_certificate_request(const Transcript& wire);

/// How many encrypted records came from the server before the client sent any of its own.
std::size_t hidden_server_records(const Transcript& wire);

} // namespace alert40
