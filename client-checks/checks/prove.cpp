// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/checks/prove.h"

#include "client-checks/probes/hello_maker.h"
#include "client-checks/probes/identity_files.h"
#include "client-checks/probes/live.h"

namespace alert40 {

asio::awaitable<Diagnosis> prove(ProofOf of, const Knowledge& knowledge)
{
    LiveQuestion question;
    question.target.hosts = {of.target.host};
    question.target.port = static_cast<std::uint16_t>(of.target.port);
    if (of.hello) question.target.server_name = of.hello->server_name();
    if (!question.target.server_name && !is_address(of.target.name)) question.target.server_name = of.target.name;
    question.target.reference_name = of.target.name;
    question.target.starttls = of.starttls;
    question.target.limits.least_gap = std::chrono::milliseconds(0); // it is ours
    question.target.limits.answer = std::chrono::seconds(1);
    if (of.hello) question.client = "this client";
    question.hello = of.hello ? *std::move(of.hello) : modern_hello(question.target.server_name);
    question.library = std::move(of.library);
    question.trust = read_trust_store(of.target.ca);
    if (!of.target.client_chain.empty())
        question.identity = read_identity(of.target.client_chain, of.target.client_key);
    co_return co_await diagnose_live(std::move(question), knowledge);
}

} // namespace alert40
