// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/preparation.h"

#include "client-checks/probes/client_dialogue.h"
#include "server/engine/within.h"

#include <asio/experimental/as_tuple.hpp>
#include <asio/write.hpp>

namespace alert40 {
namespace {

constexpr auto kAsTuple = asio::experimental::as_tuple(asio::use_awaitable);

/// Empty where the peer consents.
asio::awaitable<std::string> lead(asio::ip::tcp::socket& socket, ClientDialogue dialogue)
{
    Bytes buffer(4096);
    while (dialogue.state() == DialogueState::asking) {
        const Bytes output = dialogue.take_output();
        auto [write_error, written] = co_await asio::async_write(socket, asio::buffer(output), kAsTuple);
        if (write_error) co_return "connection lost before TLS: " + write_error.message();
        auto [error, count] = co_await socket.async_read_some(asio::buffer(buffer), kAsTuple);
        if (error == asio::error::connection_reset) co_return "connection reset before TLS";
        if (error && error != asio::error::eof) co_return "connection lost before TLS: " + error.message();
        dialogue.receive(ByteView(buffer).first(error ? 0 : count));
    }
    if (dialogue.state() == DialogueState::refused) co_return dialogue.refusal();
    const Bytes last = dialogue.take_output(); // MySQL's request is not answered in clear
    auto [error, count] = co_await asio::async_write(socket, asio::buffer(last), kAsTuple);
    co_return error ? "connection lost before TLS: " + error.message() : std::string{};
}

asio::awaitable<std::string> lead_all(asio::ip::tcp::socket& socket, const Preparation& preparation)
{
    if (!preparation.proxied_to.empty()) {
        std::string refusal = co_await lead(socket, ClientDialogue::connect(preparation.proxied_to));
        if (!refusal.empty()) co_return refusal;
    }
    if (preparation.starttls.empty()) co_return std::string{};
    std::string refusal = co_await lead(socket, ClientDialogue::starttls(preparation.starttls, preparation.name));
    co_return refusal;
}

} // namespace

asio::awaitable<Prepared> prepare(asio::ip::tcp::socket& socket, const Preparation& preparation,
                                  std::chrono::milliseconds limit)
{
    Prepared prepared;
    if (preparation.proxied_to.empty() && preparation.starttls.empty()) {
        prepared.ready = true;
        co_return prepared;
    }
    const auto refusal = co_await within(limit, lead_all(socket, preparation));
    prepared.ready = refusal && refusal->empty();
    prepared.refusal = refusal ? *refusal : "no answer before TLS";
    co_return prepared;
}

} // namespace alert40
