// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/builtin_client.h"

#include "certs/certificate.h"
#include "client-checks/probes/client_dialogue.h"
#include "scenarios/loader/input_error.h"
#include "server/stack/tls_session.h"

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>
#include <fmt/format.h>
#include <fstream>
#include <sstream>

namespace alert40 {
namespace {

using asio::ip::tcp;

std::string read_file(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    if (!file) throw InputError(fmt::format("{} cannot be read", path.string()));
    return text.str();
}

template <class Find> auto parse_names(const std::vector<std::string>& names, std::string_view what, Find find)
{
    std::vector<std::decay_t<decltype(*find(std::string_view{}))>> values;
    for (const auto& name : names) {
        const auto value = find(name);
        if (!value) throw InputError(fmt::format("unknown {} '{}'", what, name));
        values.push_back(*value);
    }
    return values;
}

TlsClientConfig client_config(const BuiltinClientOptions& options)
{
    TlsClientConfig config;
    config.versions = parse_names(options.versions, "version", find_protocol_version);
    config.groups = parse_names(options.groups, "group", find_named_group);
    config.signature_schemes = parse_names(options.signature_schemes, "signature scheme",
                                           [](std::string_view name) { return find_signature_scheme(name); });
    for (const auto& name : options.ciphers) {
        const auto* suite = find_cipher_suite(std::string_view(name));
        if (suite == nullptr) throw InputError(fmt::format("unknown cipher suite '{}'", name));
        config.cipher_suites.push_back(suite->value);
    }
    config.anchors_pem = read_file(options.ca);
    config.server_name = options.name;
    config.send_server_name = !options.no_sni;
    config.alpn = options.alpn;
    config.staple_required = options.check_staple;
    config.extended_master_secret = options.extended_master_secret;
    if (!options.crl.empty()) config.crls_pem = read_file(options.crl);
    if (!options.certificate.empty()) {
        config.chain_pem = read_file(options.certificate);
        config.key_pem = read_file(options.key);
    }
    return config;
}

tcp::endpoint endpoint_of(const std::string& text)
{
    const auto colon = text.rfind(':');
    asio::error_code error;
    const bool bracketed = text.starts_with('[') && colon != std::string::npos && text[colon - 1] == ']';
    const auto host = bracketed ? text.substr(1, colon - 2) : text.substr(0, colon);
    const auto address = asio::ip::make_address(host, error);
    if (error || colon == std::string::npos) throw InputError(fmt::format("'{}' is not ADDRESS:PORT", text));
    return {address, static_cast<asio::ip::port_type>(std::stoul(text.substr(colon + 1)))};
}

std::string pin_of(const Bytes& certificate)
{
    const auto digest = hash(HashAlgorithm::sha256, parse_certificate(certificate).public_key_info);
    const auto pem = to_pem("X", digest); // its one line is the base64
    const auto start = pem.find('\n') + 1;
    return pem.substr(start, pem.find('\n', start) - start);
}

/// "HTTP/1.1 400 ..." -> 400; nullopt for what is no failure.
std::optional<unsigned> failure_status(ByteView reply)
{
    const std::string text(reply.begin(), reply.end());
    if (!text.starts_with("HTTP/1.") || text.size() < 12 || (text[9] != '4' && text[9] != '5')) return std::nullopt;
    return static_cast<unsigned>(std::stoul(text.substr(9, 3)));
}

/// One blocking conversation.
class Conversation {
public:
    Conversation(const BuiltinClientOptions& options, std::shared_ptr<TlsContext> context)
        : options_(options),
          session_(std::move(context)),
          socket_(io_)
    {
    }

    const TlsSession& session() const { return session_; }
    bool resume(const Conversation& earlier) { return session_.resume(earlier.session()); }

    /// Empty on success, else what failed.
    std::string run(const tcp::endpoint& server)
    {
        asio::error_code error;
        socket_.connect(server, error);
        if (error) return fmt::format("connect: {}", error.message());
        if (!options_.starttls.empty())
            if (auto refusal = ask_for_tls(); !refusal.empty()) return refusal;
        for (;;) {
            const TlsProgress progress = session_.advance();
            flush();
            if (progress == TlsProgress::failed) return failure();
            if (progress == TlsProgress::established) break;
            receive();
        }
        if (!options_.pin.empty() && !session_.resumed() && pin_of(session_.peer_certificate()) != options_.pin) {
            session_.shut_down();
            flush();
            return "the server's key is not the pinned one";
        }
        session_.write(to_bytes(fmt::format("GET / HTTP/1.0\r\nHost: {}\r\n\r\n", options_.name)));
        flush();
        while (reply_.empty()) { // in TLS 1.3 the server's verdict on a client certificate comes only now
            append(reply_, session_.read());
            if (!reply_.empty()) break;
            if (session_.error()) return failure();
            receive();
        }
        session_.shut_down();
        flush();
        const auto status = failure_status(reply_);
        return status ? fmt::format("http status {}", *status) : std::string{};
    }

    std::string summary() { return fmt::format("{} {}", session_.version_name(), name(session_.cipher_suite())); }

private:
    /// Empty where the server consents.
    std::string ask_for_tls()
    {
        auto dialogue = ClientDialogue::starttls(find_starttls(options_.starttls), options_.name);
        std::uint8_t buffer[4096];
        for (;;) {
            asio::error_code error;
            asio::write(socket_, asio::buffer(dialogue.take_output()), error);
            if (error && !transport_) transport_ = error;
            if (dialogue.state() == DialogueState::agreed) return {};
            if (dialogue.state() == DialogueState::refused) return dialogue.refusal();
            dialogue.receive({buffer, socket_.read_some(asio::buffer(buffer), error)});
        }
    }
    void flush()
    {
        const Bytes output = session_.take_output();
        asio::error_code error;
        asio::write(socket_, asio::buffer(output), error);
        if (error && !transport_) transport_ = error;
    }
    void receive()
    {
        std::uint8_t buffer[16 * 1024];
        asio::error_code error;
        const auto count = socket_.read_some(asio::buffer(buffer), error);
        if (error && error != asio::error::eof && !transport_) transport_ = error;
        if (error) session_.peer_closed();
        session_.receive({buffer, count});
    }
    /// "alert received: fatal handshake_failure (40)", "connection reset by peer", or wolfSSL's number and text.
    std::string failure()
    {
        std::string text;
        if (const auto alert = session_.last_received_alert())
            text += fmt::format("alert received: {} {}; ", static_cast<int>(alert->level),
                                static_cast<int>(alert->description));
        if (transport_) text += fmt::format("transport: {}; ", transport_.message());
        return text + fmt::format("wolfSSL error {}: {}", session_.error()->code, session_.error()->text);
    }

    const BuiltinClientOptions& options_;
    asio::io_context io_;
    TlsSession session_;
    tcp::socket socket_;
    asio::error_code transport_;
    Bytes reply_;
};

} // namespace

int run_builtin_client(const BuiltinClientOptions& options)
{
    const auto server = endpoint_of(options.connect);
    if (options.clock != 0) set_stack_clock(std::chrono::seconds(options.clock));
    const auto context = TlsContext::client(client_config(options));
    Conversation first(options, context);
    std::string failure = first.run(server);
    std::string summary = failure.empty() ? first.summary() : std::string{};
    if (options.resume && failure.empty()) {
        Conversation second(options, context);
        second.resume(first); // where there is nothing to resume, the handshake is a full one
        failure = second.run(server);
        if (failure.empty()) summary = second.summary() + (second.session().resumed() ? " resumed" : " full handshake");
    }
    if (failure.empty())
        fmt::print("connected: {}\n", summary);
    else
        fmt::print("failed: {}\n", failure);
    return failure.empty() ? 0 : 1;
}

} // namespace alert40
