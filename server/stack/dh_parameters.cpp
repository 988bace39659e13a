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

} // namespace alert40
