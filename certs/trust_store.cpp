// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/trust_store.h"

#include "certs/algorithms.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace alert40 {
namespace {

constexpr std::size_t kMostPaths = 16;
constexpr std::size_t kMostLinks = 32;
constexpr std::size_t kMostSteps = 2000; // of the search: what a server sends must not make it long

std::string read_file(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    std::stringstream text;
    text << stream.rdbuf();
    if (!stream) throw std::runtime_error(file.string() + " cannot be read");
    return text.str();
}

bool same(const Certificate& one, const Certificate& other)
{
    return one.subject.der == other.subject.der && one.public_key_info == other.public_key_info;
}

/// Names in another string type are the same name to most libraries.
bool names_issuer(const Certificate& certificate, const Certificate& issuer)
{
    return certificate.issuer.der == issuer.subject.der ||
           (!issuer.subject.text.empty() && certificate.issuer.text == issuer.subject.text);
}

class Search {
public:
    Search(const std::vector<Certificate>& sent, const TrustStore& trust) : sent_(sent), trust_(trust) {}

    std::vector<TrustPath> paths()
    {
        way_.push_back(&sent_.front());
        climb();
        std::stable_sort(found_.begin(), found_.end(),
                         [](const auto& a, const auto& b) { return a.links.size() < b.links.size(); });
        if (found_.empty()) found_.push_back({longest_, false});
        return found_;
    }

private:
    void climb()
    {
        if (found_.size() >= kMostPaths || way_.size() > kMostLinks || ++steps_ > kMostSteps) return;
        if (way_.size() > longest_.size()) longest_ = way_;
        const Certificate& last = *way_.back();
        for (const auto& anchor : trust_.anchors) {
            const bool is_it = same(last, anchor);
            if (!is_it && !(names_issuer(last, anchor) && made_signature(last, anchor).value_or(true))) continue;
            auto links = way_;
            if (!is_it) links.push_back(&anchor);
            found_.push_back({std::move(links), true});
            if (is_it) return;
        }
        for (const auto& each : sent_) {
            const bool used =
                std::any_of(way_.begin(), way_.end(), [&](const auto* link) { return same(*link, each); });
            if (used || !names_issuer(last, each) || !made_signature(last, each).value_or(true)) continue;
            way_.push_back(&each);
            climb();
            way_.pop_back();
        }
    }

    const std::vector<Certificate>& sent_;
    const TrustStore& trust_;
    std::vector<const Certificate*> way_;
    std::vector<const Certificate*> longest_;
    std::vector<TrustPath> found_;
    std::size_t steps_ = 0;
};

bool can_verify_with(const Certificate& issuer)
{
    constexpr unsigned kMostRsaBits = 4096;
    constexpr std::array<std::string_view, 4> kCurves = {"1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35",
                                                         "1.3.132.0.10"};
    if (issuer.public_key_algorithm == oid::kRsaEncryption) return issuer.public_key_bits <= kMostRsaBits;
    if (issuer.public_key_algorithm == oid::kEcPublicKey)
        return std::find(kCurves.begin(), kCurves.end(), issuer.public_key_curve) != kCurves.end();
    return issuer.public_key_algorithm == oid::kEd25519 || issuer.public_key_algorithm == oid::kEd448;
}

} // namespace

std::vector<Bytes> certificates_in_pem(std::string_view text)
{
    constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
    constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
    std::vector<Bytes> all;
    for (auto at = text.find(kBegin); at != std::string_view::npos; at = text.find(kBegin, at + 1)) {
        const auto end = text.find(kEnd, at);
        if (end == std::string_view::npos) break;
        if (auto der = from_pem("CERTIFICATE", text.substr(at, end + kEnd.size() - at))) all.push_back(*std::move(der));
    }
    return all;
}

TrustStore read_trust_store(const std::filesystem::path& file)
{
    const std::string text = read_file(file);
    auto all = certificates_in_pem(text);
    const bool is_der = all.empty() && !text.empty() && text.front() == '\x30';
    if (is_der) all.push_back(to_bytes(text));
    TrustStore store;
    store.source = file.string();
    std::string why;
    for (const auto& der : all) {
        try {
            store.anchors.push_back(parse_certificate(der));
        } catch (const CertificateError& error) {
            ++store.unread;
            why = error.what();
        }
    }
    if (!store.anchors.empty()) return store;
    if (all.empty())
        throw std::runtime_error(
            store.source + " holds no certificate: PEM text with BEGIN CERTIFICATE, or one DER certificate, is wanted");
    throw std::runtime_error(store.source + " holds no certificate that can be read: " + why);
}

TrustStore system_trust_store()
{
    std::vector<std::filesystem::path> places;
    if (const char* set = std::getenv("SSL_CERT_FILE"); set != nullptr && *set != '\0') places.emplace_back(set);
    for (const auto* each : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                             "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem", "/usr/local/share/certs/ca-root-nss.crt"})
        places.emplace_back(each);
    for (const auto& place : places) {
        std::error_code unreadable;
        if (std::filesystem::is_regular_file(place, unreadable)) return read_trust_store(place);
    }
    return {};
}

std::optional<bool> made_signature(const Certificate& certificate, const Certificate& issuer)
{
    const auto hash = signature_hash(certificate.signature_algorithm);
    if (!hash || !can_verify_with(issuer)) return std::nullopt;
    return verify_signature(issuer.public_key_info, *hash, certificate.tbs, certificate.signature);
}

std::vector<TrustPath> trust_paths(const std::vector<Certificate>& sent, const TrustStore& trust)
{
    if (sent.empty()) return {};
    return Search(sent, trust).paths();
}

} // namespace alert40
