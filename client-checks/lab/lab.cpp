// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/lab.h"

#include "client-checks/lab/diagnoses.h"
#include "client-checks/lab/exercises.h"
#include "client-checks/lab/lab_clients.h"
#include "client-checks/lab/lab_description.h"
#include "client-checks/lab/own_address.h"
#include "client-checks/lab/served_room.h"
#include "client-checks/lab/static_files.h"
#include "server/control/control_api.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

ServingOptions serving_options(const LabSettings& settings, ConnectionLog& log)
{
    ServingOptions options;
    options.data = settings.data;
    options.state_directory = settings.state_directory;
    options.listen = settings.listen;
    options.threads = settings.threads;
    options.program = "alert40-check";
    options.bind_later = settings.bind_later;
    options.log = &log;
    options.warn = settings.warn;
    return options;
}

HttpServerOptions http_options(const LabSettings& settings)
{
    HttpServerOptions options;
    options.address = settings.control_address;
    options.port = settings.control_port;
    return options;
}

ClientWorkerOptions worker_options(const LabSettings& settings, const Serving& serving)
{
    ClientWorkerOptions options;
    options.data = settings.data;
    options.state_directory = serving.root_file().parent_path();
    options.self = settings.self;
    options.client_files = settings.client_files;
    options.timeout = settings.client_timeout;
    return options;
}

std::string web_address(const std::string& address, unsigned port)
{
    return fmt::format("http://{}:{}/", address.find(':') == std::string::npos ? address : "[" + address + "]", port);
}

/// The first route of its path answers: it stands before the control API's own.
struct Description {
    explicit Description(HttpServer& http)
    {
        http.route("GET", "/api/openapi.json", Needs::nothing,
                   [&http](const HttpRequest&) { return json_response(describe_lab(http.routes())); });
    }
};

} // namespace

struct Lab::Inside {
    Inside(LabSettings wanted, std::vector<Scenario> scenarios)
        : settings(std::move(wanted)),
          pages(settings.data / "client-checks" / "lab" / "pages"),
          answers(settings.data, settings.results),
          events(log),
          serving(serving_options(settings, log), std::move(scenarios)),
          http(http_options(settings), callers),
          description(http),
          control(http, serving, log, events, callers),
          worker(worker_options(settings, serving)),
          runs(log),
          clients(worker, runs, answers, serving, [this](const ClientRun& run) { tell(run); }),
          diagnoses(settings.data, serving, log, runs),
          room(serving, log, worker, runs),
          exercises({settings.data}, room, serving.scenarios())
    {
        if (!settings.results.empty()) answers.load(); // what is wrong with it is told now
        serving.subscribe(events.listeners());
        log.subscribe([this](const ConnectionNews& news) {
            if (news.kind == ConnectionNews::Kind::opened) runs.came(news.connection);
        });
        clients.mount(http);
        diagnoses.mount(http);
        exercises.mount(http);
        mount_pages(); // last: what no other route has
        common = listen(settings.port);
        serving.start();
        control.remember();
    }

    ListenerView listen(unsigned port);
    void mount_pages();
    void tell(const ClientRun& run);

    LabSettings settings;
    StaticFiles pages;
    StoredAnswers answers;
    ConnectionLog log;
    EventBus events;
    Callers callers;
    Serving serving;
    HttpServer http;
    Description description;
    ControlApi control;
    ClientWorker worker;
    ClientRuns runs;
    LabClients clients;
    Diagnoses diagnoses;
    ServedRoom room;
    Exercises exercises;
    ListenerView common;
};

/// A port that cannot be had is no call's problem here, but the machine's.
ListenerView Lab::Inside::listen(unsigned port)
{
    try {
        return serving.listen_on_common_port(port);
    } catch (const Problem& problem) {
        throw std::runtime_error(problem.detail());
    }
}

/// To everybody; a run that shows a hidden scenario to the trainer alone.
void Lab::Inside::tell(const ClientRun& run)
{
    EventBus::Event event;
    event.name = "run";
    event.data = runs.summary_json(run).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    event.listener = run.listener;
    event.hidden = run.hidden;
    events.publish(std::move(event));
}

void Lab::Inside::mount_pages()
{
    const auto give = [this](const HttpRequest& request) -> HttpResponse {
        auto file = pages.find(request.path);
        if (!file) throw Problem(404, "There is no such page", fmt::format("nothing is at {}", request.path));
        return {200, std::move(file->type), std::move(file->body), {{"Cache-Control", "no-cache"}}};
    };
    http.route("GET", "/", Needs::nothing, give);
    http.route("GET", "/{path*}", Needs::nothing, give);
}

Lab::Lab(LabSettings settings, std::vector<Scenario> scenarios)
    : inside_(std::make_unique<Inside>(std::move(settings), std::move(scenarios)))
{
}

Lab::~Lab()
{
    stop();
}

void Lab::start()
{
    inside_->http.start();
    inside_->worker.start();
}

void Lab::stop()
{
    inside_->worker.stop(); // first: calls may wait for its clients
    inside_->http.stop();
    inside_->serving.stop();
}

std::string Lab::url() const
{
    const auto address = address_for_us(inside_->settings.control_address);
    return web_address(address, inside_->http.port()) + "#token=" + inside_->callers.trainer_token();
}

std::string Lab::join_url() const
{
    const auto address = address_for_others(inside_->settings.control_address);
    return web_address(address, inside_->http.port()) + "join";
}

unsigned Lab::port() const
{
    return inside_->common.port;
}

std::filesystem::path Lab::root_file() const
{
    return inside_->serving.root_file();
}

} // namespace alert40
