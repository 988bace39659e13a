// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/vocabulary/named_group.h"

#include "scenarios/vocabulary/name_table.h"

#include <cctype>

namespace alert40 {
namespace {

constexpr NameRow<NamedGroup> kNames[] = {
    {NamedGroup::sect163k1, "sect163k1"},
    {NamedGroup::sect163r1, "sect163r1"},
    {NamedGroup::sect163r2, "sect163r2"},
    {NamedGroup::sect193r1, "sect193r1"},
    {NamedGroup::sect193r2, "sect193r2"},
    {NamedGroup::sect233k1, "sect233k1"},
    {NamedGroup::sect233r1, "sect233r1"},
    {NamedGroup::sect239k1, "sect239k1"},
    {NamedGroup::sect283k1, "sect283k1"},
    {NamedGroup::sect283r1, "sect283r1"},
    {NamedGroup::sect409k1, "sect409k1"},
    {NamedGroup::sect409r1, "sect409r1"},
    {NamedGroup::sect571k1, "sect571k1"},
    {NamedGroup::sect571r1, "sect571r1"},
    {NamedGroup::secp160k1, "secp160k1"},
    {NamedGroup::secp160r1, "secp160r1"},
    {NamedGroup::secp160r2, "secp160r2"},
    {NamedGroup::secp192k1, "secp192k1"},
    {NamedGroup::secp192r1, "secp192r1"},
    {NamedGroup::secp224k1, "secp224k1"},
    {NamedGroup::secp224r1, "secp224r1"},
    {NamedGroup::secp256k1, "secp256k1"},
    {NamedGroup::secp256r1, "secp256r1"},
    {NamedGroup::secp384r1, "secp384r1"},
    {NamedGroup::secp521r1, "secp521r1"},
    {NamedGroup::brainpoolP256r1, "brainpoolP256r1"},
    {NamedGroup::brainpoolP384r1, "brainpoolP384r1"},
    {NamedGroup::brainpoolP512r1, "brainpoolP512r1"},
    {NamedGroup::x25519, "x25519"},
    {NamedGroup::x448, "x448"},
    {NamedGroup::brainpoolP256r1tls13, "brainpoolP256r1tls13"},
    {NamedGroup::brainpoolP384r1tls13, "brainpoolP384r1tls13"},
    {NamedGroup::brainpoolP512r1tls13, "brainpoolP512r1tls13"},
    {NamedGroup::GC256A, "GC256A"},
    {NamedGroup::GC256B, "GC256B"},
    {NamedGroup::GC256C, "GC256C"},
    {NamedGroup::GC256D, "GC256D"},
    {NamedGroup::GC512A, "GC512A"},
    {NamedGroup::GC512B, "GC512B"},
    {NamedGroup::GC512C, "GC512C"},
    {NamedGroup::curveSM2, "curveSM2"},
    {NamedGroup::ffdhe2048, "ffdhe2048"},
    {NamedGroup::ffdhe3072, "ffdhe3072"},
    {NamedGroup::ffdhe4096, "ffdhe4096"},
    {NamedGroup::ffdhe6144, "ffdhe6144"},
    {NamedGroup::ffdhe8192, "ffdhe8192"},
    {NamedGroup::MLKEM512, "MLKEM512"},
    {NamedGroup::MLKEM768, "MLKEM768"},
    {NamedGroup::MLKEM1024, "MLKEM1024"},
    {NamedGroup::SecP256r1MLKEM768, "SecP256r1MLKEM768"},
    {NamedGroup::X25519MLKEM768, "X25519MLKEM768"},
    {NamedGroup::SecP384r1MLKEM1024, "SecP384r1MLKEM1024"},
    {NamedGroup::curveSM2MLKEM768, "curveSM2MLKEM768"},
    {NamedGroup::X25519Kyber768Draft00, "X25519Kyber768Draft00"},
    {NamedGroup::SecP256r1Kyber768Draft00, "SecP256r1Kyber768Draft00"},
    {NamedGroup::arbitrary_explicit_prime_curves, "arbitrary_explicit_prime_curves"},
    {NamedGroup::arbitrary_explicit_char2_curves, "arbitrary_explicit_char2_curves"},
};

// NIST's, ANSI X9.62's and OpenSSL's names.
constexpr NameRow<NamedGroup> kAliases[] = {
    {NamedGroup::secp192r1, "P-192"},
    {NamedGroup::secp192r1, "prime192v1"},
    {NamedGroup::secp224r1, "P-224"},
    {NamedGroup::secp256r1, "P-256"},
    {NamedGroup::secp256r1, "prime256v1"},
    {NamedGroup::secp384r1, "P-384"},
    {NamedGroup::secp521r1, "P-521"},
    {NamedGroup::curveSM2, "SM2"},
    {NamedGroup::X25519Kyber768Draft00, "X25519Kyber768"},
};

bool equal_ignoring_case(std::string_view left, std::string_view right)
{
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

template <class Rows> std::optional<NamedGroup> find_in(const Rows& rows, std::string_view name)
{
    for (const auto& row : rows)
        if (equal_ignoring_case(row.name, name)) return row.value;
    return std::nullopt;
}

bool is_between(NamedGroup group, NamedGroup first, NamedGroup last)
{
    return group >= first && group <= last;
}

} // namespace

std::string name(NamedGroup group)
{
    const auto known = name_in(kNames, group);
    return known.empty() ? hexadecimal(static_cast<std::uint16_t>(group)) : std::string(known);
}

std::optional<NamedGroup> find_named_group(std::string_view name)
{
    const auto group = find_in(kNames, name);
    return group ? group : find_in(kAliases, name);
}

std::vector<std::string> all_named_group_names()
{
    return names_in(kNames);
}

bool is_elliptic_curve(NamedGroup group)
{
    return is_between(group, NamedGroup::sect163k1, NamedGroup::curveSM2);
}

bool is_ffdhe(NamedGroup group)
{
    // RFC 7919 section 2 sets the codepoints 256 to 511 aside for finite fields; ML-KEM begins at 512.
    return is_between(group, NamedGroup::ffdhe2048, NamedGroup{0x01FF});
}

bool is_post_quantum(NamedGroup group)
{
    return is_between(group, NamedGroup::MLKEM512, NamedGroup::MLKEM1024) ||
           is_between(group, NamedGroup::SecP256r1MLKEM768, NamedGroup::curveSM2MLKEM768) ||
           group == NamedGroup::X25519Kyber768Draft00 || group == NamedGroup::SecP256r1Kyber768Draft00;
}

} // namespace alert40
