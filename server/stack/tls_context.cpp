// SPDX-License-Identifier: GPL-2.0-or-later
// wolfssl/options.h comes before every other header of the library: it says how that was built.
#include <wolfssl/options.h>

#include <wolfssl/error-ssl.h>
#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/ecc.h>

#ifdef ALERT40_WOLFSSL_FROM_SOURCE
#include "certs/wolfssl/staple.h"
#endif
#include "server/stack/callbacks.h"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <fmt/format.h>
#include <set>
#include <stdexcept>

namespace alert40 {
namespace {

/// wolfSSL asks the processor before most of what is not in every x86-64; its AES file is compiled for AES-NI.
void check_processor()
{
#ifdef ALERT40_WOLFSSL_ASM
    if (__builtin_cpu_supports("aes") && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("ssse3") &&
        __builtin_cpu_supports("sse4.1"))
        return;
    throw std::runtime_error("this processor lacks AES-NI, PCLMULQDQ, SSSE3 or SSE 4.1, which wolfSSL was built for: "
                             "configure with -DALERT40_WOLFSSL_ASM=OFF");
#endif
}

void initialise_library()
{
    static const int result = [] {
        check_processor();
        return wolfSSL_Init();
    }();
    if (result != WOLFSSL_SUCCESS) throw std::runtime_error(fmt::format("wolfSSL_Init failed ({})", result));
}

[[noreturn]] void refuse(std::string_view what, int code)
{
    throw std::runtime_error(fmt::format("the TLS stack refuses {} ({})", what, code));
}

void check(int result, std::string_view what)
{
    if (result != WOLFSSL_SUCCESS) refuse(what, result);
}

bool has(const std::vector<ProtocolVersion>& versions, ProtocolVersion version)
{
    return std::find(versions.begin(), versions.end(), version) != versions.end();
}

WOLFSSL_METHOD* method_for(const std::vector<ProtocolVersion>& versions, bool server)
{
    if (versions == std::vector{ProtocolVersion::tls13})
        return server ? wolfTLSv1_3_server_method() : wolfTLSv1_3_client_method();
    // A server's list of groups needs a context that could speak TLS 1.3 (set_versions switches that off). Without the
    // list wolfSSL serves its own ffdhe2048 in place of our DHE parameters to every client that offers that group.
    if (server || versions.size() != 1) return server ? wolfSSLv23_server_method() : wolfSSLv23_client_method();
    if (versions.front() == ProtocolVersion::tls12) return wolfTLSv1_2_client_method();
    if (versions.front() == ProtocolVersion::tls11) return wolfTLSv1_1_client_method();
#ifdef WOLFSSL_ALLOW_TLSV10
    if (versions.front() == ProtocolVersion::tls10) return wolfTLSv1_client_method();
#endif
#ifdef WOLFSSL_ALLOW_SSLV3
    if (versions.front() == ProtocolVersion::ssl30) return wolfSSLv3_client_method();
#endif
    throw std::runtime_error(fmt::format("the TLS stack does not speak {}", display_name(versions.front())));
}

WOLFSSL_CTX* new_context(const std::vector<ProtocolVersion>& versions, bool server)
{
    initialise_library();
    WOLFSSL_CTX* context = wolfSSL_CTX_new(method_for(versions, server));
    if (context == nullptr) throw std::runtime_error("wolfSSL_CTX_new failed: out of memory");
    return context;
}

/// wolfSSL's number of the version for its "least version", and the option that switches it off.
struct VersionSwitch {
    ProtocolVersion version;
    int least;
    long off;
};
constexpr VersionSwitch kVersionSwitches[] = {
    {ProtocolVersion::ssl30, WOLFSSL_SSLV3, WOLFSSL_OP_NO_SSLv3},
    {ProtocolVersion::tls10, WOLFSSL_TLSV1, WOLFSSL_OP_NO_TLSv1},
    {ProtocolVersion::tls11, WOLFSSL_TLSV1_1, WOLFSSL_OP_NO_TLSv1_1},
    {ProtocolVersion::tls12, WOLFSSL_TLSV1_2, WOLFSSL_OP_NO_TLSv1_2},
    {ProtocolVersion::tls13, WOLFSSL_TLSV1_3, WOLFSSL_OP_NO_TLSv1_3},
};

void set_versions(WOLFSSL_CTX* context, const std::vector<ProtocolVersion>& versions)
{
    if (versions.empty() || versions == std::vector{ProtocolVersion::tls13})
        return; // the library's defaults; the method
    const auto [least, most] = std::minmax_element(versions.begin(), versions.end());
    for (const auto& each : kVersionSwitches) {
        if (each.version == *least)
            check(wolfSSL_CTX_SetMinVersion(context, each.least),
                  fmt::format("{} as the least version", display_name(each.version)));
        if (each.version > *most) wolfSSL_CTX_set_options(context, each.off);
    }
}

void set_cipher_suites(WOLFSSL_CTX* context, const std::vector<CipherSuite>& suites)
{
    if (suites.empty()) return;
    Bytes wire;
    for (const auto suite : suites) {
        wire.push_back(static_cast<std::uint8_t>(static_cast<std::uint16_t>(suite) >> 8));
        wire.push_back(static_cast<std::uint8_t>(suite));
    }
    check(wolfSSL_CTX_set_cipher_list_bytes(context, wire.data(), static_cast<int>(wire.size())), "the cipher suites");
}

/// What a client offers that names nothing. The library's own list follows what it was compiled with, and from source
/// that is RC4, 3DES, NULL and Camellia as well, which no client of today offers unasked.
std::vector<CipherSuite> usual_client_suites()
{
    const auto is_usual = [](const CipherSuiteInfo& suite) {
        const bool known = suite.iana_name.find("AES") != std::string_view::npos ||
                           suite.iana_name.find("CHACHA20") != std::string_view::npos;
        const bool proves = suite.authentication == Authentication::rsa ||
                            suite.authentication == Authentication::ecdsa ||
                            suite.authentication == Authentication::any;
        return known && proves && suite.iana_name.find("CCM") == std::string_view::npos && stack_serves(suite.value);
    };
    const auto rank = [](const CipherSuiteInfo& suite) {
        const bool aead = suite.bulk == BulkKind::aead;
        if (suite.key_exchange == KeyExchange::any) return 0;
        if (suite.key_exchange == KeyExchange::ecdhe) return aead ? 1 : 3;
        if (suite.key_exchange == KeyExchange::dhe) return aead ? 2 : 4;
        return 5;
    };
    std::vector<CipherSuiteInfo> usual;
    std::ranges::copy_if(all_cipher_suites(), std::back_inserter(usual), is_usual);
    std::ranges::stable_sort(usual, {}, rank);
    std::vector<CipherSuite> suites;
    for (const auto& suite : usual) suites.push_back(suite.value);
    return suites;
}

void set_groups(WOLFSSL_CTX* context, const std::vector<NamedGroup>& groups, bool tls13)
{
    if (groups.empty()) return;
    std::vector<int> wire;
    for (const auto group : groups) wire.push_back(static_cast<int>(group));
    // For a context of TLS 1.2 alone wolfSSL 5.5.4 has no list of groups: each one is added to the extension instead.
    if (tls13) return check(wolfSSL_CTX_set_groups(context, wire.data(), static_cast<int>(wire.size())), "the groups");
    for (const auto group : groups)
        check(wolfSSL_CTX_UseSupportedCurve(context, static_cast<word16>(group)),
              fmt::format("the group {}", name(group)));
}

/// As wolfSSL_CTX_set1_curves_list() takes it; empty for a group that it does not know by itself.
std::string_view curve_name(NamedGroup group)
{
    constexpr std::pair<NamedGroup, std::string_view> kNames[] = {{NamedGroup::x25519, "X25519"},
                                                                  {NamedGroup::x448, "X448"},
                                                                  {NamedGroup::secp256r1, "P-256"},
                                                                  {NamedGroup::secp384r1, "P-384"},
                                                                  {NamedGroup::secp521r1, "P-521"}};
    for (const auto& [each, text] : kNames)
        if (each == group) return text;
    return {};
}

/// Up to TLS 1.2 wolfSSL takes of the client's list the curve whose size it prefers, 32 octets, whatever list the
/// server has (5.5.4, src/tls.c, TLSX_ValidateSupportedCurves): where the group is agreed, the others are switched off.
/// secp256k1 and brainpoolP256r1 cannot be named so: a client that lists x25519 or secp256r1 too gets one of these.
void insist_on_group(WOLFSSL_CTX* context, const TlsServerConfig& config)
{
    if (config.groups.size() != 1 || config.cipher_suites.size() != 1) return;
    const auto* suite = find_cipher_suite(config.cipher_suites.front());
    const auto curve = curve_name(config.groups.front());
    if (suite == nullptr || suite->key_exchange != KeyExchange::ecdhe || curve.empty()) return;
    check(wolfSSL_CTX_set1_curves_list(context, std::string(curve).c_str()), fmt::format("{} alone", curve));
}

void set_chain(WOLFSSL_CTX* context, const std::string& chain, ByteView key, int key_format)
{
    check(wolfSSL_CTX_use_certificate_chain_buffer(context, reinterpret_cast<const unsigned char*>(chain.data()),
                                                   static_cast<long>(chain.size())),
          "the certificate chain");
    check(wolfSSL_CTX_use_PrivateKey_buffer(context, key.data(), static_cast<long>(key.size()), key_format),
          "the private key");
}

/// As wolfSSL_CTX_set1_sigalgs_list() takes it: OpenSSL's KEY+HASH, and RSA-PSS+HASH for the rsa_pss_rsae schemes.
std::string sigalgs_name(const SignatureSchemeInfo& scheme)
{
    std::string hash(scheme.hash);
    std::transform(hash.begin(), hash.end(), hash.begin(), [](unsigned char letter) { return std::toupper(letter); });
    if (scheme.name.starts_with("rsa_pss")) return "RSA-PSS+" + hash;
    if (scheme.key == SignatureKey::ecdsa) return "ECDSA+" + hash;
    if (scheme.key == SignatureKey::rsa) return "RSA+" + hash;
    return scheme.key == SignatureKey::ed25519 ? "ED25519" : "ED448";
}

void set_signature_schemes(WOLFSSL_CTX* context, const std::vector<SignatureScheme>& schemes)
{
    if (schemes.empty()) return;
    std::string list;
    for (const auto scheme : schemes) {
        const auto* info = find_signature_scheme_info(scheme);
        if (info == nullptr) refuse(fmt::format("the scheme {}", name(scheme)), 0);
        list += (list.empty() ? "" : ":") + sigalgs_name(*info);
    }
    check(wolfSSL_CTX_set1_sigalgs_list(context, list.c_str()), fmt::format("the signature schemes {}", list));
}

/// The server's first preference among what the client lists. Where nothing is shared wolfSSL goes on to the list that
/// the session got with wolfSSL_UseALPN(), and refuses.
int select_protocol(WOLFSSL*, const unsigned char** selected, unsigned char* selected_length,
                    const unsigned char* offered, unsigned int offered_length, void* argument)
{
    const auto& config = *static_cast<const TlsServerConfig*>(argument);
    for (const auto& protocol : config.alpn) {
        for (unsigned at = 0; at < offered_length; at += 1u + offered[at]) { // wolfSSL has checked the lengths
            const std::string_view each(reinterpret_cast<const char*>(offered) + at + 1, offered[at]);
            if (each != protocol) continue;
            *selected = offered + at + 1;
            *selected_length = offered[at];
            return 0; // SSL_TLSEXT_ERR_OK
        }
    }
    return 3; // SSL_TLSEXT_ERR_NOACK
}

void set_tickets(WOLFSSL_CTX* context, const std::optional<TicketKey>& key)
{
    if (!key) {
        check(wolfSSL_CTX_NoTicketTLSv12(context), "no tickets in TLS 1.2");
        if (const int result = wolfSSL_CTX_no_ticket_TLSv13(context)) refuse("no tickets in TLS 1.3", result);
        return;
    }
    // wolfSSL's own layout: a name of 16 octets whose last bit tells which of two keys it is, the keys, their ends of
    // life as seconds since 1970 (src/ssl.c, wolfSSL_CTX_set_tlsext_ticket_keys).
    constexpr std::uint8_t kNever[] = {0xff, 0xff, 0xff, 0xff};
    Bytes keys = hash(HashAlgorithm::sha256, *key);
    keys.resize(16);
    keys.back() &= 0xfe;
    append(keys, *key);
    append(keys, hash(HashAlgorithm::sha256, keys));
    append(keys, kNever);
    append(keys, kNever);
    check(static_cast<int>(wolfSSL_CTX_set_tlsext_ticket_keys(context, keys.data(), static_cast<int>(keys.size()))),
          "the ticket key");
}

#ifdef ALERT40_WOLFSSL_FROM_SOURCE
constexpr int kConfigIndex = 0; // of a context's extra data

int give_staple(WOLFSSL* session, void*)
{
    void* config = wolfSSL_CTX_get_ex_data(wolfSSL_get_SSL_CTX(session), kConfigIndex);
    Bytes& staple = *static_cast<TlsServerConfig*>(config)->staple; // stays ours, and outlives the session
    wolfSSL_set_tlsext_status_ocsp_resp(session, staple.data(), static_cast<int>(staple.size()));
    return 0; // SSL_TLSEXT_ERR_OK
}

void set_staple(WOLFSSL_CTX* context, TlsServerConfig& config)
{
    check(wolfSSL_CTX_set_ex_data(context, kConfigIndex, &config), "the staple");
    check(alert40_wolfssl_staple(context, give_staple), "the staple");
}
#else
void set_staple(WOLFSSL_CTX*, TlsServerConfig&)
{
    throw std::runtime_error("the system's wolfSSL staples no OCSP response that it has not verified itself: configure "
                             "with -DALERT40_WOLFSSL=source");
}
#endif

void load_anchors(WOLFSSL_CTX* context, const std::vector<Bytes>& anchors)
{
    for (const auto& anchor : anchors)
        check(wolfSSL_CTX_load_verify_buffer(context, anchor.data(), static_cast<long>(anchor.size()),
                                             WOLFSSL_FILETYPE_ASN1),
              "a trust anchor");
}

std::set<std::uint16_t> read_served_suites()
{
    initialise_library();
    std::vector<char> names(8192);
    if (wolfSSL_get_ciphers(names.data(), static_cast<int>(names.size())) != WOLFSSL_SUCCESS) return {};
    std::set<std::uint16_t> suites;
    char* rest = nullptr;
    for (char* each = strtok_r(names.data(), ":", &rest); each != nullptr; each = strtok_r(nullptr, ":", &rest)) {
        byte first = 0;
        byte second = 0;
        int flags = 0;
        if (wolfSSL_get_cipher_suite_from_name(each, &first, &second, &flags) == 0)
            suites.insert(static_cast<std::uint16_t>(first << 8 | second));
    }
    return suites;
}

/// One PEM text with several CRLs: wolfSSL reads the first of a buffer.
void set_crls(WOLFSSL_CTX* context, const std::string& pem)
{
    if (pem.empty()) return;
    check(wolfSSL_CTX_EnableCRL(context, WOLFSSL_CRL_CHECK), "the check against a CRL");
    constexpr std::string_view kBegin = "-----BEGIN X509 CRL-----";
    for (auto at = pem.find(kBegin); at != std::string::npos; at = pem.find(kBegin, at + 1)) {
        const auto one = pem.substr(at);
        check(wolfSSL_CTX_LoadCRLBuffer(context, reinterpret_cast<const unsigned char*>(one.data()),
                                        static_cast<long>(one.size()), WOLFSSL_FILETYPE_PEM),
              "a CRL");
    }
}

std::time_t clock_offset = 0; // seconds

std::time_t wrong_time(std::time_t* result)
{
    const std::time_t now = std::time(nullptr) + clock_offset;
    if (result != nullptr) *result = now;
    return now;
}

} // namespace

std::shared_ptr<TlsContext> TlsContext::server(const TlsServerConfig& config)
{
    std::shared_ptr<TlsContext> result(new TlsContext(new_context(config.versions, true)));
    WOLFSSL_CTX* context = result->native();
    install_callbacks(context);
    set_groups(context, config.groups, true);
    insist_on_group(context, config);
    set_versions(context, config.versions);
    set_cipher_suites(context, config.cipher_suites);
    if (config.chain)
        set_chain(context, chain_pem(*config.chain), config.chain->key.private_der(), WOLFSSL_FILETYPE_ASN1);
    // The size is the scenario's business: 512 bits is the least that wolfSSL can be asked for. The parameters
    // themselves are set per session: for a context wolfSSL tests the prime first, for 100 ms and more.
    if (config.dh) check(wolfSSL_CTX_SetMinDhKey_Sz(context, 512), "the least size of DH parameters");
    set_signature_schemes(context, config.signature_schemes);
    set_tickets(context, config.ticket_key);
    load_anchors(context, config.client_anchors);
    int verify = WOLFSSL_VERIFY_NONE;
    if (config.client_certificate == PeerCertificate::optional) verify = WOLFSSL_VERIFY_PEER;
    if (config.client_certificate == PeerCertificate::required)
        verify = WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    wolfSSL_CTX_set_verify(context, verify, config.takes_any_certificate ? note_peer_fault : nullptr);
    wolfSSL_CTX_set_session_cache_mode(context, WOLFSSL_SESS_CACHE_OFF);
    auto& kept = result->server_config_.emplace(config);
    kept.chain.reset();
    kept.client_anchors.clear();
    if (kept.staple) set_staple(context, kept);
    if (!kept.alpn.empty()) wolfSSL_CTX_set_alpn_select_cb(context, select_protocol, &kept);
    return result;
}

std::shared_ptr<TlsContext> TlsContext::client(const TlsClientConfig& config)
{
    std::shared_ptr<TlsContext> result(new TlsContext(new_context(config.versions, false)));
    WOLFSSL_CTX* context = result->native();
    install_callbacks(context);
    set_versions(context, config.versions);
    const bool unnamed = config.cipher_suites.empty() && stack_is_from_source();
    set_cipher_suites(context, unnamed ? usual_client_suites() : config.cipher_suites);
    const bool tls13 = config.versions.empty() || has(config.versions, ProtocolVersion::tls13);
    set_groups(context, config.groups, tls13);
    set_signature_schemes(context, config.signature_schemes);
    if (config.verifies)
        check(wolfSSL_CTX_load_verify_buffer(context, reinterpret_cast<const unsigned char*>(config.anchors_pem.data()),
                                             static_cast<long>(config.anchors_pem.size()), WOLFSSL_FILETYPE_PEM),
              "the trust anchors");
    wolfSSL_CTX_set_verify(context, config.verifies ? WOLFSSL_VERIFY_PEER : WOLFSSL_VERIFY_NONE, nullptr);
    if (config.staple_required) {
        check(wolfSSL_CTX_EnableOCSPStapling(context), "OCSP stapling");
        check(wolfSSL_CTX_EnableOCSPMustStaple(context), "a staple that has to come");
    }
    set_crls(context, config.crls_pem);
    if (!config.extended_master_secret) wolfSSL_CTX_DisableExtendedMasterSecret(context);
    if (config.chain_pem) set_chain(context, *config.chain_pem, to_bytes(config.key_pem), WOLFSSL_FILETYPE_PEM);
    result->client_config_ = config;
    return result;
}

TlsContext::~TlsContext()
{
    wolfSSL_CTX_free(context_);
}

bool stack_serves(CipherSuite suite)
{
    static const std::set<std::uint16_t> served = read_served_suites();
    return served.contains(static_cast<std::uint16_t>(suite));
}

bool stack_serves(ProtocolVersion version)
{
#ifndef WOLFSSL_ALLOW_SSLV3
    if (version == ProtocolVersion::ssl30) return false;
#endif
#ifndef WOLFSSL_ALLOW_TLSV10
    if (version == ProtocolVersion::tls10) return false;
#endif
    return is_known(version);
}

bool stack_serves(NamedGroup group, ProtocolVersion version)
{
    const std::vector<NamedGroup> both{NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1,
                                       NamedGroup::secp521r1, NamedGroup::x448};
    if (std::find(both.begin(), both.end(), group) != both.end()) return true;
    if (version == ProtocolVersion::tls13) return group == NamedGroup::ffdhe2048 || group == NamedGroup::ffdhe3072;
    return group == NamedGroup::brainpoolP256r1 || group == NamedGroup::secp256k1;
}

bool stack_is_from_source()
{
#ifdef ALERT40_WOLFSSL_FROM_SOURCE
    return true;
#else
    return false;
#endif
}

void leave_stack_thread()
{
    wc_ecc_fp_free();
}

void set_stack_clock(std::chrono::seconds offset)
{
    clock_offset = offset.count();
    wc_SetTimeCb(wrong_time);
}

std::string stack_version()
{
    return fmt::format("wolfSSL {}{}", wolfSSL_lib_version(), stack_is_from_source() ? "-source" : "");
}

} // namespace alert40
