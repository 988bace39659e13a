// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/algorithms.h"

#include "certs/der.h"

#include <array>
#include <stdexcept>

namespace alert40 {

namespace {

enum class Family { rsa, ecdsa, ed25519, ed448 };

struct SignatureRow {
    Family family;
    HashAlgorithm hash;
    std::string_view oid;
};

constexpr std::array<SignatureRow, 11> kSignatures{{
    {Family::rsa, HashAlgorithm::md5, "1.2.840.113549.1.1.4"},
    {Family::rsa, HashAlgorithm::sha1, "1.2.840.113549.1.1.5"},
    {Family::rsa, HashAlgorithm::sha256, "1.2.840.113549.1.1.11"},
    {Family::rsa, HashAlgorithm::sha384, "1.2.840.113549.1.1.12"},
    {Family::rsa, HashAlgorithm::sha512, "1.2.840.113549.1.1.13"},
    {Family::ecdsa, HashAlgorithm::sha1, "1.2.840.10045.4.1"},
    {Family::ecdsa, HashAlgorithm::sha256, "1.2.840.10045.4.3.2"},
    {Family::ecdsa, HashAlgorithm::sha384, "1.2.840.10045.4.3.3"},
    {Family::ecdsa, HashAlgorithm::sha512, "1.2.840.10045.4.3.4"},
    {Family::ed25519, HashAlgorithm::sha512, oid::kEd25519},
    {Family::ed448, HashAlgorithm::sha512, oid::kEd448},
}};

Family family_of(KeyType type)
{
    if (is_rsa(type)) return Family::rsa;
    if (is_ec(type)) return Family::ecdsa;
    return type == KeyType::ed25519 ? Family::ed25519 : Family::ed448;
}

} // namespace

Bytes signature_algorithm(KeyType type, HashAlgorithm hash)
{
    const Family family = family_of(type);
    const bool hash_matters = family == Family::rsa || family == Family::ecdsa;
    for (const SignatureRow& row : kSignatures) {
        if (row.family != family || (hash_matters && row.hash != hash)) continue;
        // RFC 3279, section 2.2.1: the parameters of RSA are NULL; those of the others are absent.
        if (family == Family::rsa) return der::sequence({der::object_identifier(row.oid), der::null()});
        return der::sequence({der::object_identifier(row.oid)});
    }
    throw std::runtime_error("no signature algorithm for " + std::string(name(type)) + " with this hash");
}

std::optional<HashAlgorithm> signature_hash(std::string_view algorithm)
{
    for (const SignatureRow& row : kSignatures)
        if (row.oid == algorithm) return row.hash;
    return std::nullopt;
}

} // namespace alert40
