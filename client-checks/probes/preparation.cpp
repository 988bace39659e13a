// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/preparation.h"

#include "client-checks/probes/client_dialogue.h"
#include "server/wire/starttls_dialogue.h"

namespace alert40 {
namespace {

asio::awaitable<std::string> lead(ProbeConnection& connection, ClientDialogue dialogue,
                                  std::chrono::milliseconds deadline)
{
    while (dialogue.state() == DialogueState::asking) {
        const Bytes output = dialogue.take_output();
        if (!output.empty()) co_await connection.send(output);
        const auto received = co_await connection.receive(deadline);
        if (received == Received::silent) co_return "no answer before TLS";
        if (received == Received::reset) co_return "the connection was reset before TLS";
        dialogue.receive(received == Received::bytes ? connection.received() : ByteView());
    }
    if (dialogue.state() == DialogueState::refused) co_return dialogue.refusal();
    const Bytes last = dialogue.take_output(); // MySQL's request is not answered in clear
    if (!last.empty()) co_await connection.send(last);
    co_return std::string();
}

std::vector<ClientDialogue> dialogues_of(const LiveTarget& target)
{
    std::vector<ClientDialogue> dialogues;
    if (target.proxy) dialogues.push_back(ClientDialogue::connect(display_name({target.hosts.front(), target.port})));
    if (target.starttls != Starttls::none)
        dialogues.push_back(ClientDialogue::starttls(target.starttls, target.reference_name));
    return dialogues;
}

} // namespace

asio::awaitable<std::string> prepare(ProbeConnection& connection, const LiveTarget& target,
                                     std::chrono::milliseconds deadline)
{
    connection.set_clear(true);
    for (auto& dialogue : dialogues_of(target)) {
        std::string refusal = co_await lead(connection, std::move(dialogue), deadline);
        if (!refusal.empty()) co_return refusal;
    }
    connection.set_clear(false);
    co_return std::string();
}

} // namespace alert40
