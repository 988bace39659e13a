// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/follow_up.h"

#include "client-checks/diagnosis/violations.h"
#include "client-checks/probes/target.h"
#include "server/wire/client_hello_extensions.h"

#include <fmt/format.h>

#include <algorithm>

namespace alert40 {
namespace {

constexpr unsigned kMisdirected = 421; // RFC 9110, section 15.5.20

bool is_about_name(const ChainProblem& problem)
{
    return problem.symptom == "verify:name-mismatch";
}

bool mismatches_name(const HandshakeJudgement& judged)
{
    return std::any_of(judged.chain_problems.begin(), judged.chain_problems.end(), is_about_name);
}

class FollowingUp {
public:
    FollowingUp(const FollowUp& how, const Handshake& first, HandshakeJudgement& judged,
                std::vector<std::string>& proof)
        : how_(how),
          first_(first),
          judged_(judged),
          proof_(proof)
    {
    }

    asio::awaitable<void> run()
    {
        if (first_.reply.status == kMisdirected && !how_.name_sent && !is_address(how_.name))
            co_await with_right_host();
        if (judged_.findings.empty()) co_return;
        if (!first_.server.chain.empty() && !judged_.chain_problems.empty()) {
            const bool settled = co_await another_server();
            if (settled) co_return;
        }
        const bool about_name = mismatches_name(judged_) && !is_address(how_.name);
        if (about_name && !how_.name_sent) co_await with_name();
        if (about_name && how_.name_sent) co_await with_name_that_is_known();
        if (judged_.findings.front().cause == "signature-scheme-mismatch" && first_.server.scheme)
            co_await with_scheme(*first_.server.scheme);
    }

private:
    /// Puts a finding in front of the others, none of which stays certain.
    void lead_with(std::string cause, Confidence confidence, const std::string& fact)
    {
        proof_.push_back(fact);
        auto& findings = judged_.findings;
        std::erase_if(findings, [&](const Finding& each) { return each.cause == cause; });
        const auto least = confidence == Confidence::certain ? Confidence::possible : Confidence::likely;
        for (auto& finding : findings) finding.confidence = std::max(finding.confidence, least);
        findings.insert(findings.begin(), Finding{std::move(cause), confidence, {fact}});
    }

    /// The same once more: a second node behind the address may have another certificate.
    asio::awaitable<bool> another_server()
    {
        const auto again = co_await how_.play(how_.plan);
        const bool differs = again && !again->server.chain.empty() && again->server.chain != first_.server.chain;
        if (!differs) co_return false;
        const JudgedBy by{how_.trust, how_.name, std::chrono::system_clock::now(), nullptr};
        const auto other = judge_handshake(*again, by);
        lead_with("backend-differs", Confidence::certain,
                  other.chain_problems.empty()
                      ? "the same handshake once more is shown another certificate, and that one is right"
                      : "the same handshake once more is shown another certificate");
        co_return true;
    }

    /// The server says by HTTP that it does not serve the host over a connection without its name.
    asio::awaitable<void> with_right_host()
    {
        auto plan = how_.plan;
        plan.sends_request = true;
        set_extension(plan.offer.hello.extensions, server_name_extension(how_.name));
        const auto handshake = co_await how_.play(std::move(plan));
        const auto status = handshake ? handshake->reply.status : std::nullopt;
        if (!status || *status == kMisdirected) co_return;
        judged_.symptoms.push_back(*Symptom::parse(fmt::format("http-status:{}", kMisdirected)));
        lead_with("sni-missing", Confidence::certain,
                  fmt::format("without a name in SNI the server answers HTTP status {}, with {} {}", kMisdirected,
                              how_.name, *status));
    }

    /// The client sent no name and was shown the certificate of another: with the name it is the right one, or not.
    asio::awaitable<void> with_name()
    {
        auto plan = how_.plan;
        set_extension(plan.offer.hello.extensions, server_name_extension(how_.name));
        const auto handshake = co_await how_.play(std::move(plan));
        if (!handshake || handshake->server.chain.empty()) co_return;
        const JudgedBy by{how_.trust, how_.name, std::chrono::system_clock::now(), nullptr};
        if (mismatches_name(judge_handshake(*handshake, by))) co_return;
        lead_with("sni-missing", Confidence::certain,
                  fmt::format("the same ClientHello with {} in SNI is shown a certificate for that name", how_.name));
    }

    /// RFC 6066, section 3: a server that uses the name says so in its hello. One that says so of its certificate's own
    /// name and not of this one does not know it. nginx says it of any name: that it is said means nothing.
    asio::awaitable<void> with_name_that_is_known()
    {
        const auto own = name_of_certificate();
        if (first_.server.knows_name || !first_.server.hello || own.empty()) co_return;
        auto plan = how_.plan;
        set_extension(plan.offer.hello.extensions, server_name_extension(own));
        const auto handshake = co_await how_.play(std::move(plan));
        if (!handshake || !handshake->server.knows_name) co_return;
        lead_with("sni-unknown-name", Confidence::likely,
                  fmt::format("the server says that it uses the name {} (server_name in its hello: RFC 6066, section "
                              "3), and says nothing to {}",
                              own, how_.name));
    }

    std::string name_of_certificate() const
    {
        try {
            for (const auto& name : parse_certificate(first_.server.chain.front()).dns_names) {
                const bool plain =
                    name.find_first_of("*\\") == std::string::npos && name.find('.') != std::string::npos;
                if (plain) return name;
            }
        } catch (const CertificateError&) {
        }
        return {};
    }

    /// The server signed with a scheme that was not offered. One that knows no other takes it where it is; one that
    /// does not care what is offered takes another.
    asio::awaitable<void> with_scheme(SignatureScheme scheme)
    {
        auto plan = how_.plan;
        auto schemes = plan.offer.hello.signature_schemes();
        if (std::find(schemes.begin(), schemes.end(), scheme) != schemes.end()) co_return;
        schemes.push_back(scheme);
        set_extension(plan.offer.hello.extensions, signature_algorithms_extension(schemes));
        const auto handshake = co_await how_.play(std::move(plan));
        if (!handshake || !handshake->server.scheme) co_return;
        const auto now = *handshake->server.scheme;
        if (now == scheme) {
            proof_.push_back(fmt::format("the same with {} added: the server signs with it", name(scheme)));
        } else if (std::find(schemes.begin(), schemes.end(), now) == schemes.end()) {
            lead_with("protocol-violation", Confidence::likely,
                      fmt::format("with {} added the server signs with {}, which is not offered either", name(scheme),
                                  name(now)));
        }
    }

    const FollowUp& how_;
    const Handshake& first_;
    HandshakeJudgement& judged_;
    std::vector<std::string>& proof_;
};

} // namespace

asio::awaitable<void> follow_up(const FollowUp& how, const Handshake& first, HandshakeJudgement& judged,
                                std::vector<std::string>& proof)
{
    FollowingUp following(how, first, judged, proof);
    co_await following.run();
}

} // namespace alert40
