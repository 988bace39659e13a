// SPDX-License-Identifier: GPL-2.0-or-later
// alert40-server: a TLS server that fails on purpose, exactly as a scenario asks.
#include "scenarios/loader/data_files.h"
#include "scenarios/loader/input_error.h"
#include "server/commands.h"
#include "server/stack/tls_context.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <csignal>
#include <system_error>

namespace {

constexpr const char* kExamples = R"(Examples:
  alert40-server serve cipher/no-shared-cipher-tls12      one scenario on a free port of 127.0.0.1
  alert40-server serve --all --log json                   every scenario on one port, by server name, and a port each
  alert40-server serve mine.toml --fixed --port 4433      a scenario of your own, with its fix applied
  alert40-server serve sni --persona haproxy              the same causes with the alerts and manners of HAProxy
  alert40-server serve group --capture /tmp/captures      each connection as a file that Wireshark opens and decrypts
  alert40-server show certificate/expired-tls13           what it is, what the wire will show, how it is fixed
  alert40-server validate mine.toml                       errors with file:line:column
)";

int run(int argc, char** argv)
{
    CLI::App app{"alert40-server: a TLS server that fails on purpose, exactly as a scenario asks"};
    app.footer(kExamples);
    app.set_version_flag("--version", fmt::format("alert40-server {} ({})", ALERT40_VERSION, alert40::stack_version()));
    app.require_subcommand(1);
    app.fallthrough();
    std::filesystem::path data;
    app.add_option("--data", data, "The folder with scenarios/, certs/, client-checks/");

    alert40::ServeOptions serve;
    auto* serve_command = app.add_subcommand("serve", "Serve scenarios until SIGTERM or SIGINT");
    serve_command->add_option("scenarios", serve.scenarios, "Ids, families, files or folders");
    serve_command->add_flag("--all", serve.all, "Every scenario of the catalogue");
    serve_command->add_flag("--fixed", serve.fixed, "With the fix applied");
    serve_command->add_option("--persona", serve.persona,
                              "Refuse as this server software does (server/personas), whatever the scenario says");
    serve_command->add_option("--listen", serve.listen, "Address to listen on")->capture_default_str();
    serve_command->add_option("--port", serve.port, "Port; 0: a free one")
        ->check(CLI::Range(0, 65535))
        ->capture_default_str();
    serve_command->add_option("--control", serve.control,
                              "The control API: PORT, ADDR:PORT or off; else a free port of 127.0.0.1");
    serve_command->add_option("--threads", serve.threads, "Threads that share each port")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    serve_command
        ->add_option("--max-connections", serve.max_connections, "Connections at once, over all ports of a thread")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    serve_command->add_flag("--quiet", serve.quiet, "No line per handshake");
    serve_command->add_option("--log", serve.log, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    serve_command->add_option("--state-dir", serve.state_directory, "Where the root and keys are kept");

    serve_command->add_option("--capture", serve.capture,
                              "A folder for a capture of each connection (pcapng, with its secrets)");
    serve_command->add_option("--keylog", serve.key_log, "A file that secrets are appended to, as SSLKEYLOGFILE does");

    bool json = false;
    auto* list_command = app.add_subcommand("list", "The scenarios, by family");
    list_command->add_flag("--json", json, "As JSON");

    std::string name;
    auto* show_command = app.add_subcommand("show", "One scenario");
    show_command->add_option("scenario", name, "Its id, or a file")->required();
    show_command->add_flag("--json", json, "As JSON");

    std::vector<std::string> files;
    bool schema = false;
    auto* validate_command =
        app.add_subcommand("validate", "Check scenario files: load, and a dry bind, faulty and fixed");
    validate_command->add_option("files", files, "Files, ids or folders; every scenario where none is given");
    validate_command->add_flag("--schema", schema, "Print the JSON Schema of scenario files instead");
    validate_command->add_option("--state-dir", serve.state_directory, "Where the root and keys are kept");

    std::filesystem::path out;
    auto* root_command = app.add_subcommand("root", "The root certificate that clients have to trust, as PEM");
    root_command->add_option("--out", out, "A file instead of standard output");
    root_command->add_option("--state-dir", serve.state_directory, "Where the root and keys are kept");

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (root_command->parsed()) return alert40::run_root(serve.state_directory, out);
    if (validate_command->parsed() && schema) return alert40::run_schema();
    data = alert40::find_data(data);
    if (list_command->parsed()) return alert40::run_list(data, json);
    if (show_command->parsed()) return alert40::run_show(data, name, json);
    if (validate_command->parsed()) return alert40::run_validate(data, serve.state_directory, files);
    serve.data = data;
    return alert40::run_serve(serve);
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN); // a reader of our output that goes away is an error of write(), not our end
    try {
        return run(argc, argv);
    } catch (const alert40::InputError& error) {
        fmt::print(stderr, "alert40-server: {}\n", error.what());
        return 2;
    } catch (const std::exception& error) {
        fmt::print(stderr, "alert40-server: {}\n", error.what());
        return 3;
    }
}
