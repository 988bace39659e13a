// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/handshake_findings.h"

#include "client-checks/diagnosis/violations.h"
#include "client-checks/diagnosis/words.h"
#include "client-checks/probes/identity_files.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

using std::chrono::system_clock;

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char each) { return static_cast<char>(std::tolower(each)); });
    return text;
}

/// Apache, where a location alone wants a certificate: in TLS 1.3 of a client that does not offer to be asked
/// afterwards (it says so in its 403), up to TLS 1.2 by asking to renegotiate.
bool cannot_be_asked(const Handshake& handshake)
{
    if (handshake.server.asks_to_renegotiate) return true;
    return handshake.reply.status == 403 &&
           lower(handshake.reply.text).find("post-handshake authentication") != std::string::npos;
}

/// The web server's own refusal of a client certificate, which comes as an answer and not as an alert: nginx's 400 and
/// its 495 and 496 (ngx_http_request.h), Apache's 403 to a certificate that it asked for afterwards.
bool refused_by_http(const Handshake& handshake)
{
    const auto status = handshake.reply.status.value_or(0);
    if (!handshake.server.request) return false;
    if (status == 495 || status == 496) return true;
    if (status == 403) return handshake.server.requested_afterwards;
    return status == 400 && lower(handshake.reply.text).find("certificate") != std::string::npos;
}

/// Why the client ended what the server sent, in the symptom's words; empty where it did not.
std::string own_symptom(const Handshake& handshake)
{
    if (!handshake.sent_alert) return {};
    constexpr std::pair<AlertDescription, std::string_view> kBehindServerHello[] = {
        {AlertDescription::protocol_version, "local:version"},
        {AlertDescription::bad_record_mac, "local:bad-mac"},
        {AlertDescription::decrypt_error, "local:bad-finished"},
        {AlertDescription::illegal_parameter, "local:illegal-parameter"},
        {AlertDescription::unexpected_message, "local:unexpected-message"},
        {AlertDescription::decode_error, "local:decode-error"},
        {AlertDescription::record_overflow, "local:decode-error"},
        {AlertDescription::missing_extension, "local:missing-extension"},
        {AlertDescription::unsupported_extension, "local:unsupported-extension"}};
    if (!handshake.server.hello) return "not-tls"; // what came instead of a ServerHello could not be read
    for (const auto& [alert, symptom] : kBehindServerHello)
        if (alert == handshake.sent_alert->description) return std::string(symptom);
    return {};
}

class Judge {
public:
    Judge(const Handshake& handshake, const JudgedBy& by) : handshake_(handshake), by_(by) {}

    HandshakeJudgement judge()
    {
        judged_.completed = !failed();
        judge_certificates();
        judged_.client_certificate_requested = handshake_.server.request.has_value();
        if (refused_by_http(handshake_)) say(fmt::format("http-status:{}", *handshake_.reply.status));
        if (failed() || !judged_.symptoms.empty()) ask_the_rules();
        judge_messages();
        if (cannot_be_asked(handshake_))
            claim(
                "client-certificate-required",
                handshake_.server.asks_to_renegotiate ? Confidence::likely : Confidence::certain,
                handshake_.server.asks_to_renegotiate
                    ? "the server answers the request by asking to renegotiate, as Apache does where a location alone "
                      "wants a client certificate"
                    : "the server answers the request with 403: it could not ask for a client certificate after the "
                      "handshake (RFC 8446, section 4.6.2)");
        judge_clock();
        judge_warning();
        rank();
        add_notes();
        return std::move(judged_);
    }

private:
    /// A server may close on words that it does not understand: that is no failure of TLS, unless it may be its answer
    /// to the client's certificate. Up to TLS 1.2 it has judged that before its Finished, in TLS 1.3 before a ticket;
    /// Node.js does afterwards, and closes without a good-bye (rejectUnauthorized, onServerSocketSecure()).
    bool failed() const
    {
        if (handshake_.succeeded() || handshake_.end == HandshakeEnd::unplayable) return false;
        const bool hung_up = handshake_.end == HandshakeEnd::closed || handshake_.end == HandshakeEnd::reset;
        if (!handshake_.established || !hung_up) return true;
        const auto& server = handshake_.server;
        if (!server.request) return false;
        const bool tls13 = server.hello->selected_version() == ProtocolVersion::tls13;
        if (tls13 && (server.sessions.empty() || server.requested_afterwards)) return true;
        return !handshake_.good_bye && identity_is_wanting();
    }
    /// None was sent, or one that a server has reason to refuse.
    bool identity_is_wanting() const
    {
        if (!handshake_.sent_certificate || by_.identity == nullptr) return true;
        return !judge_identity(*by_.identity, by_.now).empty() ||
               is_on_list(*by_.identity, handshake_.server.request->authorities) == false;
    }
    void judge_certificates();
    void judge_messages();
    void ask_the_rules();
    void drop_what_is_decided();
    void judge_client_certificate();
    void judge_clock();
    void judge_warning();
    void rank();
    void note_identity();
    void add_notes();
    void say(std::string_view symptom)
    {
        if (auto parsed = Symptom::parse(symptom); parsed && judged_.symptoms.empty())
            judged_.symptoms.push_back(*std::move(parsed));
    }
    ChainQuestion question() const
    {
        const auto& hello = handshake_.transcript.client_hello;
        return {handshake_.server.chain,
                handshake_.server.staple,
                !hello || hello->has_status_request(),
                handshake_.server.signature,
                handshake_.established,
                by_.name,
                by_.now};
    }
    Finding* find(std::string_view cause)
    {
        const auto at = std::find_if(judged_.findings.begin(), judged_.findings.end(),
                                     [&](const Finding& each) { return each.cause == cause; });
        return at == judged_.findings.end() ? nullptr : &*at;
    }
    /// Puts a finding in, or raises one that the rules have; `because` comes first among its reasons.
    void claim(const std::string& cause, Confidence confidence, std::string because);

    const Handshake& handshake_;
    const JudgedBy& by_;
    HandshakeJudgement judged_;
    std::vector<std::string> first_; // causes in the order in which they are to be told, before the rules' own
};

void Judge::claim(const std::string& cause, Confidence confidence, std::string because)
{
    if (std::find(first_.begin(), first_.end(), cause) == first_.end()) first_.push_back(cause);
    Finding* finding = find(cause);
    if (finding == nullptr) {
        judged_.findings.push_back({cause, confidence, {}});
        finding = &judged_.findings.back();
    }
    finding->confidence = std::min(finding->confidence, confidence);
    if (std::find(finding->because.begin(), finding->because.end(), because) == finding->because.end())
        finding->because.insert(finding->because.begin(), std::move(because));
}

void Judge::judge_certificates()
{
    if (handshake_.server.chain.empty()) return;
    judged_.chain_problems = judge_chain(question(), by_.trust);
    for (const auto& problem : judged_.chain_problems) say(problem.symptom);
}

/// What the server sent and a client that minds the protocol refuses, also where the one that was played went on.
void Judge::judge_messages()
{
    const auto violations = server_violations(handshake_.transcript);
    if (violations.empty()) return;
    using enum SignatureScheme;
    const auto scheme = handshake_.transcript.server_signature;
    const auto& hello = handshake_.transcript.server_hello;
    const bool tls13 = hello && hello->selected_version() == ProtocolVersion::tls13;
    // A server of TLS 1.2 that knows no better (RFC 5246, section 7.4.1.4.1): the lists do not fit together.
    const auto& sent = handshake_.transcript.client_hello;
    const auto offered = sent ? sent->signature_schemes() : std::vector<SignatureScheme>{};
    const bool unoffered = scheme && std::find(offered.begin(), offered.end(), *scheme) == offered.end();
    const bool old_hash =
        violations.size() == 1 && unoffered && !tls13 && (scheme == rsa_pkcs1_sha1 || scheme == ecdsa_sha1);
    for (const auto& fact : violations)
        claim(old_hash ? "signature-scheme-mismatch" : "protocol-violation", Confidence::likely, fact);
}

void Judge::ask_the_rules()
{
    say(own_symptom(handshake_));
    auto evidence = gather_evidence(&handshake_.transcript, judged_.symptoms, "", handshake_.failure);
    // The client that was played sends the certificate that it has, whatever the server's list says, as OpenSSL does.
    evidence.library = "openssl";
    evidence.captured_at = by_.now;
    judged_.findings = diagnose(evidence);
    if (!judged_.chain_problems.empty()) // which are no guess, as the rules' words about a chain are
        for (auto& finding : judged_.findings) finding.confidence = std::max(finding.confidence, Confidence::likely);
    drop_what_is_decided();
    for (const auto& problem : judged_.chain_problems)
        claim(problem.cause, problem.sure ? Confidence::certain : Confidence::likely, problem.fact);
    const bool refused = failed() || refused_by_http(handshake_);
    const bool late = handshake_.established || handshake_.transcript.client_certificate_seen;
    judged_.client_certificate_wanting = judged_.client_certificate_requested && refused && late;
    if (judged_.client_certificate_wanting) judge_client_certificate();
}

/// What trust, name and clock decide here is not so where they do not say it.
void Judge::drop_what_is_decided()
{
    constexpr std::string_view kDecided[] = {"certificate-untrusted-root",
                                             "certificate-self-signed",
                                             "certificate-chain-incomplete",
                                             "certificate-expired",
                                             "certificate-not-yet-valid",
                                             "certificate-wrong-name",
                                             "root-expired",
                                             "intermediate-expired",
                                             "client-clock-wrong",
                                             "certificate-revoked",
                                             "staple-missing",
                                             "staple-invalid",
                                             "server-key-mismatch",
                                             "certificate-pin-mismatch",
                                             "client-misconfigured"};
    if (handshake_.server.chain.empty()) return;
    const auto& problems = judged_.chain_problems;
    const bool trusted = std::none_of(problems.begin(), problems.end(), [](const auto& each) {
        return each.cause == "certificate-untrusted-root" || each.cause == "certificate-chain-incomplete";
    });
    std::erase_if(judged_.findings, [&](const Finding& finding) {
        if (finding.cause == "tls-inspection" && trusted) return true; // a box's root would be unknown here
        if (std::find(std::begin(kDecided), std::end(kDecided), finding.cause) == std::end(kDecided)) return false;
        return std::none_of(judged_.chain_problems.begin(), judged_.chain_problems.end(),
                            [&](const auto& each) { return each.cause == finding.cause; });
    });
}

void Judge::judge_client_certificate()
{
    std::string words = "the server closed the connection";
    if (handshake_.alert) words = "the server answered with " + display_name(*handshake_.alert);
    if (refused_by_http(handshake_))
        words = fmt::format("the server answered with HTTP status {}", *handshake_.reply.status);
    const auto by_alert = [&](AlertDescription description) {
        return handshake_.alert && handshake_.alert->description == description;
    };
    if (!handshake_.sent_certificate) {
        std::erase_if(judged_.findings, [](const auto& each) { return each.cause == "client-certificate-untrusted"; });
        // It went well until the empty Certificate, and ended with an alert that servers send for that (measured: 116
        // of all in TLS 1.3; 40 of OpenSSL, Erlang; 42 of Go, Java, NSS; 50 of GnuTLS).
        const bool proven = by_alert(AlertDescription::certificate_required) ||
                            by_alert(AlertDescription::handshake_failure) ||
                            by_alert(AlertDescription::bad_certificate) || by_alert(AlertDescription::decode_error) ||
                            refused_by_http(handshake_);
        const std::string none = by_.identity == nullptr
                                     ? "the server asked for a certificate and got none"
                                     : "no signature scheme that the server takes fits the key of the client's "
                                       "certificate, which was not sent";
        return claim("client-certificate-required", proven ? Confidence::certain : Confidence::likely,
                     none + "; " + words);
    }
    const auto problems = judge_identity(*by_.identity, by_.now);
    for (const auto& problem : problems) claim(problem.cause, Confidence::certain, problem.fact + "; " + words);
    if (!problems.empty()) return;
    const auto listed = is_on_list(*by_.identity, handshake_.server.request->authorities);
    const Certificate own = parse_certificate(by_.identity->chain.front());
    std::string fact =
        fmt::format("the client's certificate, issued by {}, is in date and a client's, and its key is right; {}",
                    own.issuer.text, words);
    if (listed == false) fact += "; its issuer is not on the list that the server sent";
    const bool sure = by_alert(AlertDescription::unknown_ca) || listed == false;
    claim("client-certificate-untrusted", sure ? Confidence::certain : Confidence::likely, fact);
}

/// A certificate that is out of date here and in date by the server's own clock: this machine's is the wrong one.
void Judge::judge_clock()
{
    const auto& date = handshake_.reply.date;
    if (!date || judged_.chain_problems.empty()) return;
    const auto& first = judged_.chain_problems.front();
    const bool about_dates = first.symptom == "verify:expired" || first.symptom == "verify:not-yet-valid";
    if (!about_dates) return;
    auto then = question();
    then.now = *date;
    const auto problems = judge_chain(then, by_.trust);
    const bool about_dates_then = std::any_of(problems.begin(), problems.end(), [](const auto& each) {
        return each.symptom == "verify:expired" || each.symptom == "verify:not-yet-valid";
    });
    if (about_dates_then) return;
    claim("client-clock-wrong", Confidence::likely,
          fmt::format("by the server's clock it is {}, and every certificate is in date; here it is {}", utc(*date),
                      utc(by_.now)));
    std::rotate(first_.begin(), first_.end() - 1, first_.end()); // told first
    for (auto& finding : judged_.findings) finding.confidence = std::max(finding.confidence, Confidence::likely);
}

/// The server says itself that it does not know the name, and goes on (RFC 6066 section 3): the certificate is that of
/// its default host.
void Judge::judge_warning()
{
    Evidence evidence;
    evidence.wire = &handshake_.transcript;
    const bool named = handshake_.transcript.client_hello && handshake_.transcript.client_hello->server_name();
    if (!named || !warned(evidence, AlertDescription::unrecognized_name)) return;
    const bool about_name = std::any_of(judged_.chain_problems.begin(), judged_.chain_problems.end(),
                                        [](const auto& each) { return each.symptom == "verify:name-mismatch"; });
    if (!about_name) return;
    claim("sni-unknown-name", Confidence::likely, "the server warned: unrecognized_name (112)");
    const auto first = std::find(first_.begin(), first_.end(), "sni-unknown-name");
    std::rotate(first_.begin(), first, first + 1); // told first
}

/// The causes that were claimed, in their order; then the rules'. Beside a certain one the rules' are mere company.
void Judge::rank()
{
    const auto claimed = [&](const Finding& each) {
        return std::find(first_.begin(), first_.end(), each.cause) != first_.end();
    };
    const bool settled = std::any_of(judged_.findings.begin(), judged_.findings.end(), [&](const auto& each) {
        return claimed(each) && each.confidence == Confidence::certain;
    });
    if (settled)
        for (auto& finding : judged_.findings)
            if (!claimed(finding)) finding.confidence = Confidence::possible;
    const auto place = [&](const Finding& finding) {
        // A product's name in the issuer says more than that the root is unknown.
        const bool inspected = finding.cause == "tls-inspection" && finding.confidence <= Confidence::likely &&
                               !first_.empty() && first_.front() == "certificate-untrusted-root";
        if (inspected) return std::ptrdiff_t{-1};
        return std::find(first_.begin(), first_.end(), finding.cause) - first_.begin();
    };
    std::stable_sort(judged_.findings.begin(), judged_.findings.end(), [&](const Finding& a, const Finding& b) {
        const auto at_a = place(a);
        const auto at_b = place(b);
        if (at_a != at_b) return at_a < at_b;
        return a.confidence < b.confidence;
    });
}

/// What is wrong with the client's certificate, where this server did not mind.
void Judge::note_identity()
{
    if (by_.identity == nullptr || judged_.client_certificate_wanting) return;
    for (const auto& problem : judge_identity(*by_.identity, by_.now)) judged_.notes.push_back(problem.fact);
    if (!handshake_.server.request) {
        judged_.notes.emplace_back("the server did not ask for the client's certificate");
    } else if (is_on_list(*by_.identity, handshake_.server.request->authorities) == false) {
        judged_.notes.emplace_back(
            "the issuer of the client's certificate is not on the server's list: Go, Java, GnuTLS and "
            "NSS would not send it");
    }
}

void Judge::add_notes()
{
    auto& notes = judged_.notes;
    for (const auto& each : handshake_.left_out)
        notes.push_back(each + " was left out of the ClientHello for the whole handshake: it is not played here");
    if (handshake_.end == HandshakeEnd::unplayable)
        notes.push_back("the handshake was not played to its end: " + handshake_.failure);
    note_identity();
    if (handshake_.server.request && !judged_.client_certificate_wanting)
        notes.emplace_back(handshake_.sent_certificate
                               ? "the server asked for a client certificate and took it"
                               : "the server asks for a client certificate and goes on without");
    if (handshake_.server.request && !handshake_.server.request->authorities.empty())
        notes.push_back(
            fmt::format("the server's list of client CAs has {} names", handshake_.server.request->authorities.size()));
    if (handshake_.established && handshake_.end == HandshakeEnd::quiet)
        notes.emplace_back("the handshake is complete; the server said nothing to the request that followed");
    const bool hung_up = handshake_.end == HandshakeEnd::closed || handshake_.end == HandshakeEnd::reset;
    if (handshake_.established && hung_up && judged_.findings.empty())
        notes.emplace_back("the handshake is complete; the server closed on the HTTP request that followed");
    if (handshake_.reply.status.value_or(0) == 421)
        notes.emplace_back("the server says that it does not serve this name (HTTP 421, RFC 9110 section 15.5.20)");
    if (const auto& date = handshake_.reply.date) {
        const auto apart = std::chrono::abs(*date - by_.now);
        if (apart > std::chrono::minutes(10))
            notes.push_back(fmt::format("the server's clock says {}, this machine's {}", utc(*date), utc(by_.now)));
    }
}

} // namespace

HandshakeJudgement judge_handshake(const Handshake& handshake, const JudgedBy& by)
{
    return Judge(handshake, by).judge();
}

std::optional<Finding> judge_resumption(const ResumptionReport& report)
{
    const auto failed = std::find_if(report.attempts.begin(), report.attempts.end(),
                                     [](const auto& each) { return each.result == Resumption::Result::failed; });
    if (failed == report.attempts.end() || report.full_still_works == false) return std::nullopt;
    const auto confidence = report.full_still_works == true ? Confidence::certain : Confidence::likely;
    return Finding{"resumption-broken",
                   confidence,
                   {fmt::format("with a session of an earlier handshake offered at {}: {}; without it the handshake {}",
                                failed->where, describe(outcome_of(failed->handshake.transcript)),
                                report.full_still_works ? "succeeds" : "succeeded before")}};
}

std::string server_software(const Handshake& handshake)
{
    const std::string server = lower(handshake.reply.server);
    constexpr std::pair<std::string_view, std::string_view> kNames[] = {
        {"nginx", "nginx"}, {"openresty", "nginx"}, {"apache", "apache"}, {"haproxy", "haproxy"}, {"caddy", "caddy"},
        {"envoy", "envoy"}, {"jetty", "java"},      {"tomcat", "java"},   {"undertow", "java"}};
    for (const auto& [word, software] : kNames)
        if (server.find(word) != std::string::npos) return std::string(software);
    return lower(handshake.reply.text).find("<center>nginx") != std::string::npos ? "nginx" : "";
}

} // namespace alert40
