// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/store.h"

#include "certs/certificate.h"
#include "certs/state_files.h"

#include <cstdlib>
#include <stdexcept>
#include <sys/stat.h>

namespace alert40 {

namespace {

constexpr unsigned kSecret = S_IRUSR | S_IWUSR;
constexpr unsigned kPublic = kSecret | S_IRGRP | S_IROTH;
// A leaf lasts 7 days, and a client whose clock is 10 days ahead finds it alone expired.
constexpr std::chrono::days kRenewBeforeEnd{14};
// Raised whenever authorities are made otherwise than before: those of an older alert40 fail in clients for reasons
// that no scenario has. 2: only the root has name constraints (rustls 0.20 was seen to refuse intermediates that have
// them).
constexpr std::string_view kGeneration = "2\n";
constexpr std::string_view kCertificate = "CERTIFICATE"; // RFC 7468, section 5.1
constexpr std::string_view kCrl = "X509 CRL";            // RFC 7468, section 6

std::optional<PrivateKey> load_key(const std::filesystem::path& path, KeyType type)
{
    const std::optional<std::string> text = files::read(path, true);
    const std::optional<Bytes> der = text ? from_pem(private_pem_label(type), *text) : std::nullopt;
    if (!der) return std::nullopt;
    try {
        const PrivateKey key = PrivateKey::from_der(type, *der);
        // A damaged file may still read as a key: one whose halves do not belong together.
        const Bytes message = random_bytes(32);
        const Bytes signature = key.sign(HashAlgorithm::sha256, message);
        if (verify_signature(key.public_key_info(), HashAlgorithm::sha256, message, signature)) return key;
    } catch (const std::runtime_error&) {
    }
    return std::nullopt; // made anew by the caller
}

std::optional<Bytes> load_public(const std::filesystem::path& path, std::string_view label)
{
    const std::optional<std::string> text = files::read(path, false);
    return text ? from_pem(label, *text) : std::nullopt;
}

bool covers(const Certificate& certificate, std::chrono::system_clock::time_point now)
{
    return certificate.not_before <= now && certificate.not_after - kRenewBeforeEnd > now;
}

bool is_authority(const Certificate& certificate)
{
    return certificate.basic_constraints && certificate.basic_constraints->is_ca;
}

bool is_issued_by(const Authority& authority, const Certificate& root, std::chrono::system_clock::time_point now)
{
    const Certificate certificate = parse_certificate(authority.certificate);
    return is_authority(certificate) && covers(certificate, now) && is_signed_by(certificate, root) &&
           certificate.public_key_info == authority.key.public_key_info();
}

bool is_usable(const Authorities& all, std::chrono::system_clock::time_point now)
{
    try {
        const Certificate root = parse_certificate(all.root);
        return is_authority(root) && covers(root, now) && is_self_signed(root) &&
               is_issued_by(all.intermediate, root, now) && is_issued_by(all.upper, root, now);
    } catch (const CertificateError&) {
        return false; // made anew by the caller
    }
}

std::optional<Authority> load_authority(const std::filesystem::path& path, const std::string& name)
{
    std::optional<Bytes> certificate = load_public(path / (name + ".pem"), kCertificate);
    std::optional<PrivateKey> key = load_key(path / (name + ".key"), KeyType::ec_p256);
    if (!certificate || !key) return std::nullopt;
    return Authority{std::move(*certificate), std::move(*key)};
}

void save_authority(const Authority& authority, const std::filesystem::path& path, const std::string& name)
{
    files::replace(path / (name + ".key"), authority.key.private_pem(), kSecret);
    files::replace(path / (name + ".pem"), to_pem(kCertificate, authority.certificate), kPublic);
}

std::optional<Authorities> load_authorities(const std::filesystem::path& path,
                                            std::chrono::system_clock::time_point now)
{
    if (files::read(path / "generation", false) != kGeneration) return std::nullopt;
    std::optional<Bytes> root = load_public(path / "root.pem", kCertificate);
    std::optional<Bytes> crl = load_public(path / "root-crl.pem", kCrl);
    std::optional<Authority> intermediate = load_authority(path, "intermediate");
    std::optional<Authority> upper = load_authority(path, "upper");
    if (!root || !crl || !intermediate || !upper) return std::nullopt;
    Authorities all{std::move(*root), std::move(*crl), std::move(*intermediate), std::move(*upper)};
    if (!is_usable(all, now)) return std::nullopt;
    return all;
}

/// The whole of opening: one process at a time finds what is wrong and puts it right.
Authorities open_authorities(const std::filesystem::path& path, std::chrono::system_clock::time_point now)
{
    files::require_private_directory(path);
    const files::Descriptor lock = files::lock(path / "lock");
    files::require_private_directory(path / "keys");
    files::require_private_directory(path / "runs");
    files::remove_leftovers(path);
    files::remove_leftovers(path / "keys");
    reap_run_directories(path / "runs");

    if (std::optional<Authorities> all = load_authorities(path, now)) return std::move(*all);
    Authorities all = make_authorities(now, false);
    // Killed between two of these: the files do not belong together, and the next open makes all of them anew.
    save_authority(all.upper, path, "upper");
    save_authority(all.intermediate, path, "intermediate");
    files::replace(path / "root-crl.pem", to_pem(kCrl, all.root_crl), kPublic);
    files::replace(path / "root.pem", to_pem(kCertificate, all.root), kPublic);
    files::replace(path / "generation", kGeneration, kPublic);
    return all;
}

/// An absolute path from the environment; XDG: "relative paths are invalid and shall be ignored".
std::filesystem::path path_variable(const char* name)
{
    const char* value = std::getenv(name);
    const std::filesystem::path path = value == nullptr ? "" : value;
    return path.is_absolute() ? path : std::filesystem::path();
}

} // namespace

std::filesystem::path StateDirectory::default_path()
{
    const std::filesystem::path state_home = path_variable("XDG_STATE_HOME");
    if (!state_home.empty()) return state_home / "alert40";
    const std::filesystem::path home = path_variable("HOME");
    if (!home.empty()) return home / ".local" / "state" / "alert40";
    throw std::runtime_error("no state directory: neither XDG_STATE_HOME nor HOME is set; name one");
}

StateDirectory::StateDirectory(const std::filesystem::path& path, TimePoint now)
    : StateDirectory(std::filesystem::absolute(path), open_authorities(std::filesystem::absolute(path), now),
                     make_authorities(now, true))
{
}

StateDirectory::StateDirectory(std::filesystem::path path, Authorities own, Authorities stranger)
    : path_(std::move(path)),
      root_(std::move(own.root)),
      root_crl_(std::move(own.root_crl)),
      intermediate_(std::move(own.intermediate)),
      upper_(std::move(own.upper)),
      stranger_root_(std::move(stranger.root)),
      stranger_intermediate_(std::move(stranger.intermediate))
{
}

PrivateKey StateDirectory::key(KeyType type, bool second)
{
    if (!is_rsa(type)) return PrivateKey::generate(type);
    const std::string file_name = std::string(name(type)) + (second ? "-second.key" : ".key");
    if (const auto known = keys_.find(file_name); known != keys_.end()) return known->second;

    const files::Descriptor lock = files::lock(path_ / "lock");
    const std::filesystem::path path = path_ / "keys" / file_name;
    std::optional<PrivateKey> key = load_key(path, type);
    if (!key) {
        key = PrivateKey::generate(type);
        files::replace(path, key->private_pem(), kSecret);
    }
    return keys_.emplace(file_name, *key).first->second;
}

RunDirectory StateDirectory::make_run_directory() const
{
    const files::Descriptor lock = files::lock(path_ / "lock");
    return create_run_directory(path_ / "runs");
}

} // namespace alert40
