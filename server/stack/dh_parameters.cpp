// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/stack/dh_parameters.h"

namespace alert40 {
namespace {

struct Prime {
    unsigned bits;
    std::string_view hexadecimal;
};

// Safe primes, all with the generator 2.
constexpr Prime kPrimes[] = {
    {512, "e3ead6ec8e2d809ea85b09cac2afb156fbf3594d3f6d3b0d6c14fd9b9decf58c4a69a9700790ecc20404bfd4bbec8612"
          "ae20d2d7595b1ea41909d99407daf39f"},
    {1024, // RFC 2409, section 6.2: the second Oakley group
     "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd"
     "ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed"
     "ee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381ffffffffffffffff"},
    {2048, // RFC 7919, appendix A.1: ffdhe2048
     "ffffffffffffffffadf85458a2bb4a9aafdc5620273d3cf1d8b9c583ce2d3695a9e13641146433fbcc939dce249b3ef9"
     "7d2fe363630c75d8f681b202aec4617ad3df1ed5d5fd65612433f51f5f066ed0856365553ded1af3b557135e7f57c935"
     "984f0c70e0e68b77e2a689daf3efe8721df158a136ade73530acca4f483a797abc0ab182b324fb61d108a94bb2c8e3fb"
     "b96adab760d7f4681d4f42a3de394df4ae56ede76372bb190b07a7c8ee0a6d709e02fce1cdf7e2ecc03404cd28342f61"
     "9172fe9ce98583ff8e4f1232eef28183c3fe3b1b4c6fad733bb5fcbc2ec22005c58ef1837d1683b2c6f34a26c1b2effa"
     "886b423861285c97ffffffffffffffff"},
};

/// RFC 7919, appendix A.2 and A.3.
constexpr std::string_view kFfdhe3072 =
    "ffffffffffffffffadf85458a2bb4a9aafdc5620273d3cf1d8b9c583ce2d3695a9e13641146433fbcc939dce249b3ef9"
    "7d2fe363630c75d8f681b202aec4617ad3df1ed5d5fd65612433f51f5f066ed0856365553ded1af3b557135e7f57c935"
    "984f0c70e0e68b77e2a689daf3efe8721df158a136ade73530acca4f483a797abc0ab182b324fb61d108a94bb2c8e3fb"
    "b96adab760d7f4681d4f42a3de394df4ae56ede76372bb190b07a7c8ee0a6d709e02fce1cdf7e2ecc03404cd28342f61"
    "9172fe9ce98583ff8e4f1232eef28183c3fe3b1b4c6fad733bb5fcbc2ec22005c58ef1837d1683b2c6f34a26c1b2effa"
    "886b4238611fcfdcde355b3b6519035bbc34f4def99c023861b46fc9d6e6c9077ad91d2691f7f7ee598cb0fac186d91c"
    "aefe130985139270b4130c93bc437944f4fd4452e2d74dd364f2e21e71f54bff5cae82ab9c9df69ee86d2bc522363a0d"
    "abc521979b0deada1dbf9a42d5c4484e0abcd06bfa53ddef3c1b20ee3fd59d7c25e41d2b66c62e37ffffffffffffffff";
constexpr std::string_view kFfdhe4096 =
    "ffffffffffffffffadf85458a2bb4a9aafdc5620273d3cf1d8b9c583ce2d3695a9e13641146433fbcc939dce249b3ef9"
    "7d2fe363630c75d8f681b202aec4617ad3df1ed5d5fd65612433f51f5f066ed0856365553ded1af3b557135e7f57c935"
    "984f0c70e0e68b77e2a689daf3efe8721df158a136ade73530acca4f483a797abc0ab182b324fb61d108a94bb2c8e3fb"
    "b96adab760d7f4681d4f42a3de394df4ae56ede76372bb190b07a7c8ee0a6d709e02fce1cdf7e2ecc03404cd28342f61"
    "9172fe9ce98583ff8e4f1232eef28183c3fe3b1b4c6fad733bb5fcbc2ec22005c58ef1837d1683b2c6f34a26c1b2effa"
    "886b4238611fcfdcde355b3b6519035bbc34f4def99c023861b46fc9d6e6c9077ad91d2691f7f7ee598cb0fac186d91c"
    "aefe130985139270b4130c93bc437944f4fd4452e2d74dd364f2e21e71f54bff5cae82ab9c9df69ee86d2bc522363a0d"
    "abc521979b0deada1dbf9a42d5c4484e0abcd06bfa53ddef3c1b20ee3fd59d7c25e41d2b669e1ef16e6f52c3164df4fb"
    "7930e9e4e58857b6ac7d5f42d69f6d187763cf1d5503400487f55ba57e31cc7a7135c886efb4318aed6a1e012d9e6832"
    "a907600a918130c46dc778f971ad0038092999a333cb8b7a1a1db93d7140003c2a4ecea9f98d0acc0a8291cdcec97dcf"
    "8ec9b55a7f88a46b4db5a851f44182e1c68a007e5e655f6affffffffffffffff";

std::uint8_t digit(char character)
{
    return static_cast<std::uint8_t>(character <= '9' ? character - '0' : character - 'a' + 10);
}

Bytes from_hex(std::string_view text)
{
    Bytes bytes;
    for (std::size_t at = 0; at + 1 < text.size(); at += 2)
        bytes.push_back(static_cast<std::uint8_t>(digit(text[at]) << 4 | digit(text[at + 1])));
    return bytes;
}

} // namespace

std::optional<DhParameters> dh_parameters(unsigned bits)
{
    for (const auto& prime : kPrimes)
        if (prime.bits == bits) return DhParameters{from_hex(prime.hexadecimal), {2}};
    return std::nullopt;
}

std::optional<DhParameters> dh_parameters(NamedGroup group)
{
    if (group == NamedGroup::ffdhe2048) return dh_parameters(2048U);
    if (group == NamedGroup::ffdhe3072) return DhParameters{from_hex(kFfdhe3072), {2}};
    if (group == NamedGroup::ffdhe4096) return DhParameters{from_hex(kFfdhe4096), {2}};
    return std::nullopt;
}

} // namespace alert40
