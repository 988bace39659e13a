// SPDX-License-Identifier: GPL-2.0-or-later
// alert40-check diagnose: live servers.
#include "client-checks/commands.h"
#include "client-checks/diagnosis_reports.h"
#include "client-checks/probes/identity_files.h"
#include "client-checks/probes/live.h"
#include "client-checks/reports/diagnosis_report.h"
#include "scenarios/loader/input_error.h"
#include "server/wire/client_hello_extensions.h"

#include <asio/io_context.hpp>
#include <fmt/format.h>

#include <iostream>
#include <unistd.h>

namespace alert40 {
namespace {

Starttls parse_starttls(const std::string& name)
{
    constexpr std::pair<std::string_view, Starttls> kProtocols[] = {
        {"smtp", Starttls::smtp}, {"imap", Starttls::imap},         {"pop3", Starttls::pop3},
        {"ftp", Starttls::ftp},   {"postgres", Starttls::postgres}, {"mysql", Starttls::mysql},
        {"ldap", Starttls::ldap}, {"xmpp", Starttls::xmpp}};
    if (name.empty()) return Starttls::none;
    std::vector<std::string> known;
    for (const auto& [text, protocol] : kProtocols) {
        if (text == name) return protocol;
        known.emplace_back(text);
    }
    throw InputError(fmt::format("--starttls {}: unknown protocol", name), hint_for(name, known));
}

LiveTarget target_of(const DiagnoseOptions& options)
{
    LiveTarget target = make_target(options.server, options.server_name);
    target.starttls = parse_starttls(options.starttls);
    if (!options.proxy.empty()) target.proxy = parse_host_port(options.proxy, 3128);
    target.limits.max_connections = options.max_connections;
    target.limits.answer = std::chrono::milliseconds(static_cast<std::int64_t>(options.timeout_seconds * 1000));
    target.limits.connect = std::min(target.limits.connect, target.limits.answer);
    return target;
}

/// Whose ClientHello is played, and what of it is known.
void choose_hello(const DiagnoseOptions& options, LiveQuestion& question)
{
    const auto& name = question.target.server_name;
    if (options.as_client.empty()) {
        question.hello = modern_hello(name);
        if (question.target.starttls != Starttls::none)
            remove_extension(question.hello.extensions, ExtensionType::application_layer_protocol_negotiation);
        return;
    }
    if (std::filesystem::is_regular_file(options.as_client)) {
        question.hello = read_hello_file(options.as_client);
        question.client = options.as_client;
    } else {
        const auto profiles = load_hello_profiles(options.data);
        const HelloProfile& profile = find_profile(profiles, options.as_client);
        question.hello = profile.hello;
        question.client = profile.title();
        question.library = profile.library;
    }
    if (question.hello.server_name()) question.hello = with_server_name(std::move(question.hello), name);
}

TrustStore trust_of(const std::filesystem::path& file)
{
    try {
        return read_trust_store(file);
    } catch (const std::runtime_error& error) {
        throw InputError(fmt::format("--ca {}", error.what()), "a PEM file with the certificates of the roots");
    }
}

Subject subject_of(const DiagnoseOptions& options, const LiveTarget& target)
{
    Subject subject;
    subject.text = display_name(HostPort{target.hosts.front(), target.port});
    subject.values = {
        {"host", target.hosts.front()}, {"port", std::to_string(target.port)}, {"server_name", target.reference_name}};
    const auto add = [&](const char* key, const std::filesystem::path& file) {
        if (!file.empty()) subject.values.insert_or_assign(key, file.string());
    };
    add("ca", options.ca);
    add("client_cert", options.client_chain);
    add("client_key", options.client_key);
    return subject;
}

void report(const DiagnoseOptions& options, const std::vector<Diagnosis>& diagnoses, const Knowledge& knowledge)
{
    if (options.json) return write_diagnoses_json(diagnoses, std::cout);
    DiagnosisReportOptions how;
    how.colour = isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
    for (const auto& diagnosis : diagnoses) write_diagnosis(diagnosis, knowledge, how, std::cout);
}

} // namespace

int diagnose_server(const DiagnoseOptions& options)
{
    check_diagnosis_reports(options);
    const Knowledge knowledge = load_knowledge(options.data);
    LiveQuestion question;
    question.target = target_of(options);
    choose_hello(options, question);
    question.repeat = options.repeat;
    question.trust = options.ca.empty() ? system_trust_store() : trust_of(options.ca);
    if (!options.client_chain.empty()) question.identity = read_identity(options.client_chain, options.client_key);
    question.subject = subject_of(options, question.target);
    if (!options.json)
        fmt::print(
            stderr,
            "alert40-check: at most {} connections to {}: ClientHellos, whole handshakes, one GET / in each; where no "
            "TLS is answered, the first words of HTTP, PostgreSQL, LDAP and XMPP, once each\n",
            options.max_connections, question.subject.text);
    asio::io_context io(1);
    std::vector<Diagnosis> diagnoses;
    std::exception_ptr failure;
    auto work = [&]() -> asio::awaitable<void> {
        auto diagnosis = co_await diagnose_live(std::move(question), knowledge);
        diagnoses.push_back(std::move(diagnosis));
    };
    asio::co_spawn(io, work, [&](std::exception_ptr thrown) { failure = thrown; });
    io.run();
    if (failure) std::rethrow_exception(failure);
    report(options, diagnoses, knowledge);
    write_diagnosis_reports(options, diagnoses, knowledge);
    return exit_status(diagnoses);
}

} // namespace alert40
