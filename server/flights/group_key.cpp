// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/flights/group_key.h"

#include "certs/finite_field.h"
#include "server/stack/dh_parameters.h"

#include <algorithm>

namespace alert40 {
namespace {

constexpr std::size_t kExponentLength =
    32; // octets; RFC 7919, section 5.2: 225 bits or more for ffdhe2048, 275 for 4096
constexpr std::size_t kMostPrimeLength = 512;

Bytes without_zeros(ByteView number)
{
    const auto start = std::find_if(number.begin(), number.end(), [](std::uint8_t octet) { return octet != 0; });
    return Bytes(start, number.end());
}

Bytes padded(const Bytes& number, std::size_t length)
{
    Bytes result(length - std::min(length, number.size()), 0);
    append(result, number);
    return result;
}

} // namespace

bool GroupKey::knows(NamedGroup group)
{
    return ecdh_group(group).has_value() || dh_parameters(group).has_value();
}

std::optional<GroupKey> GroupKey::generate(NamedGroup group)
{
    if (const auto curve = ecdh_group(group)) return GroupKey(group, EphemeralKey::generate(*curve));
    if (const auto field = dh_parameters(group)) return GroupKey(group, DhGroup{field->prime, field->generator});
    return std::nullopt;
}

std::optional<GroupKey> GroupKey::generate(const DhGroup& parameters)
{
    const DhGroup group{without_zeros(parameters.prime), without_zeros(parameters.generator)};
    const bool usable = group.prime.size() >= 8 && group.prime.size() <= kMostPrimeLength &&
                        (group.prime.back() & 1) != 0 && !group.generator.empty() &&
                        group.generator.size() <= group.prime.size();
    if (!usable) return std::nullopt;
    return GroupKey(NamedGroup{}, group);
}

GroupKey::GroupKey(NamedGroup group, const DhGroup& parameters)
    : group_(group),
      parameters_(parameters),
      exponent_(random_bytes(std::min(parameters.prime.size(), kExponentLength + 8)))
{
    public_value_ =
        padded(modular_power(parameters_.generator, exponent_, parameters_.prime), parameters_.prime.size());
}

std::optional<Bytes> GroupKey::agree_tls12(ByteView peer) const
{
    if (curve_key_) return curve_key_->agree(peer);
    const Bytes value = without_zeros(peer);
    const bool trivial = value.empty() || value == Bytes{1};
    if (trivial || value.size() > parameters_.prime.size()) return std::nullopt;
    return modular_power(value, exponent_, parameters_.prime);
}

std::optional<Bytes> GroupKey::agree(ByteView peer) const
{
    auto secret = agree_tls12(peer);
    if (!secret || curve_key_) return secret;
    return padded(*secret, parameters_.prime.size());
}

} // namespace alert40
