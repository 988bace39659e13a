// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/live.h"

#include "certs/crypto.h"
#include "client-checks/diagnosis/wire_steps.h"
#include "client-checks/probes/choice.h"
#include "client-checks/probes/follow_up.h"
#include "client-checks/probes/reading.h"
#include "client-checks/probes/resolve.h"
#include "client-checks/probes/survey.h"
#include "server/wire/client_hello_extensions.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace alert40 {
namespace {

/// A server on this machine may be asked faster: nothing is shared with others on the way.
constexpr std::size_t kAtATimeHere = 40;
constexpr std::size_t kMostAddresses = 8;
constexpr std::size_t kLeastSurvey = 20;
constexpr std::chrono::milliseconds kSurveyTime{100};
constexpr int kMorePatience = 5; // for a whole handshake

/// What the browsers of today send beside: a key share of X25519MLKEM768, over one segment of Ethernet.
HelloChange as_browsers_send()
{
    const auto apply = [](ProbeHello& probe) {
        ClientHello& hello = probe.hello;
        auto groups = hello.groups();
        groups.insert(groups.begin(), NamedGroup::X25519MLKEM768);
        set_extension(hello.extensions, supported_groups_extension(groups));
        auto shares = hello.key_shares();
        shares.insert(shares.begin(), {NamedGroup::X25519MLKEM768, *public_value(NamedGroup::X25519MLKEM768)});
        set_extension(hello.extensions, key_share_extension(shares));
    };
    return {HelloField::size, false, "with a post-quantum key share", apply};
}

class LiveDiagnosis {
public:
    LiveDiagnosis(LiveQuestion question, const Knowledge& knowledge)
        : question_(std::move(question)),
          knowledge_(knowledge)
    {
        diagnosis_.subject = question_.subject;
        sent_.hello = question_.hello;
    }

    asio::awaitable<Diagnosis> run()
    {
        const auto resolved = co_await resolve(question_.target);
        if (resolved.endpoints.empty()) {
            diagnosis_.verdict = resolved.why;
            diagnosis_.unknown.emplace_back("an address: check the name, the hosts file and the resolver");
            co_return std::move(diagnosis_);
        }
        endpoints_ = resolved.endpoints;
        if (endpoints_.size() > kMostAddresses) endpoints_.resize(kMostAddresses);
        const auto executor = co_await asio::this_coro::executor;
        gate_.emplace(executor, limits());
        co_await ask_each_address();
        choose_address();
        co_await forget_protocols();
        const bool goes_on = co_await reads_on();
        if (goes_on)
            co_await look_further();
        else
            co_await experiment_there();
        co_await repeat();
        compare_addresses();
        if (without_protocols_)
            diagnosis_.notes.emplace_back(
                "the server speaks no HTTP, and refuses its names in ALPN (h2, http/1.1) with "
                "no_application_protocol (120): asked without ALPN");
        complete(diagnosis_, knowledge_, true, false);
        diagnosis_.notes.push_back(
            fmt::format("{} connections, of at most {}", gate_->used(), gate_->limits().max_connections));
        co_return std::move(diagnosis_);
    }

private:
    ProbeLimits limits() const
    {
        ProbeLimits limits = question_.target.limits;
        if (!std::all_of(endpoints_.begin(), endpoints_.end(), is_loopback)) return limits;
        limits.at_a_time = kAtATimeHere;
        limits.least_gap = {};
        return limits;
    }

    ProbePlace place() { return {*gate_, question_.target, endpoints_[chosen_]}; }

    asio::awaitable<void> ask_each_address()
    {
        for (const auto& endpoint : endpoints_) {
            const ProbePlace there{*gate_, question_.target, endpoint};
            auto answer = co_await probe(there, sent_);
            first_.push_back(std::move(answer));
        }
    }

    /// A server of another protocol may refuse those of HTTP (RFC 7301 section 3.2; Exim, PostgreSQL 17). They are in
    /// our own ClientHello, no client asked for them: where it is no HTTP that answers without them, they are left out.
    asio::awaitable<void> forget_protocols()
    {
        constexpr auto kAlpn = ExtensionType::application_layer_protocol_negotiation;
        const auto& refused = first_[chosen_].alert;
        const bool ours = question_.client.empty() && question_.hello.has_extension(kAlpn);
        if (!ours || !refused || refused->description != AlertDescription::no_application_protocol) co_return;
        auto plan = plan_for(true);
        remove_extension(plan.offer.hello.extensions, kAlpn);
        const auto handshake = co_await play(std::move(plan));
        if (!handshake || !handshake->transcript.server_hello || handshake->reply.status) co_return;
        remove_extension(question_.hello.extensions, kAlpn);
        sent_.hello = question_.hello;
        first_.clear();
        co_await ask_each_address();
        choose_address();
        without_protocols_ = true;
    }

    /// The first that fails; one that fails behind its TCP handshake before one that nobody answers.
    void choose_address()
    {
        const auto fails = [](const Answer& each) { return !negotiates(each); };
        const auto in_tls = [&](const Answer& each) { return fails(each) && each.end != AnswerEnd::no_connection; };
        auto found = std::find_if(first_.begin(), first_.end(), in_tls);
        if (found == first_.end()) found = std::find_if(first_.begin(), first_.end(), fails);
        if (found != first_.end()) chosen_ = static_cast<std::size_t>(found - first_.begin());
    }

    /// It negotiates; or its flight began and did not end as a flight does: then it takes a whole handshake to read
    /// what it is that it sends, an empty certificate list or one of a megabyte.
    asio::awaitable<bool> reads_on()
    {
        const Answer& answer = first_[chosen_];
        if (negotiates(answer)) co_return true;
        const bool begun = answer.end == AnswerEnd::silent && answer.has_server_hello();
        if (!begun || !unoffered_choice(answer.transcript).empty()) co_return false;
        const auto handshake = co_await play(false);
        co_return handshake && handshake->end != HandshakeEnd::silent;
    }

    std::string whose() const
    {
        return question_.client.empty() ? "a ClientHello of what today's clients have in common"
                                        : "the ClientHello of " + question_.client;
    }

    asio::awaitable<void> experiment_there()
    {
        const Answer& failed = first_[chosen_];
        if (failed.end == AnswerEnd::no_connection) {
            no_connection(failed);
            co_return;
        }
        const Evidence evidence = gather_evidence(&failed.transcript, {}, question_.library, {});
        diagnosis_ = conclude(evidence, question_.subject, knowledge_);
        diagnosis_.verdict = fmt::format("{} meets {}", whose(), describe(failed));
        diagnosis_.unknown.clear();
        auto made = co_await experiment(place(), sent_, failed);
        if (made.first().end == AnswerEnd::silent && made.as_sent.back().end != AnswerEnd::silent) {
            // Slow, not silent: a cold JSSE. What it says now that it is warm is what counts.
            first_[chosen_] = made.as_sent.back();
            diagnosis_.notes.emplace_back("the first ClientHello was answered late");
            if (negotiates(first_[chosen_])) {
                diagnosis_ = Diagnosis{};
                diagnosis_.subject = question_.subject;
                co_await look_further();
                co_return;
            }
            made = co_await experiment(place(), sent_, first_[chosen_]);
            diagnosis_.findings = diagnose(gather_evidence(&first_[chosen_].transcript, {}, question_.library, {}));
            diagnosis_.verdict = fmt::format("{} meets {}", whose(), describe(first_[chosen_]));
        }
        auto reading = read_experiments(made, std::move(diagnosis_.findings));
        diagnosis_.findings = std::move(reading.findings);
        diagnosis_.proof = std::move(reading.proof);
        diagnosis_.notes.insert(diagnosis_.notes.end(), reading.notes.begin(), reading.notes.end());
        diagnosis_.state = diagnosis_.findings.empty() ? DiagnosisState::undetermined : DiagnosisState::cause_found;
    }

    void no_connection(const Answer& failed)
    {
        diagnosis_.verdict =
            fmt::format("no connection to {}: {}", display_name(endpoints_[chosen_]), failed.connect_why);
        diagnosis_.state = DiagnosisState::cause_found;
        if (failed.connect == ConnectEnd::before_tls) {
            diagnosis_.verdict = fmt::format("{} is connected, and TLS is not reached: {}",
                                             display_name(endpoints_[chosen_]), failed.connect_why);
            diagnosis_.unknown.emplace_back("whether TLS is spoken there without STARTTLS or the proxy");
        }
        if (failed.connect == ConnectEnd::refused || failed.connect == ConnectEnd::unreachable) {
            diagnosis_.findings.push_back({"server-not-listening",
                                           Confidence::likely,
                                           {"the TCP connection is " + std::string(name(failed.connect))}});
        } else if (failed.connect == ConnectEnd::silent) {
            diagnosis_.findings.push_back({"middlebox-drop", Confidence::likely, {"nothing answers the SYN"}});
            diagnosis_.findings.push_back({"server-not-listening", Confidence::possible, {}});
        } else {
            diagnosis_.state = DiagnosisState::undetermined;
        }
        diagnosis_.proof.push_back(fmt::format("TCP to {}: {}", display_name(endpoints_[chosen_]), failed.connect_why));
    }

    /// It negotiates: is what it chose taken, and does it take what browsers send?
    asio::awaitable<void> look_further()
    {
        const Answer& answer = first_[chosen_];
        diagnosis_.state = DiagnosisState::healthy;
        diagnosis_.verdict = fmt::format("negotiation succeeds: {} is answered with {}", whose(), describe(answer));
        auto judged = judge_choice(answer, question_.library);
        diagnosis_.notes = std::move(judged.notes);
        if (!judged.findings.empty()) {
            diagnosis_.findings = std::move(judged.findings);
            diagnosis_.state = DiagnosisState::cause_found;
            diagnosis_.proof.push_back("as sent: " + describe(answer));
        }
        co_await shake_hands();
        if (diagnosis_.findings.empty()) co_await try_large();
        if (diagnosis_.findings.empty()) co_await look_around();
    }

    /// What else the server takes: told beside, and no fault.
    asio::awaitable<void> look_around()
    {
        constexpr std::size_t kMost = 65;
        const auto kept = question_.repeat > 1 ? question_.repeat : 0;
        if (gate_->left() < kept + kLeastSurvey) co_return;
        const auto found = co_await survey(place(), sent_, std::min(kMost, gate_->left() - kept), kSurveyTime);
        const auto notes = notes_of(found);
        diagnosis_.notes.insert(diagnosis_.notes.end(), notes.begin(), notes.end());
    }

    /// The whole handshake: certificates, the client's own, and what the server says afterwards.
    asio::awaitable<void> shake_hands()
    {
        auto handshake = co_await play(true);
        if (handshake && handshake->end == HandshakeEnd::silent) // slow is not silent: once more, with more patience
            handshake = co_await play(true, 2);
        if (!handshake) co_return;
        const ClientIdentity* identity = question_.identity ? &*question_.identity : nullptr;
        const JudgedBy by{question_.trust, question_.target.reference_name, std::chrono::system_clock::now(), identity};
        auto judged = judge_handshake(*handshake, by);
        if (!judged.healthy() && !handshake->transcript.server_hello) co_await settle_change(*handshake);
        co_await follow(*handshake, judged);
        compare_chains(*handshake);
        describe_handshake(*handshake, judged);
        add_findings(std::move(judged.findings));
        if (!judged.completed && diagnosis_.findings.empty()) // it failed, and nothing that was seen says why
            diagnosis_.state = DiagnosisState::undetermined;
        diagnosis_.notes.insert(diagnosis_.notes.end(), judged.notes.begin(), judged.notes.end());
        diagnosis_.subject.server_software = server_software(*handshake);
        if (handshake->succeeded() && judged.healthy()) co_await resume(*handshake);
    }

    /// What the handshake leaves open, by further ones.
    asio::awaitable<void> follow(const Handshake& handshake, HandshakeJudgement& judged)
    {
        auto again = [this](HandshakePlan plan) { return play(std::move(plan)); };
        const bool named = question_.hello.server_name().has_value();
        const FollowUp how{question_.target.reference_name, named, plan_for(false), question_.trust, again};
        co_await follow_up(how, handshake, judged, diagnosis_.proof);
    }

    /// The certificates that came for the ClientHello alone, up to TLS 1.2, and those of the handshake.
    void compare_chains(const Handshake& handshake)
    {
        const auto& probed = first_[chosen_].transcript.server_chain;
        const auto& played = handshake.server.chain;
        const bool same_offer = handshake.left_out.empty();
        if (same_offer && changes_.empty() && !probed.empty() && !played.empty() && probed != played)
            changes_ = "the same ClientHello is shown one certificate, and then another";
    }

    asio::awaitable<std::optional<Handshake>> play(bool sends_request, int patience = 1)
    {
        auto plan = plan_for(sends_request);
        plan.deadline *= patience;
        auto handshake = co_await play(std::move(plan));
        co_return handshake;
    }

    asio::awaitable<std::optional<Handshake>> play(HandshakePlan plan)
    {
        std::optional<Handshake> handshake;
        Opened opened = co_await open_connection(*gate_, question_.target, endpoints_[chosen_]);
        if (!opened.connection) co_return handshake;
        handshake = co_await play_handshake(*opened.connection, std::move(plan));
        co_return handshake;
    }

    HandshakePlan plan_for(bool sends_request) const
    {
        HandshakePlan plan;
        plan.offer.hello = question_.hello;
        plan.offer.identity = question_.identity;
        plan.host = question_.target.reference_name;
        plan.protocol = question_.target.starttls;
        plan.sends_request = sends_request;
        plan.deadline = gate_->answer_deadline() * kMorePatience;
        return plan;
    }

    /// The negotiation succeeded before and not now: is it the ClientHello, or another server?
    asio::awaitable<void> settle_change(const Handshake& handshake)
    {
        if (!handshake.transcript.client_hello) co_return;
        ProbeHello same = sent_;
        same.hello = *handshake.transcript.client_hello;
        const ProbeManner alone{ConnectionGate::Company::alone, 1};
        auto answer = co_await probe(place(), same, alone);
        if (negotiates(answer))
            changes_ = "the same ClientHello meets " + describe(outcome_of(handshake.transcript)) + ", and then " +
                       describe(answer);
    }

    void describe_handshake(const Handshake& handshake, const HandshakeJudgement& judged)
    {
        if (judged.healthy() && !diagnosis_.findings.empty()) { // it was played by one that is not so strict
            diagnosis_.verdict = fmt::format("negotiation succeeds, and the client refuses what the server chooses: {}",
                                             describe(first_[chosen_]));
            return;
        }
        if (judged.healthy()) {
            diagnosis_.verdict = fmt::format("{} connects: {}", whose(), describe(outcome_of(handshake.transcript)));
            return;
        }
        diagnosis_.ladder = wire_steps(handshake.transcript);
        if (judged.completed && judged.symptoms.empty())
            diagnosis_.verdict = "the handshake completes here, and not with a client that minds the protocol";
        else
            diagnosis_.verdict = fmt::format("negotiation succeeds, and the handshake does not: {}",
                                             judged.symptoms.empty() ? describe(outcome_of(handshake.transcript))
                                                                     : "the client says " + describe(judged.symptoms));
        diagnosis_.proof.push_back("the ClientHello: " + describe(first_[chosen_]));
        diagnosis_.proof.push_back("the whole handshake: " + describe(outcome_of(handshake.transcript)));
        for (const auto& problem : judged.chain_problems) diagnosis_.proof.push_back(problem.fact);
    }

    void add_findings(std::vector<Finding> findings)
    {
        for (auto& finding : findings) diagnosis_.findings.push_back(std::move(finding));
        if (!diagnosis_.findings.empty()) diagnosis_.state = DiagnosisState::cause_found;
    }

    /// Of two offers to the same address one was taken and one failed: no rule that a client could go by.
    static bool is_unsteady(const ResumptionReport& report)
    {
        return std::any_of(report.attempts.begin(), report.attempts.end(), [&](const Resumption& failed) {
            return failed.result == Resumption::Result::failed &&
                   std::any_of(report.attempts.begin(), report.attempts.end(), [&](const Resumption& other) {
                       return other.where == failed.where && other.result == Resumption::Result::resumed;
                   });
        });
    }

    asio::awaitable<void> resume(const Handshake& first)
    {
        std::vector<ResumptionPlace> places;
        for (const auto& endpoint : endpoints_) {
            if (!negotiates(first_[places.size()])) continue;
            auto open = [this, endpoint]() { return open_connection(*gate_, question_.target, endpoint); };
            places.push_back({display_name(endpoint), std::move(open)});
        }
        auto plan = plan_for(true);
        auto report = co_await try_resumption(first, std::move(plan), std::move(places));
        auto notes = notes_of(report);
        diagnosis_.notes.insert(diagnosis_.notes.end(), notes.begin(), notes.end());
        const bool unsteady = is_unsteady(report);
        if (unsteady) diagnosis_.notes.emplace_back("the same place takes a session up again and refuses one");
        auto finding = judge_resumption(report);
        if (finding && !unsteady) {
            diagnosis_.proof.push_back(finding->because.front());
            std::vector<Finding> one{*std::move(finding)};
            add_findings(std::move(one));
        }
    }

    asio::awaitable<void> try_large()
    {
        constexpr std::size_t kOneSegment = 1400;
        ProbeHello large = sent_;
        if (size_of(large.hello) <= kOneSegment) {
            if (!large.hello.offers(ProtocolVersion::tls13)) co_return; // this client never sends such
            as_browsers_send().apply(large);
        }
        ProbeHello in_two = large;
        in_two.first_segment = kOneSegment;
        std::vector<ProbeHello> both{large, in_two};
        auto answers = co_await probe_all(place(), both);
        for (std::size_t at = 0; at < both.size(); ++at) {
            if (negotiates(answers[at])) continue;
            const ProbeManner alone{ConnectionGate::Company::alone, 1};
            auto again = co_await probe(place(), both[at], alone);
            if (negotiates(again)) continue;
            diagnosis_.state = DiagnosisState::cause_found;
            diagnosis_.findings.push_back(
                {"large-client-hello-intolerance",
                 Confidence::certain,
                 {fmt::format("a ClientHello of {} octets{} meets {}", size_of(both[at].hello),
                              at == 1 ? " in two TCP segments" : "", describe(again))}});
            diagnosis_.proof.push_back("a small ClientHello: " + describe(first_[chosen_]));
            diagnosis_.proof.push_back(fmt::format("the same of {} octets{}: {}, 2 of 2 times", size_of(both[at].hello),
                                                   at == 1 ? " in two TCP segments" : "", describe(again)));
            co_return;
        }
    }

    /// The same handshake as often as was asked for, and how many answers differ.
    asio::awaitable<void> repeat()
    {
        if (!changes_.empty()) differs(changes_);
        if (question_.repeat < 2 || first_[chosen_].end == AnswerEnd::no_connection) co_return;
        std::map<std::string, std::size_t> prints;
        std::size_t made = 0;
        for (; made < question_.repeat && gate_->left() > 0; ++made) {
            const auto handshake = co_await play(false);
            ++prints[handshake ? fingerprint_of(*handshake) : "no connection"];
        }
        if (prints.size() < 2) {
            diagnosis_.notes.push_back(fmt::format("{} of {} handshakes are alike", made, made));
            co_return;
        }
        const auto most = std::max_element(prints.begin(), prints.end(),
                                           [](const auto& a, const auto& b) { return a.second < b.second; });
        differs(fmt::format("{} of {} differ from the rest", made - most->second, made));
        for (const auto& [print, count] : prints)
            diagnosis_.proof.push_back(fmt::format("{} of {}: {}", count, made, print));
    }

    /// The version, suite and end, and whose certificates came.
    static std::string fingerprint_of(const Handshake& handshake)
    {
        std::string text =
            handshake.established ? std::string("established") : describe(outcome_of(handshake.transcript));
        if (handshake.established && handshake.transcript.server_hello)
            text += fmt::format(" ({}, {})", display_name(handshake.transcript.server_hello->selected_version()),
                                name(handshake.transcript.server_hello->cipher_suite));
        for (const auto& certificate : handshake.server.chain)
            text += ", certificate " + to_hex(hash(HashAlgorithm::sha256, certificate)).substr(0, 16);
        return text;
    }

    void differs(const std::string& how)
    {
        for (auto& finding : diagnosis_.findings) finding.confidence = std::max(finding.confidence, Confidence::likely);
        std::erase_if(diagnosis_.findings, [](const Finding& each) { return each.cause == "backend-differs"; });
        diagnosis_.findings.insert(diagnosis_.findings.begin(), {"backend-differs", Confidence::certain, {how}});
        diagnosis_.state = DiagnosisState::cause_found;
    }

    /// What the addresses say that is not the same.
    void compare_addresses()
    {
        if (endpoints_.size() < 2) return;
        std::map<bool, std::size_t> same_family; // negotiates -> how many of the chosen one's family
        for (std::size_t at = 0; at < endpoints_.size(); ++at) {
            diagnosis_.notes.push_back(display_name(endpoints_[at]) + ": " + describe(first_[at]));
            if (endpoints_[at].address().is_v6() == endpoints_[chosen_].address().is_v6())
                ++same_family[negotiates(first_[at])];
        }
        if (same_family.size() == 2) differs("one address negotiates and another of the same name does not");
    }

    LiveQuestion question_;
    const Knowledge& knowledge_;
    Diagnosis diagnosis_;
    ProbeHello sent_;
    std::vector<asio::ip::tcp::endpoint> endpoints_;
    std::vector<Answer> first_; // of each endpoint
    std::size_t chosen_ = 0;
    bool without_protocols_ = false; // those of our own ClientHello were left out
    std::string changes_;            // how the server was seen to answer the same in two ways
    std::optional<ConnectionGate> gate_;
};

} // namespace

asio::awaitable<Diagnosis> diagnose_live(LiveQuestion question, const Knowledge& knowledge)
{
    LiveDiagnosis live(std::move(question), knowledge);
    auto diagnosis = co_await live.run();
    co_return diagnosis;
}

} // namespace alert40
