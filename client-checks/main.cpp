// SPDX-License-Identifier: GPL-2.0-or-later
// alert40-check: proves that TLS clients fail as they should, and that the root cause can be told from the evidence.
#include "client-checks/builtin_client.h"
#include "client-checks/commands.h"
#include "scenarios/loader/data_files.h"
#include "scenarios/loader/input_error.h"
#include "server/stack/tls_context.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <sstream>

namespace {

constexpr const char* kExamples = R"(Examples:
  alert40-check run                                            every scenario on every client that is here
  alert40-check run cipher --client curl --report junit=r.xml  one family, one client, for CI
  alert40-check run --report json=r.json --baseline old.json   what changed since; 1 only where something did
  alert40-check run --shard 2/5 --report json=2.json           one part of five, for as many machines
  alert40-check merge 1.json 2.json 3.json 4.json 5.json --report html=r.html
  alert40-check with certificate/expired-tls13 -- pytest       your own test; it finds ALERT40_URL, ALERT40_CA, ...
  alert40-check diagnose www.example.org:443                   what is wrong with this server, and the proof
  alert40-check diagnose --log trace.txt                       what a client's or a server's log says
  alert40-check diagnose --pcap a.pcapng --report html=a.html  every TLS connection of a capture, the failing explained
  alert40-check explain 40                                     what is behind alert 40
  alert40-check explain "dh key too small"                     what an error text can mean
  alert40-check lab --open                                     see it all in a browser: every cause, live; exercises
  alert40-check explain t13d3112h2_e8f1e7e78f70_b26ce05bbdd6   whose ClientHello has this JA4
)";

constexpr const char* kRunFooter =
    R"(A json report is written as the cells come, and is JSON after each of them: a run that is killed leaves what it
measured, with "complete": false. SIGINT and SIGTERM end the clients and write every report of what was measured.
Exit status: 0 as expected; 1 an expectation was not met; 2 wrong usage or bad input; 3 a cell in error, or no client
runs here; 128 and the signal where one ended it.
With --baseline: 1 where a verdict changed (for better, too: write the baseline anew), a cell that failed fails otherwise,
a new cell fails, or a cell is gone; 3 where a cell is in error that was not. A client's new version or other words with
the same meaning are told, and do not count.
)";
constexpr const char* kMergeFooter =
    R"(Parts (--shard) must be of one run, each there once. Other results may have no cell in common. A client must have one
version in all. Exit status: as of one run; 3 where a part is not complete.
)";

/// "FORMAT=PATH, with github, html, ...".
std::string report_help()
{
    std::string help = "FORMAT=PATH, - for standard output; may be repeated:";
    for (const auto& format : alert40::all_reports()) help += fmt::format("\n{}: {}", format.name, format.summary);
    return help;
}

std::filesystem::path this_program()
{
    return std::filesystem::read_symlink("/proc/self/exe");
}

void add_builtin_client(CLI::App& app, alert40::BuiltinClientOptions& options)
{
    auto* command =
        app.add_subcommand("builtin-client", "One connection with wolfSSL, as the checker's builtin client makes it");
    command->add_option("--connect", options.connect, "ADDRESS:PORT")->required();
    command->add_option("--name", options.name, "The name to verify, sent as SNI")->required();
    command->add_flag("--no-sni", options.no_sni, "Send no SNI");
    command->add_option("--ca", options.ca, "Trust anchors, PEM")->required();
    command->add_option("--versions", options.versions, "1.2,1.3")->delimiter(',');
    command->add_option("--ciphers", options.ciphers, "IANA names")->delimiter(',');
    command->add_option("--groups", options.groups, "Names")->delimiter(',');
    command->add_option("--signature-schemes", options.signature_schemes, "IANA names")->delimiter(',');
    command->add_option("--certificate", options.certificate, "Client certificate chain, PEM");
    command->add_option("--key", options.key, "Its key, PEM");
    command->add_option("--alpn", options.alpn, "Application protocols")->delimiter(',');
    command->add_option("--starttls", options.starttls, "smtp, imap, pop3, ftp, postgres, mysql, ldap or xmpp first");
    command->add_flag("--resume", options.resume, "Connect twice, the second time with the first's session");
    command->add_flag("--check-staple", options.check_staple, "Insist on an OCSP response, and judge it");
    command->add_option("--crl", options.crl, "CRLs, PEM, in which the server's certificate is looked up");
    command->add_option("--clock", options.clock, "Seconds by which the clock is wrong");
    command->add_option("--pin", options.pin, "base64 of the SHA-256 of the key that is insisted on");
    command->add_flag("!--no-ems", options.extended_master_secret, "Leave extended_master_secret out");
}

CLI::App* add_diagnose(CLI::App& app, alert40::DiagnoseOptions& options)
{
    auto* command = app.add_subcommand("diagnose", "Name the root cause: of a live server, a log, a capture");
    auto* what = command->add_option_group("evidence");
    what->add_option("server", options.server, "HOST:PORT, or [ADDRESS]:PORT: a live server");
    what->add_option("--log", options.log, "What a client or a server wrote; - is standard input");
    what->add_option("--pcap", options.capture, "A capture, pcap or pcapng; - is standard input");
    what->add_option("--records", options.records, "Recorded runs, a JSON object a line; - is standard input");
    what->require_option(1);
    command->add_option("--keylog", options.key_log, "The secrets of a capture (SSLKEYLOGFILE)");
    command->add_option("--as", options.as_client, "The client whose ClientHello is sent ('clients' lists them)");
    command->add_option("--server-name", options.server_name, "The name asked for and verified; default: HOST");
    command->add_option("--ca", options.ca, "Trust anchors, PEM; default: the system's");
    auto* chain = command->add_option("--client-cert", options.client_chain, "The client's certificate chain, PEM");
    auto* key = command->add_option("--client-key", options.client_key, "Its key, PEM")->needs(chain);
    chain->needs(key);
    command->add_option("--starttls", options.starttls, "smtp, imap, pop3, ftp, postgres, mysql, ldap or xmpp first");
    command->add_option("--proxy", options.proxy, "HOST:PORT of an HTTP proxy");
    command->add_option("--repeat", options.repeat, "Full handshakes to compare")->check(CLI::Range(1, 10000));
    command->add_option("--max-connections", options.max_connections, "To one server, all in all")
        ->check(CLI::Range(1, 10000))
        ->capture_default_str();
    command->add_option("--timeout", options.timeout_seconds, "Seconds that an answer is waited for")
        ->check(CLI::Range(0.1, 600.0))
        ->capture_default_str();
    command->add_flag("--json", options.json, "JSON on standard output");
    command->add_option("--report", options.reports,
                        "FORMAT=PATH with html (one page, nothing else needed), json or terminal; may be repeated");
    command->footer("Exit status: 0 healthy; 1 a cause found; 4 undetermined; 2 wrong usage or bad input.\n");
    return command;
}

CLI::App* add_lab(CLI::App& app, alert40::LabOptions& options)
{
    auto* command = app.add_subcommand("lab", "Pages for a room: every scenario live, told apart, fixed; exercises");
    command->add_option("scenarios", options.scenarios, "Ids, families, files or folders; all where none is given");
    command->add_option("--listen", options.listen, "The address of the TLS servers")->capture_default_str();
    command->add_option("--port", options.port, "One port for all scenarios, by server name; 0: a free one")
        ->check(CLI::Range(0, 65535));
    command->add_option("--control", options.control,
                        "ADDRESS:PORT of the pages, or PORT on loopback; a room needs an address that it can reach");
    command->add_option("--threads", options.threads, "That serve TLS")->check(CLI::Range(1, 64));
    command->add_option("--state-dir", options.state_directory, "Where the root and keys are kept");
    command->add_option(
        "--results", options.results,
        "A result (json) of 'run', whose answers are shown beside yours; default: those that come along");
    command->add_option("--timeout", options.timeout_seconds, "Seconds that a client gets which a page runs")
        ->check(CLI::Range(0.1, 600.0))
        ->capture_default_str();
    command->add_flag("--open", options.open, "Open the pages in this machine's browser");
    command->add_flag("--json", options.json, "What is printed at the start is a line of JSON");
    command->footer(
        "Ctrl-C ends it. The printed URL carries the trainer's token in its fragment: keep it to yourself.\n"
        "Exit status: 0 ended by SIGINT or SIGTERM; 2 wrong usage or bad input; 3 a port cannot be had.\n");
    return command;
}

/// ALERT40_CLIENTS=FOLDER:FILE
void add_from_environment(std::vector<std::filesystem::path>& paths)
{
    const char* variable = std::getenv("ALERT40_CLIENTS");
    std::istringstream all(variable == nullptr ? "" : variable);
    for (std::string each; std::getline(all, each, ':');)
        if (!each.empty()) paths.emplace_back(each);
}

int run(int argc, char** argv)
{
    CLI::App app{"alert40-check: proves that TLS clients fail as they should"};
    app.footer(kExamples);
    app.set_version_flag("--version", fmt::format("alert40-check {} ({})", ALERT40_VERSION, alert40::stack_version()));
    app.require_subcommand(1);
    app.fallthrough();
    std::filesystem::path data;
    app.add_option("--data", data, "The folder with scenarios/, certs/, client-checks/");
    std::vector<std::filesystem::path> client_files;
    app.add_option("--clients", client_files,
                   "Clients of your own (docs in client-checks/your-own-client.md): a TOML file, or a folder of them; "
                   "may be repeated. Beside them: those in ALERT40_CLIENTS, with ':' between");

    alert40::CheckOptions check;
    auto* run_command = app.add_subcommand("run", "Run scenarios on clients, faulty and fixed");
    run_command->add_option("scenarios", check.scenarios, "Ids, families, files or folders; all where none is given");
    run_command->add_flag(
        "--prove", check.prove,
        "Where a failure's evidence leaves several causes, settle it by experiment with the same server");
    run_command->add_flag("--cold", check.cold, "Start each client anew for each run, also those that can serve many");
    run_command->add_option("--client", check.clients, "A client; may be repeated");
    run_command->add_option("--answers", check.answers, "What manual clients showed (TOML), instead of asking for it");
    run_command->add_option("--jobs", check.jobs, "Cells at a time; default: one per processor")
        ->check(CLI::Range(1, 256));
    run_command->add_option("--timeout", check.timeout_seconds, "Seconds a client gets")
        ->check(CLI::Range(0.1, 3600.0))
        ->capture_default_str();
    run_command->add_flag("--no-fix", check.no_fix, "Leave the fixed twins out");
    run_command->add_option("--report", check.reports, report_help());
    run_command->add_option("--shard", check.shard, "I/N: only the I-th of N parts, for 'merge'");
    run_command->add_option(
        "--baseline", check.baseline,
        "A result (json): tells what changed since; a cell that fails as it did there is no failure");
    run_command->footer(kRunFooter);
    run_command->add_option("--capture", check.capture,
                            "A folder for a capture of each connection (pcapng, with its secrets)");
    run_command->add_option("--keep-files", check.keep_files,
                            "A folder for the anchors, certificates and keys that clients are given; it stays");
    run_command->add_option("--state-dir", check.state_directory, "Where the root and keys are kept");

    alert40::MergeOptions merge;
    auto* merge_command = app.add_subcommand("merge", "Reports on results (json): the parts of a run, or several runs");
    merge_command->add_option("files", merge.files, "What --report json=PATH wrote; one, to report on it anew")
        ->required();
    merge_command->add_option("--report", merge.reports, report_help());
    merge_command->add_option("--baseline", merge.baseline, "As of 'run'");
    merge_command->footer(kMergeFooter);

    alert40::WithOptions with;
    auto* with_command = app.add_subcommand("with", "Run a command against one scenario; its status is passed on");
    with_command->add_option("scenario", with.scenario, "An id or a file")->required();
    with_command->add_flag("--fixed", with.fixed, "With the fix applied");
    with_command->add_option("--state-dir", with.state_directory, "Where the root and keys are kept");
    with_command->add_option("command", with.command, "Behind --: the command and its arguments")->required();

    std::string what;
    auto* explain_command =
        app.add_subcommand("explain", "What an alert, a cause, an error text or a ClientHello means");
    explain_command
        ->add_option("what", what,
                     "40, handshake_failure, weak-dh, a client's text, a JA4 or JA3, or a ClientHello in hexadecimal")
        ->required();

    alert40::ClientsOptions clients;
    auto* clients_command = app.add_subcommand("clients", "The clients, their versions, what they can be asked");
    clients_command->add_flag("--json", clients.json, "As JSON");
    clients_command->add_option("--client", clients.clients, "Only this one; may be repeated");
    clients_command->add_option("--record-hellos", clients.record_hellos,
                                "Let each client that is here connect to a healthy server, and write its own "
                                "ClientHello (decoded, with JA3 and JA4) into this file; - is standard output");
    clients_command->add_option("--state-dir", clients.state_directory, "Where the root and keys are kept");

    alert40::DiagnoseOptions diagnose;
    auto* diagnose_command = add_diagnose(app, diagnose);

    alert40::LabOptions lab;
    auto* lab_command = add_lab(app, lab);

    alert40::BuiltinClientOptions builtin;
    add_builtin_client(app, builtin);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (app.got_subcommand("builtin-client")) return alert40::run_builtin_client(builtin);
    if (merge_command->parsed()) return alert40::run_merge(merge);
    data = alert40::find_data(data);
    add_from_environment(client_files);
    if (explain_command->parsed()) return alert40::run_explain(data, what, client_files);
    if (diagnose_command->parsed()) {
        diagnose.data = data;
        diagnose.client_files = client_files;
        return alert40::run_diagnose(diagnose);
    }
    if (clients_command->parsed()) {
        clients.data = data;
        clients.client_files = client_files;
        clients.self = this_program();
        return alert40::run_clients(clients);
    }
    if (lab_command->parsed()) {
        lab.data = data;
        lab.client_files = client_files;
        lab.self = this_program();
        return alert40::run_lab(lab);
    }
    if (with_command->parsed()) {
        with.data = data;
        return alert40::run_with(with);
    }
    check.data = data;
    check.client_files = client_files;
    check.self = this_program();
    return alert40::run_check(check);
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return run(argc, argv);
    } catch (const alert40::InputError& error) {
        fmt::print(stderr, "alert40-check: {}\n", error.what());
        return 2;
    } catch (const std::exception& error) {
        fmt::print(stderr, "alert40-check: {}\n", error.what());
        return 3;
    }
}
