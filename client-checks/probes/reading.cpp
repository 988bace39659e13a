// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/reading.h"

#include "client-checks/diagnosis/evidence.h"
#include "client-checks/diagnosis/violations.h"
#include "server/wire/starttls_dialogue.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace alert40 {
namespace {

bool is_alert(const std::optional<Answer>& answer, AlertDescription description)
{
    return answer && answer->end == AnswerEnd::alert && answer->alert->description == description;
}

/// The sender of an ending that could be anybody's.
std::string middlebox_cause(AnswerEnd end)
{
    if (end == AnswerEnd::reset) return "middlebox-reset";
    if (end == AnswerEnd::closed) return "middlebox-close";
    if (end == AnswerEnd::alert) return "middlebox-injected-alert";
    return "middlebox-drop";
}

std::string words_of(const std::vector<HelloChange>& changes)
{
    std::string text;
    for (const auto& change : changes) text += (text.empty() ? "" : ", ") + change.what;
    return text;
}

/// One that answers in a version of its own, which the client did not offer: the versions do not meet, and nothing else
/// is wrong.
bool is_older_server(const Transcript& wire)
{
    return answers_like_older_server(wire) && !wire.client_hello->offers(wire.server_hello->selected_version());
}

class ExperimentReader {
public:
    ExperimentReader(const Experiments& experiments, std::vector<Finding> passive)
        : made_(experiments),
          passive_(std::move(passive))
    {
    }

    ExperimentReading read()
    {
        reading_.proof.push_back("as sent: " + tally(made_.as_sent));
        reading_.always_fails = made_.always_fails();
        const Transcript& wire = made_.first().transcript;
        const auto violations = server_violations(wire);
        if (!reading_.always_fails)
            read_changing();
        else if (!violations.empty() && !is_older_server(wire))
            find("protocol-violation", Confidence::likely, violations);
        else if (!made_.remedies.empty())
            read_remedy(made_.remedies.front());
        else
            eliminate();
        add_others();
        return std::move(reading_);
    }

private:
    void find(std::string cause, Confidence confidence, std::vector<std::string> because)
    {
        because.insert(because.begin(), "the ClientHello as it is sent meets " + describe(made_.first()));
        reading_.findings.push_back({std::move(cause), confidence, std::move(because)});
    }

    void read_changing()
    {
        find("backend-differs", Confidence::likely,
             {"the same ClientHello, sent again, is answered otherwise: " + tally(made_.as_sent)});
    }

    void read_remedy(const Remedy& remedy)
    {
        reading_.proof.push_back("the same " + words_of(remedy.changes) + ": " + tally(remedy.answers));
        const auto fact =
            fmt::format("the same ClientHello {} is answered with a ServerHello", words_of(remedy.changes));
        const auto sure = remedy.every_time() ? Confidence::certain : Confidence::likely;
        if (made_.same_size)
            reading_.proof.push_back(fmt::format("the small one padded to {} octets: {}", size_of(made_.sent.hello),
                                                 describe(*made_.same_size)));
        if (made_.other_name && remedy.field() == HelloField::server_name)
            reading_.proof.push_back(
                fmt::format("the same with {} in SNI: {}", kNameThatExistsNowhere, describe(*made_.other_name)));
        auto [cause, confidence] = cause_of(remedy, sure);
        const bool of_certificates = made_.old_signature && remedy.field() == HelloField::signature_scheme;
        if (of_certificates) {
            read_old_signature(fact, made_.old_signature->alone_needs ? confidence : Confidence::likely);
            confidence = std::max(confidence, Confidence::likely);
        }
        find(std::move(cause), confidence, {fact});
        if (made_.old_signature && !of_certificates) read_old_signature(fact, Confidence::likely);
        read_weak_group(remedy);
        for (const auto& other : made_.remedies) {
            if (&other == &remedy) continue;
            reading_.proof.push_back("the same " + words_of(other.changes) + ": " + tally(other.answers));
        }
    }

    /// The scheme is needed for the certificates: they are what has to be mended, and not the client's list.
    void read_old_signature(const std::string& remedy_fact, Confidence confidence)
    {
        const auto& [fact, alone_needs] = *made_.old_signature;
        reading_.proof.push_back("the certificates that come then: " + fact);
        find("certificate-weak-signature", confidence,
             {remedy_fact, "of the certificates that come then " + fact,
              alone_needs ? "the handshake itself is signed with nothing that was not offered before"
                          : "the handshake is signed with such a scheme as well"});
    }

    /// Behind a remedy that leads to DHE: the next client that is given it may refuse the group.
    void read_weak_group(const Remedy& remedy)
    {
        constexpr std::size_t kLeastOfOpenssl = 2048; // at security level 2, OpenSSL 3's as distributions ship it
        const auto bits = remedy.answers.back().transcript.dh_bits;
        if (bits == 0 || bits >= kLeastOfOpenssl) return;
        const auto chosen = fmt::format("what the server chooses then is a DH group of {} bits", bits);
        const std::string others = "OpenSSL 3 refuses less than 2048, browsers and Go have no DHE at all";
        reading_.findings.push_back({"weak-dh", Confidence::possible, {chosen, others}});
    }

    std::pair<std::string, Confidence> cause_of(const Remedy& remedy, Confidence sure) const
    {
        const bool length_decides = made_.same_size && !negotiates(*made_.same_size);
        if (length_decides) return {"large-client-hello-intolerance", sure};
        switch (remedy.field()) {
        case HelloField::version:
            return {takes_other_version(remedy) ? "version-mismatch" : "version-intolerance", sure};
        case HelloField::cipher_suite:
            return {"cipher-mismatch", sure};
        case HelloField::group:
            return {"group-mismatch", sure};
        case HelloField::signature_scheme:
            return {"signature-scheme-mismatch", sure};
        case HelloField::server_name:
            return cause_of_name();
        case HelloField::alpn:
            return {"alpn-mismatch", sure};
        case HelloField::size:
            return {"version-intolerance", Confidence::likely}; // not its length: what it offers
        case HelloField::extended_master_secret:
            return {"extended-master-secret-missing", sure};
        case HelloField::renegotiation_info:
            return {"secure-renegotiation-missing", sure};
        case HelloField::fallback_scsv:
            return {"inappropriate-fallback", sure};
        case HelloField::session_id:
        case HelloField::grease:
        case HelloField::record_version:
        case HelloField::extensions:
            return {"version-intolerance", std::max(sure, Confidence::likely)};
        case HelloField::proxy_header:
            return {"proxy-protocol-expected", sure};
        }
        return {"version-intolerance", Confidence::possible};
    }

    /// With this remedy the server answers in a version that the failing ClientHello did not offer.
    bool takes_other_version(const Remedy& remedy) const
    {
        const HelloChange& change = remedy.changes.front();
        if (change.widens || change.what.starts_with("with SSL")) return true;
        const auto& answer = remedy.answers.back().transcript.server_hello;
        return answer && !made_.sent.hello.offers(answer->selected_version());
    }

    /// Any other name passes: then it is this one that is filtered. A server that knows its names refuses both.
    std::pair<std::string, Confidence> cause_of_name() const
    {
        if (!made_.sent.hello.server_name()) return {"sni-missing", Confidence::certain};
        const bool any_name = made_.other_name && negotiates(*made_.other_name);
        const auto end = made_.first().end;
        if (any_name && !is_alert(made_.first(), AlertDescription::unrecognized_name))
            return {middlebox_cause(end), Confidence::likely};
        return {"sni-unknown-name", Confidence::certain};
    }

    void eliminate()
    {
        std::vector<std::string> varied;
        for (const auto& tried : made_.tried) {
            const std::string field(name(tried.changes.front().field));
            if (std::find(varied.begin(), varied.end(), field) == varied.end()) varied.push_back(field);
        }
        reading_.proof.push_back(
            fmt::format("varied one at a time, and all that widens the offer together, and nothing helped: {}",
                        fmt::join(varied, ", ")));
        const auto end = made_.first().end;
        if (was_put_in()) return;
        if (end == AnswerEnd::alert) return eliminate_alert(*made_.first().alert);
        if (const auto hidden = hidden_alert()) return eliminate_alert(*hidden);
        if (end == AnswerEnd::no_connection) return;
        if (end == AnswerEnd::flight) return; // a choice that was not offered: the passive rules name it
        if (!speaks_otherwise() && end != AnswerEnd::not_tls) eliminate_silence(end);
    }

    /// handshake_failure (40) where no server has it: as a warning (RFC 5246 section 7.2.2: always fatal), or in clear
    /// behind a ServerHello, when suite and certificate were found and, in TLS 1.3, keys are in place.
    bool was_put_in()
    {
        const Answer& first = made_.first();
        if (!first.alert || first.alert->description != AlertDescription::handshake_failure) return false;
        const bool as_warning = first.end != AnswerEnd::alert;
        if (!as_warning && !first.refused_late()) return false;
        find("middlebox-injected-alert", Confidence::likely,
             {as_warning ? "handshake_failure (40) came as a warning, and is none"
                         : "handshake_failure (40) came in clear when the server had answered already"});
        return true;
    }

    /// TLS 1.3 hides an alert behind the ServerHello; the same offer without TLS 1.3 shows it.
    std::optional<Alert> hidden_alert()
    {
        if (!made_.first().refused_late()) return std::nullopt;
        for (const auto& tried : made_.tried) {
            if (tried.changes.size() != 1 || tried.changes.front().field != HelloField::version) continue;
            if (tried.changes.front().widens || tried.answer.end != AnswerEnd::alert) continue;
            if (tried.changes.front().what.starts_with("with SSL")) continue;
            reading_.proof.push_back("the same " + tried.changes.front().what + ": " + describe(tried.answer));
            return tried.answer.alert;
        }
        return std::nullopt;
    }

    void eliminate_alert(const Alert& alert)
    {
        const auto description = alert.description;
        const bool named = made_.sent.hello.server_name().has_value();
        if (made_.hopeless)
            reading_.proof.push_back("a ClientHello of a version that does not exist: " + describe(*made_.hopeless));
        using enum AlertDescription;
        if (description == unrecognized_name || description == internal_error || description == missing_extension)
            return eliminate_name(named, description);
        if (description == protocol_version) return eliminate_version();
        if (description == no_application_protocol) return find("alpn-mismatch", Confidence::likely, {});
        if (description == inappropriate_fallback) return find("inappropriate-fallback", Confidence::likely, {});
        if (is_alert(made_.hopeless, description) || description == access_denied) {
            find("middlebox-injected-alert", Confidence::likely,
                 {"every ClientHello meets the same alert, also one of a version that does not exist, which a TLS "
                  "server refuses with protocol_version (70)"});
            return find("server-certificate-missing", Confidence::possible, {});
        }
        find("server-certificate-missing", Confidence::likely,
             {"no version, suite, group, signature scheme or name helps, and a version that does not exist is told "
              "apart: a TLS server answers, and has nothing to sign with"});
        find("middlebox-injected-alert", Confidence::possible, {});
    }

    /// An OpenSSL server without a certificate has TLS 1.3 switched off, and nothing for TLS 1.2 either.
    void eliminate_version()
    {
        const auto* older = made_.tried_with(HelloField::version, "with TLS 1.2 added");
        if (older != nullptr && is_alert(older->answer, AlertDescription::handshake_failure)) {
            reading_.proof.push_back("the same with TLS 1.2 added: " + describe(older->answer));
            find(
                "server-certificate-missing", Confidence::likely,
                {"with TLS 1.2 added it answers handshake_failure (40), whatever is offered beside: it has the version "
                 "and nothing to sign with"});
            return find("version-mismatch", Confidence::possible, {});
        }
        find("version-mismatch", Confidence::likely, {});
    }

    void eliminate_name(bool named, AlertDescription description)
    {
        if (!named) return find("sni-missing", Confidence::likely, {"the ClientHello has no server name"});
        // Go's manner: 112 where it has no certificate at all, and a record of version 0x0301 for protocol_version.
        const bool is_go = is_alert(made_.hopeless, AlertDescription::protocol_version) &&
                           made_.hopeless->alert_record_version == ProtocolVersion::tls10;
        if (description == AlertDescription::unrecognized_name && is_go) {
            find("server-certificate-missing", Confidence::likely,
                 {"every name is refused, and none at all",
                  "the server's manner is Go's, which sends unrecognized_name "
                  "where it has no certificate"});
            return find("sni-unknown-name", Confidence::possible, {});
        }
        find("sni-unknown-name", Confidence::likely, {"every other name, and none at all, is refused as well"});
    }

    /// Something else than TLS is spoken there.
    bool speaks_otherwise()
    {
        if (speaks_when_asked()) return true;
        if (made_.listened && !made_.listened->text.empty()) {
            reading_.proof.push_back("it speaks first: " + first_line(made_.listened->text));
            return took_from(*made_.listened);
        }
        if (made_.postgres && made_.postgres->text.size() == 1) {
            reading_.proof.push_back("PostgreSQL's SSLRequest: " + first_line(made_.postgres->text));
            find("starttls-expected", Confidence::certain, {"it answers PostgreSQL's request for TLS"});
            return true;
        }
        if (made_.http && !made_.http->text.empty()) {
            reading_.proof.push_back("GET / in clear: " + first_line(made_.http->text));
            if (wants_tls(made_.http->text)) {
                reading_.proof.emplace_back("what answers there in clear says that it wants TLS");
                return false;
            }
            if (!took_from(*made_.http)) find("not-tls", Confidence::certain, {"it answers plain HTTP"});
            return true;
        }
        return made_.first().end == AnswerEnd::not_tls;
    }

    /// LDAP or XMPP: the server waits for the client's words, and for its request to start TLS.
    bool speaks_when_asked()
    {
        for (const auto& each : made_.upgrades) {
            if (each.end == UpgradeEnd::unanswered || each.end == UpgradeEnd::foreign) continue;
            const std::string fact = describe(each);
            const std::string protocol(display_name(each.protocol));
            reading_.proof.push_back(fact);
            if (each.end == UpgradeEnd::agreed) {
                find("starttls-expected", Confidence::certain, {fact});
                reading_.notes.push_back(
                    fmt::format("with --starttls {} the diagnosis goes on behind it", lower(protocol)));
            } else if (each.end == UpgradeEnd::refused) {
                find("not-tls", Confidence::certain, {"it speaks " + protocol + " in clear, and offers no TLS", fact});
            } else {
                find("starttls-expected", Confidence::likely, {"it speaks " + protocol + " in clear", fact});
                find("not-tls", Confidence::possible, {"it may offer no TLS at all"});
            }
            return true;
        }
        return false;
    }

    static std::string lower(std::string text)
    {
        for (char& each : text) each = static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
        return text;
    }

    /// What nginx, Apache and Go say to plain HTTP on a port of theirs with TLS; an alert is TLS too.
    static bool wants_tls(ByteView text)
    {
        constexpr std::uint8_t kAlertRecord = 21;
        constexpr std::string_view kWords[] = {"HTTPS", "SSL-enabled", "https scheme"};
        const std::string words(text.begin(), text.end());
        if (text.front() == kAlertRecord) return true;
        return words.starts_with("HTTP/1.") && std::any_of(std::begin(kWords), std::end(kWords), [&](auto each) {
                   return words.find(each) != std::string::npos;
               });
    }

    /// What the passive rules make of what was said.
    bool took_from(const Answer& answer)
    {
        const auto found = diagnose(gather_evidence(&answer.transcript, {}, {}, {}));
        for (const std::string_view cause : {"starttls-expected", "not-tls"}) // a greeting may begin either
            for (const auto& finding : found)
                if (finding.cause == cause && finding.confidence <= Confidence::likely)
                    reading_.findings.push_back(finding);
        return !reading_.findings.empty();
    }

    static std::string first_line(ByteView bytes)
    {
        std::string line;
        for (const auto each : bytes) {
            if (each == '\r' || each == '\n' || line.size() == 100) break;
            line += each >= ' ' && each < 0x7F ? static_cast<char>(each) : '.';
        }
        return "'" + line + "'";
    }

    void eliminate_silence(AnswerEnd end)
    {
        if (is_alert(made_.hopeless, AlertDescription::protocol_version)) {
            reading_.proof.push_back("a ClientHello of a version that does not exist: " + describe(*made_.hopeless));
            find("server-certificate-missing", Confidence::likely,
                 {"a version that does not exist is refused by an alert, every other ClientHello without one: a TLS "
                  "server reads them, and ends where it has to sign"});
            return find(middlebox_cause(end), Confidence::possible, {});
        }
        find(middlebox_cause(end), Confidence::likely,
             {made_.upgrades.empty()
                  ? "no ClientHello is answered, whatever it offers, and no plain HTTP, greeting or PROXY header either"
                  : "no ClientHello is answered, whatever it offers, and no plain HTTP, greeting, PROXY header or "
                    "request for TLS in LDAP or XMPP either"});
        find("not-tls", Confidence::possible, {"a service that waits for words of its own protocol does the same"});
    }

    /// The passive findings keep their place behind what was proven; none stays certain beside it.
    void add_others()
    {
        const bool decided = !reading_.findings.empty();
        const bool certain = decided && reading_.findings.front().confidence == Confidence::certain;
        for (auto& finding : passive_) {
            const auto same = [&](const Finding& each) { return each.cause == finding.cause; };
            if (std::any_of(reading_.findings.begin(), reading_.findings.end(), same)) continue;
            if (certain) continue; // excluded by experiment
            if (decided) finding.confidence = Confidence::possible;
            reading_.findings.push_back(std::move(finding));
        }
    }

    const Experiments& made_;
    std::vector<Finding> passive_;
    ExperimentReading reading_;
};

} // namespace

ExperimentReading read_experiments(const Experiments& experiments, std::vector<Finding> passive)
{
    return ExperimentReader(experiments, std::move(passive)).read();
}

} // namespace alert40
