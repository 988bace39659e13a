// SPDX-License-Identifier: GPL-2.0-or-later
// alert40-check lab: everything behind one URL, for a room of people.
#include "client-checks/lab/lab.h"

#include "client-checks/commands.h"
#include "client-checks/process/find_program.h"
#include "client-checks/process/spawn.h"
#include "scenarios/loader/catalogue.h"
#include "scenarios/loader/input_error.h"
#include "server/control/control_address.h"

#include <asio/ip/address.hpp>
#include <asio/signal_set.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

namespace alert40 {
namespace {

void warn(std::string_view text)
{
    fmt::print(stderr, "alert40-check: {}\n", text);
}

void warn_where_others_reach(const std::string& option, const std::string& address)
{
    asio::error_code invalid;
    const auto parsed = asio::ip::make_address(address, invalid);
    if (invalid) throw InputError(fmt::format("{} '{}' is not an address", option, address), option + " 127.0.0.1");
    if (!parsed.is_loopback())
        warn(fmt::format(
            "warning: {} {}, which others can reach; the servers are broken on purpose, and pages and tokens go "
            "unencrypted",
            option, address));
}

/// The browser is nobody's child of ours: it shall outlive the lab.
void open_browser(const std::string& url)
{
    if (!find_program("xdg-open") || !find_program("setsid"))
        return warn("no browser could be opened: xdg-open is missing (xdg-utils); open the URL by hand");
    Command command;
    command.argv = {"sh", "-c", "exec setsid --fork xdg-open \"$1\" </dev/null >/dev/null 2>&1", "sh", url};
    const pid_t pid = spawn_in_foreground(command);
    int status = 0;
    waitpid(pid, &status, 0);
}

void tell(const Lab& lab, bool json)
{
    const auto root = lab.root_file().string();
    if (json)
        fmt::print(
            "{}\n",
            nlohmann::ordered_json{
                {"event", "ready"}, {"url", lab.url()}, {"join", lab.join_url()}, {"port", lab.port()}, {"root", root}}
                .dump());
    else
        fmt::print("The lab, for you alone      {}\n"
                   "For everybody in the room   {}\n"
                   "All scenarios, by name      https://localhost:{}/\n"
                   "The root to trust           {}\n"
                   "ready; Ctrl-C ends it\n",
                   lab.url(), lab.join_url(), lab.port(), root);
    std::fflush(stdout);
}

} // namespace

int run_lab(const LabOptions& options)
{
    const auto control = control_address(options.control);
    if (!control) throw InputError("the lab is its control API and pages", "--control ADDRESS:PORT");
    warn_where_others_reach("--listen", options.listen);
    warn_where_others_reach("--control", control->address);
    LabSettings settings;
    settings.data = options.data;
    settings.state_directory = options.state_directory;
    settings.self = options.self;
    settings.client_files = options.client_files;
    settings.results = options.results;
    settings.listen = options.listen;
    settings.port = options.port;
    settings.control_address = control->address;
    settings.control_port = control->port;
    settings.threads = options.threads;
    settings.bind_later = options.scenarios.empty(); // the catalogue is known to be good
    settings.client_timeout = std::chrono::milliseconds(static_cast<long>(options.timeout_seconds * 1000));
    settings.warn = warn;

    Lab lab(std::move(settings), load_scenarios(select_scenarios(options.data, options.scenarios)));
    asio::io_context io(1); // before there are children: no signal ends us and leaves them
    asio::signal_set signals(io, SIGINT, SIGTERM);
    if (options.open) open_browser(lab.url());
    lab.start();
    tell(lab, options.json);
    signals.async_wait([](const asio::error_code&, int) {});
    io.run();
    lab.stop();
    return 0;
}

} // namespace alert40
