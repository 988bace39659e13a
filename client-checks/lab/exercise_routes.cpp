// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/exercises.h"

namespace alert40 {
namespace {

const std::string& id_of(const HttpRequest& request)
{
    return request.parameters.find("id")->second;
}

HttpResponse file_response(std::string body, std::string type, const std::string& name)
{
    HttpResponse response;
    response.type = std::move(type);
    response.body = std::move(body);
    response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + "\"");
    return response;
}

} // namespace

void Exercises::mount(HttpServer& http)
{
    http.route("GET", "/api/curricula", Needs::nothing,
               [this](const HttpRequest&) { return json_response(curricula()); });
    http.route("GET", "/api/curricula/{id}", Needs::nothing, [this](const HttpRequest& request) {
        return json_response(curriculum(id_of(request), request.caller));
    });
    http.route("GET", "/api/curricula/{id}/notes", Needs::trainer,
               [this](const HttpRequest& request) { return json_response(notes(id_of(request), request.caller)); });
    http.route("GET", "/api/curricula/{id}/handout.md", Needs::nothing, [this](const HttpRequest& request) {
        return file_response(curriculum_handout(id_of(request), request.caller.is_trainer()),
                             "text/markdown; charset=utf-8", id_of(request) + ".md");
    });
    http.route("GET", "/api/exercises", Needs::learner,
               [this](const HttpRequest& request) { return json_response(list(request.caller)); });
    http.route("POST", "/api/exercises", Needs::learner, [this](const HttpRequest& request) {
        return json_response(create(request.json(), request.caller), 201);
    });
    http.route("GET", "/api/exercises/{id}", Needs::learner,
               [this](const HttpRequest& request) { return json_response(find(id_of(request), request.caller)); });
    http.route("POST", "/api/exercises/{id}/evidence", Needs::learner, [this](const HttpRequest& request) {
        return json_response(evidence(id_of(request), request.json(), request.caller));
    });
    http.route("POST", "/api/exercises/{id}/answer", Needs::learner, [this](const HttpRequest& request) {
        return json_response(answer(id_of(request), request.json(), request.caller));
    });
    http.route("POST", "/api/exercises/{id}/give-up", Needs::learner,
               [this](const HttpRequest& request) { return json_response(give_up(id_of(request), request.caller)); });
    http.route("POST", "/api/exercises/{id}/fix", Needs::learner,
               [this](const HttpRequest& request) { return json_response(try_fix(id_of(request), request.caller)); });
    http.route("GET", "/api/exercises/{id}/capture.pcapng", Needs::learner, [this](const HttpRequest& request) {
        const Bytes file = capture(id_of(request), request.caller);
        return file_response({file.begin(), file.end()}, "application/x-pcapng",
                             "ticket-" + id_of(request) + ".pcapng");
    });
    http.route("GET", "/api/results", Needs::learner,
               [this](const HttpRequest& request) { return json_response(results(request.caller)); });
    http.route("GET", "/api/results.csv", Needs::learner, [this](const HttpRequest& request) {
        return file_response(results_csv(request.caller), "text/csv; charset=utf-8", "results.csv");
    });
}

} // namespace alert40
