// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/chain_judgement.h"

#include "certs/certificate_pointers.h"
#include "certs/der_reader.h"
#include "certs/ip_address.h"
#include "certs/status_reader.h"
#include "client-checks/diagnosis/chain_faults.h"
#include "client-checks/diagnosis/violations.h"
#include "server/wire/client_hello_extensions.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

using std::chrono::system_clock;

/// The transcript that a capture would have of the chain, for the judgements that need no more than that.
Transcript transcript_of(const ChainQuestion& question)
{
    Transcript wire;
    wire.started = question.now;
    wire.server_certificate_seen = true;
    wire.server_chain = question.chain;
    wire.client_hello.emplace();
    if (!question.name.empty() && !parse_ip_address(question.name))
        wire.client_hello->extensions.push_back(server_name_extension(question.name));
    return wire;
}

/// Certificate ::= SEQUENCE { SEQUENCE, SEQUENCE, BIT STRING }: one that is wrong only further in.
bool has_outline(ByteView der)
{
    try {
        DerReader outside(der);
        DerReader fields(outside.expect(der::kSequence, "Certificate"));
        DerReader tbs(fields.expect(der::kSequence, "Certificate"));
        tbs.next("tbsCertificate");
        tbs.next("tbsCertificate");
        fields.expect(der::kSequence, "Certificate");
        fields.expect(der::kBitString, "Certificate");
        return true;
    } catch (const CertificateError&) {
        return false;
    }
}

std::string age(std::chrono::seconds span)
{
    using namespace std::chrono;
    if (span >= days(2)) return fmt::format("{} days", duration_cast<days>(span).count());
    if (span >= hours(2)) return fmt::format("{} hours", duration_cast<hours>(span).count());
    return fmt::format("{} minutes", duration_cast<minutes>(span).count());
}

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char each) { return static_cast<char>(std::tolower(each)); });
    return text;
}

/// "O=Example Ltd, CN=Root" -> "Example Ltd".
std::string organisation(const DistinguishedName& name)
{
    const auto at = name.text.find("O=");
    if (at == std::string::npos) return {};
    return name.text.substr(at + 2, name.text.find(", ", at) - at - 2);
}

class Judge {
public:
    Judge(const ChainQuestion& question, const TrustStore& trust)
        : question_(question),
          trust_(trust),
          wire_(transcript_of(question)),
          evidence_(gather_evidence(&wire_, {}, "", ""))
    {
    }

    std::vector<ChainProblem> problems()
    {
        if (judge_reading()) return problems_;
        paths_ = trust_paths(evidence_.server_chain, trust_);
        const bool of_another = starts_with_authority();
        judge_signature(of_another);
        if (of_another) return problems_; // whose names, dates and purpose would be judged?
        judge_trust();
        judge_dates();
        judge_contents();
        judge_name();
        judge_status();
        judge_shape();
        return problems_;
    }

private:
    void add(std::string cause, std::string symptom, std::string fact, bool sure = true)
    {
        problems_.push_back({std::move(cause), std::move(symptom), std::move(fact), sure});
    }
    const Certificate& leaf() const { return evidence_.server_chain.front(); }
    const TrustPath& way() const { return paths_.front(); }
    bool trusted() const { return way().anchored; }

    bool judge_reading();
    bool starts_with_authority();
    void judge_signature(bool of_another);
    void judge_trust();
    void judge_missing_issuer(const Certificate& last);
    void judge_dates();
    std::optional<ChainProblem> date_problem(const TrustPath& path) const;
    void judge_contents();
    void judge_name();
    void judge_status();
    void judge_shape();
    const Certificate* named_by(const Certificate& certificate, const std::vector<Certificate>& among) const;

    const ChainQuestion& question_;
    const TrustStore& trust_;
    Transcript wire_;
    Evidence evidence_;
    std::vector<TrustPath> paths_;
    std::vector<ChainProblem> problems_;
};

/// True where a certificate cannot be read: then nothing else can be said.
bool Judge::judge_reading()
{
    const auto fault = corrupt_certificate(wire_);
    if (!fault) return false;
    for (const auto& der : question_.chain) {
        try {
            parse_certificate(der);
        } catch (const CertificateError& error) {
            const bool outline = has_outline(der);
            add(outline ? "certificate-malformed" : "server-certificate-corrupt", "verify:malformed",
                fmt::format("{}: {}", *fault, error.what()));
            return true;
        }
    }
    add("server-certificate-corrupt", "verify:malformed", *fault);
    return true;
}

/// The chain does not begin with the server's own certificate.
bool Judge::starts_with_authority()
{
    const auto fault = misordered(evidence_);
    const bool first = fault && leaf().basic_constraints && leaf().basic_constraints->is_ca;
    if (first) add("certificate-chain-misordered", "verify:wrong-usage", *fault);
    return first;
}

void Judge::judge_signature(bool of_another)
{
    if (question_.signature != SignatureCheck::wrong || of_another) return;
    // Where both sides agree on everything that was said, nobody changed it on the way.
    add("server-key-mismatch", "verify:bad-signature",
        "the server's signature over the handshake was not made with the key of its certificate",
        question_.established);
}

const Certificate* Judge::named_by(const Certificate& certificate, const std::vector<Certificate>& among) const
{
    for (const auto& each : among)
        if (each.subject.der == certificate.issuer.der && &each != &certificate) return &each;
    return nullptr;
}

void Judge::judge_trust()
{
    if (trusted()) return;
    const Certificate& last = *way().links.back();
    const std::string store = trust_.source.empty() ? "what is trusted here" : trust_.source;
    if (is_self_issued(last)) {
        if (way().links.size() == 1)
            return add("certificate-self-signed", "verify:self-signed",
                       "the server's certificate names itself as its issuer, " + last.subject.text);
        return add("certificate-untrusted-root", "verify:unknown-ca",
                   fmt::format("the chain ends with the root {}, which is not in {}", last.subject.text, store), false);
    }
    judge_missing_issuer(last);
}

void Judge::judge_missing_issuer(const Certificate& last)
{
    const std::string issuer = last.issuer.text;
    for (const std::vector<Certificate>* among : {&std::as_const(evidence_).server_chain, &trust_.anchors}) {
        const auto* named = named_by(last, *among);
        if (named == nullptr) continue;
        const bool sent = among == &std::as_const(evidence_).server_chain;
        const bool other_key = !last.authority_key_identifier.empty() && !named->subject_key_identifier.empty() &&
                               last.authority_key_identifier != named->subject_key_identifier;
        if (other_key)
            return add(sent ? "certificate-chain-incomplete" : "certificate-untrusted-root",
                       sent ? "verify:incomplete-chain" : "verify:unknown-ca",
                       fmt::format("the certificate of {} that {} has another key than the one that issued {}", issuer,
                                   sent ? "was sent" : "is trusted", last.subject.text));
        return add(
            "certificate-malformed", "verify:bad-signature",
            fmt::format("the signature in {} was not made with the key of its issuer, {}", last.subject.text, issuer));
    }
    const std::string not_there = fmt::format("{}, which issued {}, was not sent and is not in {}", issuer,
                                              way().links.size() == 1 ? "the server's certificate" : last.subject.text,
                                              trust_.source.empty() ? "what is trusted here" : trust_.source);
    // Whether the missing one is a root or an intermediate is in nobody's hands; its name and what else was sent tell.
    const auto stands_at = read_pointers(last).ca_issuers;
    const bool whole = way().links.size() > 1;
    const bool called_root = lower(issuer).find("root") != std::string::npos;
    const auto& anchors = trust_.anchors;
    const auto own = organisation(last.issuer);
    const bool of_a_trusted_house =
        !own.empty() && std::any_of(anchors.begin(), anchors.end(),
                                    [&](const auto& anchor) { return organisation(anchor.subject) == own; });
    if (whole ? !of_a_trusted_house || called_root : called_root && stands_at.empty())
        return add("certificate-untrusted-root", "verify:unknown-ca", not_there, false);
    std::string fact = not_there;
    if (way().links.size() < evidence_.server_chain.size()) fact += "; what was sent beside it did not issue it";
    if (!stands_at.empty()) fact += "; the certificate says where it is: " + stands_at.front();
    add("certificate-chain-incomplete", "verify:incomplete-chain", fact, !stands_at.empty() || of_a_trusted_house);
}

std::optional<ChainProblem> Judge::date_problem(const TrustPath& path) const
{
    const auto now = question_.now;
    const auto seconds = [](auto span) { return std::chrono::duration_cast<std::chrono::seconds>(span); };
    for (std::size_t depth = 0; depth < path.links.size(); ++depth) {
        const Certificate& each = *path.links[depth];
        const bool root = depth > 0 && (is_self_issued(each) || (path.anchored && depth + 1 == path.links.size()));
        const std::string what =
            depth == 0 ? "the server's certificate" : (root ? "the root " : "the issuer ") + each.subject.text;
        if (each.not_after < each.not_before) continue; // certificate-malformed
        if (each.not_after < now)
            return ChainProblem{depth == 0 ? "certificate-expired"
                                : root     ? "root-expired"
                                           : "intermediate-expired",
                                "verify:expired",
                                fmt::format("{} ended {}, {} ago; here it is {}", what, utc(each.not_after),
                                            age(seconds(now - each.not_after)), utc(now))};
        if (now < each.not_before)
            return ChainProblem{"certificate-not-yet-valid", "verify:not-yet-valid",
                                fmt::format("{} begins {}, in {}; here it is {}", what, utc(each.not_before),
                                            age(seconds(each.not_before - now)), utc(now))};
    }
    return std::nullopt;
}

/// One way without a problem is enough: a cross-signed root may have ended long ago.
void Judge::judge_dates()
{
    std::optional<ChainProblem> first;
    for (const auto& path : paths_) {
        auto problem = date_problem(path);
        if (!problem) return;
        if (!first) first = std::move(problem);
    }
    if (first) problems_.push_back(*std::move(first));
}

void Judge::judge_contents()
{
    struct Kind {
        ChainFault fault;
        const char* cause;
        const char* symptom;
    };
    constexpr Kind kKinds[] = {{wrong_usage, "certificate-wrong-usage", "verify:wrong-usage"},
                               {violated_constraint, "certificate-constraint", "verify:constraint"},
                               {weak_key, "certificate-weak-key", "verify:weak-key"},
                               {weak_signature, "certificate-weak-signature", "verify:weak-signature"},
                               {malformed, "certificate-malformed", "verify:malformed"}};
    const auto told = [&](std::string_view cause) {
        return std::any_of(problems_.begin(), problems_.end(), [&](const auto& each) { return each.cause == cause; });
    };
    for (const auto& kind : kKinds) {
        if (told(kind.cause)) continue;
        const bool about_signatures = kind.fault == malformed && !trusted(); // judge_trust() has looked at them
        if (about_signatures && (told("certificate-chain-incomplete") || told("certificate-untrusted-root"))) continue;
        if (const auto fact = kind.fault(evidence_)) add(kind.cause, kind.symptom, *fact);
    }
}

void Judge::judge_name()
{
    if (question_.name.empty() || names_match(leaf(), question_.name)) return;
    const bool no_names = leaf().dns_names.empty() && leaf().ip_addresses.empty();
    if (no_names && lower(leaf().subject.common_name) == lower(question_.name))
        return add("certificate-wrong-name", "verify:name-mismatch",
                   fmt::format("{} is the certificate's common name alone; it has no subjectAltName, and clients look "
                               "nowhere else (RFC 9525, section 6.3)",
                               question_.name),
                   false);
    add("certificate-wrong-name", "verify:name-mismatch",
        fmt::format("the certificate is for {}; {} was asked for", names_of(leaf()), question_.name));
}

void Judge::judge_status()
{
    if (!question_.staple.empty()) {
        const Certificate* issuer = way().links.size() > 1 ? way().links[1] : nullptr;
        const auto judged = judge_staple(question_.staple, leaf(), issuer, question_.now);
        if (judged.revoked)
            add("certificate-revoked", "verify:revoked", judged.problem);
        else if (!judged.problem.empty())
            add("staple-invalid", "verify:status-invalid", judged.problem);
    } else if (read_pointers(leaf()).must_staple && question_.asked_for_staple) {
        add("staple-missing", "verify:status-missing",
            "the certificate demands a stapled OCSP response (RFC 7633), and none was sent");
    }
}

/// What strict readers object to alone.
void Judge::judge_shape()
{
    if (const auto fact = too_large(evidence_)) add("certificate-chain-too-large", "local:message-too-large", *fact);
    if (!trusted()) return;
    Evidence without_roots = evidence_; // a root is superfluous wherever it stands, and every reader passes over it
    std::erase_if(without_roots.server_chain,
                  [&](const Certificate& each) { return is_self_issued(each) && each.tbs != leaf().tbs; });
    if (const auto fact = misordered(without_roots)) add("certificate-chain-misordered", "verify:unknown-ca", *fact);
}

} // namespace

std::string names_of(const Certificate& certificate)
{
    constexpr std::size_t kMostNames = 6;
    std::vector<std::string> names = certificate.dns_names;
    names.insert(names.end(), certificate.ip_addresses.begin(), certificate.ip_addresses.end());
    if (names.empty()) return certificate.subject.text.empty() ? "no name at all" : certificate.subject.text;
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < kMostNames; ++i) text += (i > 0 ? ", " : "") + names[i];
    if (names.size() > kMostNames) text += fmt::format(" and {} more", names.size() - kMostNames);
    return text;
}

std::vector<ChainProblem> judge_chain(const ChainQuestion& question, const TrustStore& trust)
{
    return Judge(question, trust).problems();
}

} // namespace alert40
