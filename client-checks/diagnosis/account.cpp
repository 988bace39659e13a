// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/account.h"

#include <algorithm>
#include <charconv>

namespace alert40 {
namespace {

constexpr std::size_t kLongestLine = 4096;
constexpr std::size_t kMostCertificates = 32;

bool has(std::string_view line, std::string_view words)
{
    return line.find(words) != std::string_view::npos;
}

/// The number that stands right behind `words`.
std::optional<int> number_after(std::string_view line, std::string_view words)
{
    const auto at = line.find(words);
    if (at == std::string_view::npos) return std::nullopt;
    const auto rest = line.substr(at + words.size());
    int value = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (error != std::errc{} || end == rest.data()) return std::nullopt;
    return value;
}

/// What stands between `begin` and `end`, or empty.
std::string_view between(std::string_view line, std::string_view begin, std::string_view end)
{
    const auto at = line.find(begin);
    if (at == std::string_view::npos) return {};
    const auto rest = line.substr(at + begin.size());
    return rest.substr(0, std::min(rest.find(end), rest.size()));
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
    return text;
}

struct Step {
    std::string_view words;
    Phase phase; // that the connection is in once the words are printed
};

// Each client's words for a message that came or went. Order does not matter: the furthest phase holds.
constexpr Step kSteps[] = {
    // curl -v and s_client -msg: "TLSv1.3 (OUT), TLS handshake, Client hello (1):", "<<< TLS 1.2, Handshake,
    // ServerHello"
    {"TLS handshake, Client hello (1)", Phase::before_server_hello},
    {"TLS handshake, Server hello (2)", Phase::after_server_hello},
    {"TLS handshake, Server finished (14)", Phase::after_server_flight}, // ServerHelloDone, in curl's words
    {"TLS handshake, Client key exchange (16)", Phase::after_server_flight},
    {", ClientHello", Phase::before_server_hello},
    {", ServerHello", Phase::after_server_hello},
    {", ServerHelloDone", Phase::after_server_flight},
    {", ClientKeyExchange", Phase::after_server_flight},
    // s_client -state
    {"write client hello", Phase::before_server_hello},
    {"read server hello", Phase::after_server_hello},
    {"read server done", Phase::after_server_flight},
    {"write client key exchange", Phase::after_server_flight},
    // javax.net.debug
    {"Produced ClientHello handshake message", Phase::before_server_hello},
    {"Consuming ServerHello handshake message", Phase::after_server_hello},
    {"Consuming ServerHelloDone handshake message", Phase::after_server_flight},
    {"Produced client Finished handshake message", Phase::after_client_finished},
    // gnutls-cli -d 4
    {"CLIENT HELLO was queued", Phase::before_server_hello},
    {"SERVER HELLO (2) was received", Phase::after_server_hello},
    {"SERVER HELLO DONE (14) was received", Phase::after_server_flight},
    // gnutls-cli without -d: the chain is printed when the flight was read
    {"- Got a certificate list of ", Phase::after_server_flight},
    // Erlang's states (tls_connection.erl, tls_connection_1_3.erl)
    {"TLS client: In state hello ", Phase::before_server_hello},
    {"TLS client: In state start ", Phase::before_server_hello},
    {"TLS client: In state wait_sh ", Phase::before_server_hello},
    {"TLS client: In state certify ", Phase::after_server_hello},
    {"TLS client: In state wait_ee ", Phase::after_server_hello},
    {"TLS client: In state wait_cert", Phase::after_server_hello},
    {"TLS client: In state abbreviated ", Phase::after_server_hello},
    {"TLS client: In state cipher ", Phase::after_server_flight},
    {"TLS client: In state connection ", Phase::after_client_finished},
    // NSS names the phase with the alert (lib/ssl/ssl3con.c, ssl3_HandleAlert: handshake_failure while it waits for a
    // ServerHello is NO_CYPHER_OVERLAP)
    {"SSL_ERROR_NO_CYPHER_OVERLAP", Phase::before_server_hello},
    {"SSL_ERROR_HANDSHAKE_FAILURE_ALERT", Phase::after_server_flight},
    // OpenSSL 1.0 names the function that read the alert
    {"SSL23_GET_SERVER_HELLO:", Phase::before_server_hello},
    {"SSL3_READ_BYTES:", Phase::after_server_hello},
    // the handshake was over for the client
};

struct Ended {
    std::string_view words;
    bool in_handshake; // else the client took it for done
};

// Words for an end, in or behind the handshake.
constexpr Ended kEnded[] = {
    {"curl: (35) ", true},
    {"curl: (52) ", false},
    {"curl: (56) ", false},
    {", in do_handshake", true},       // Python's ssl
    {", in _read_status", false},      // and http.client
    {"Failed to enable crypto", true}, // PHP
    {"Failed to open stream: HTTP request failed!", false},
    {"SSL connect attempt failed", true}, // Perl
    {"Server closed connection without sending any data back", false},
    {"Unable to establish SSL connection", true}, // wget
    {"Could not save SSL session data", false},
    {"Client network socket disconnected before secure TLS connection", true}, // Node
    {"Remote host terminated the handshake", true},                            // Java
    {"Unexpected end of file from server", false},
    {"while SSL handshaking to upstream", true}, // nginx
    {"while reading response header from upstream", false},
};

void come_to(Account& account, Phase phase)
{
    account.phase = std::max(account.phase.value_or(phase), phase);
}

/// "SSL handshake has read 7 bytes and written 315 bytes": an alert is 7 octets; a ServerHello takes more than twice.
void read_octets(std::string_view line, Account& account)
{
    const auto read = number_after(line, "SSL handshake has read ");
    if (!read) return;
    constexpr int kTwoAlerts = 14;
    come_to(account, *read <= kTwoAlerts ? Phase::before_server_hello : Phase::after_server_hello);
}

void read_request(std::string_view line, Account& account)
{
    const bool asked = line.starts_with("Acceptable client certificate CA names") ||
                       line.starts_with("Client Certificate Types:") || has(line, "TLS handshake, Request CERT (13)") ||
                       has(line, "Consuming CertificateRequest handshake message") ||
                       has(line, ", CertificateRequest") || has(line, "CERTIFICATE REQUEST (13) was received") ||
                       has(line, "read server certificate request");
    const bool answered_empty = has(line, "- Successfully sent 0 certificate(s) to server") ||
                                has(line, "use empty Certificate message instead");
    account.sent_no_certificate = account.sent_no_certificate || answered_empty;
    // gnutls-cli's callback sends the certificate that it was given, and does not look at the server's list
    // (src/cli.c, cert_callback; measured: 18 of 18 runs with one from another issuer).
    account.sends_what_it_has = account.sends_what_it_has || has(line, "- Successfully sent 0 certificate(s)");
    if (!asked && !answered_empty) return;
    account.asked_for_certificate = true;
    come_to(account, Phase::after_server_flight);
}

/// " 0 s:O = x", "   i:CN = y", "   v:NotBefore: ...; NotAfter: ..." of s_client, "- subject `..., issuer `..., ..." of
/// gnutls-cli.
void read_chain(std::string_view line, Account& account)
{
    auto& chain = account.chain;
    const auto text = trimmed(line);
    const auto subject = text.find(" s:");
    const bool indexed = subject != std::string_view::npos && subject > 0 && subject <= 2 &&
                         std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(subject),
                                     [](char c) { return c >= '0' && c <= '9'; });
    if (indexed && chain.size() < kMostCertificates) chain.push_back({std::string(text.substr(subject + 3)), {}, {}});
    if (!chain.empty() && text.starts_with("i:")) chain.back().issuer = text.substr(2);
    if (!chain.empty() && text.starts_with("v:NotBefore")) {
        chain.back().ends = trimmed(between(text, "NotAfter:", "\n"));
        chain.back().begins = trimmed(between(text, "NotBefore:", ";"));
    }
    if (!text.starts_with("- subject `") || chain.size() >= kMostCertificates) return;
    chain.push_back({std::string(between(text, "subject `", "'")), std::string(between(text, "issuer `", "'")),
                     std::string(between(text, "expires `", "'")), std::string(between(text, "activated `", "'"))});
}

/// The time right behind `words`.
std::optional<TimePoint> time_after(std::string_view line, std::string_view words)
{
    const auto at = line.find(words);
    if (at == std::string_view::npos) return std::nullopt;
    return read_told_time(trimmed(line.substr(at + words.size())));
}

void keep(std::optional<TimePoint>& known, std::optional<TimePoint> told)
{
    if (!known) known = told;
}

void read_dates(std::string_view line, ToldDates& dates)
{
    keep(dates.ended, line.starts_with("notAfter=") ? time_after(line, "notAfter=") : std::nullopt); // OpenSSL
    keep(dates.begins, line.starts_with("notBefore=") ? time_after(line, "notBefore=") : std::nullopt);
    keep(dates.ended, time_after(line, "CertificateExpiredException: NotAfter:")); // Java
    keep(dates.begins, time_after(line, "CertificateNotYetValidException: NotBefore:"));
    if (has(line, "x509: ")) { // Go
        keep(dates.clock, time_after(line, "current time "));
        keep(dates.ended, time_after(line, " is after "));
        keep(dates.begins, time_after(line, " is before "));
    }
    if (has(line, "verification time ")) { // rustls
        keep(dates.clock, time_after(line, "verification time "));
        keep(dates.ended, time_after(line, "not valid after "));
        keep(dates.begins, time_after(line, "not valid before "));
    }
    const bool stamped = line.size() > 19 && line[4] == '/' && line[7] == '/' && line[19] == ' ';
    if (stamped) keep(dates.clock, read_told_time(line)); // Go, socat, nginx
}

/// At which depth the verification failed. s_client prints "depth=" before each verification; others have words for the
/// server's own certificate or for its issuers alone.
class DepthReader {
public:
    void read(std::string_view line, Account& account)
    {
        if (const auto depth = number_after(line, "depth=")) depth_ = depth;
        const auto error = number_after(line, "verify error:num=");
        constexpr int kUnableToVerifyLeaf = 21; // follows 20 and says no more of the depth
        if (error && *error != kUnableToVerifyLeaf && !account.failed_depth) account.failed_depth = depth_;
        // NSS tells its issuer from the server's own certificate (SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE).
        const bool issuer = has(line, "issuer's certificate has expired") || has(line, "_EXPIRED_ISSUER_CERTIFICATE");
        if (issuer && !account.failed_depth) account.failed_depth = 1;
        // wolfSSL and rustls 0.20 find no issuer (-188, UnknownIssuer) where it is the issuer that has expired.
        const bool own = has(line, "SEC_ERROR_EXPIRED_CERTIFICATE") || has(line, "Peer's Certificate has expired") ||
                         has(line, "error -151,") || has(line, "certificate: CertExpired\")");
        if (own && !account.failed_depth) account.failed_depth = 0;
        read_wget(line);
    }
    /// wget looks at the server's own certificate once more, behind GnuTLS's verdict on the chain (src/gnutls.c,
    /// ssl_check_certificate).
    void finish(Account& account) const
    {
        if (any_expired_ && !account.failed_depth) account.failed_depth = own_expired_ ? 0 : 1;
    }

private:
    void read_wget(std::string_view line)
    {
        if (line.starts_with("ERROR: The certificate of ") && has(line, " has expired.")) any_expired_ = true;
        if (trimmed(line) == "The certificate has expired") own_expired_ = true;
    }

    std::optional<int> depth_;
    bool any_expired_ = false;
    bool own_expired_ = false;
};

} // namespace

Account read_account(std::string_view output)
{
    Account account;
    DepthReader depth;
    while (!output.empty()) {
        const auto end = std::min(output.find('\n'), output.size());
        const auto line = output.substr(0, std::min(end, kLongestLine));
        for (const auto& step : kSteps)
            if (has(line, step.words)) come_to(account, step.phase);
        for (const auto& ended : kEnded)
            if (has(line, ended.words)) account.in_handshake = ended.in_handshake;
        read_octets(line, account);
        read_request(line, account);
        read_chain(line, account);
        read_dates(line, account.dates);
        depth.read(line, account);
        output.remove_prefix(std::min(end + 1, output.size()));
    }
    depth.finish(account);
    return account;
}

} // namespace alert40
