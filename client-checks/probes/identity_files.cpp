// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/identity_files.h"

#include "certs/forge.h"
#include "certs/trust_store.h"
#include "client-checks/diagnosis/client_certificate.h"
#include "scenarios/loader/input_error.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <sstream>

namespace alert40 {
namespace {

std::string read_file(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    if (!file) throw InputError(fmt::format("{} cannot be read", path.string()), "a PEM file is wanted");
    return text.str();
}

/// The key, whatever its type.
PrivateKey read_key(const std::string& text, const std::filesystem::path& path)
{
    if (text.find("ENCRYPTED") != std::string::npos)
        throw InputError(fmt::format("the private key in {} has a passphrase", path.string()),
                         fmt::format("openssl pkey -in {} -out plain.key takes it off", path.string()));
    constexpr KeyType kTypes[] = {KeyType::ec_p256,  KeyType::ec_p384,  KeyType::ec_p521,  KeyType::ed25519,
                                  KeyType::ed448,    KeyType::rsa_2048, KeyType::rsa_3072, KeyType::rsa_4096,
                                  KeyType::rsa_1024, KeyType::rsa_512};
    bool found = false;
    for (const auto* label : {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"}) {
        const auto der = from_pem(label, text);
        if (!der) continue;
        found = true;
        for (const auto type : kTypes) {
            try {
                return PrivateKey::from_der(type, *der);
            } catch (const std::runtime_error&) { // another type
            }
        }
    }
    if (!found)
        throw InputError(fmt::format("{} holds no private key", path.string()),
                         "PEM text with BEGIN PRIVATE KEY is wanted; openssl pkcs12 -nodes takes one out of a .p12");
    throw InputError(fmt::format("the private key in {} cannot be used", path.string()),
                     "RSA of 1024, 2048, 3072 or 4096 bits, P-256, P-384, P-521, Ed25519 or Ed448");
}

} // namespace

ClientIdentity read_identity(const std::filesystem::path& chain, const std::filesystem::path& key)
{
    const std::string text = read_file(chain);
    auto certificates = certificates_in_pem(text);
    if (certificates.empty())
        throw InputError(fmt::format("{} holds no certificate", chain.string()),
                         "PEM text with BEGIN CERTIFICATE, the client's own first");
    try {
        parse_certificate(certificates.front());
    } catch (const CertificateError& error) {
        throw InputError(fmt::format("the certificate in {} cannot be read: {}", chain.string(), error.what()));
    }
    return {std::move(certificates), key.empty() ? read_key(text, chain) : read_key(read_file(key), key)};
}

std::vector<IdentityProblem> judge_identity(const ClientIdentity& identity, std::chrono::system_clock::time_point now)
{
    std::vector<IdentityProblem> problems;
    const Certificate own = parse_certificate(identity.chain.front());
    if (!key_belongs_to(identity.key, identity.chain.front()))
        problems.push_back({"client-certificate-key-mismatch",
                            "the private key is not that of the client's certificate, " + own.subject.text});
    if (own.not_after < now)
        problems.push_back(
            {"client-certificate-expired",
             fmt::format("the client's certificate ended {}; here it is {}", utc(own.not_after), utc(now))});
    if (now < own.not_before)
        problems.push_back(
            {"client-certificate-not-yet-valid",
             fmt::format("the client's certificate begins {}; here it is {}", utc(own.not_before), utc(now))});
    if (auto fact = wrong_client_usage(own)) problems.push_back({"client-certificate-wrong-usage", *std::move(fact)});
    return problems;
}

std::optional<bool> is_on_list(const ClientIdentity& identity, const std::vector<Bytes>& authorities)
{
    if (authorities.empty()) return true;
    try {
        for (const auto& der : identity.chain) {
            const auto& issuer = parse_certificate(der).issuer.der;
            if (std::find(authorities.begin(), authorities.end(), issuer) != authorities.end()) return true;
        }
    } catch (const CertificateError&) {
        return std::nullopt;
    }
    return false;
}

} // namespace alert40
