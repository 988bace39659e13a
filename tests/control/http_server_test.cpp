// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/control/http_call.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace alert40::test;

namespace {

struct Served {
    explicit Served(HttpServerOptions options = {}) : http(std::move(options), callers)
    {
        http.route("GET", "/things/{name}", Needs::nothing, [](const HttpRequest& request) {
            return json_response(nlohmann::json{{"name", request.parameters.at("name")}, {"q", request.asked("q")}});
        });
        http.route("GET", "/things/known", Needs::nothing, [](const HttpRequest&) { return HttpResponse{}; });
        http.route("POST", "/things", Needs::learner, [](const HttpRequest& request) {
            return json_response(nlohmann::json{{"port", member<unsigned>(request.json(), "port")}}, 201);
        });
        http.route("DELETE", "/things/{name}", Needs::trainer, [](const HttpRequest&) { return HttpResponse{204}; });
        http.stream("/events", Needs::nothing, [this](const HttpRequest&, std::shared_ptr<Watcher> watcher) {
            const std::lock_guard lock(mutex);
            watchers.push_back(std::move(watcher));
        });
        http.start();
    }
    Answer ask(const std::string& method, const std::string& path, const std::string& body = {},
               const std::string& fields = "Host: localhost\r\n")
    {
        return call(http.port(), request_text(method, path, body, fields));
    }

    Callers callers;
    std::mutex mutex;
    std::vector<std::shared_ptr<Watcher>> watchers;
    HttpServer http; // last: its threads end first
};

std::string head_of_stream(HttpLine& line)
{
    line.say(request_text("GET", "/events"));
    return line.hear("retry: 1000\n\n");
}

} // namespace

TEST_CASE("a path's named parts and the query reach the handler", "[control][http]")
{
    Served served;
    const auto answer = served.ask("GET", "/things/a%20b?q=1%2B1");
    CHECK(answer.status == 200);
    CHECK(answer.json() == nlohmann::json{{"name", "a b"}, {"q", "1+1"}});
}

TEST_CASE("a pattern without names comes before one with them", "[control][http]")
{
    Served served;
    CHECK(served.ask("GET", "/things/known").body.empty());
}

TEST_CASE("what does not exist is told as problem+json", "[control][http]")
{
    Served served;
    const auto answer = served.ask("GET", "/nothing");
    CHECK(answer.status == 404);
    CHECK(answer.head.find("application/problem+json") != std::string::npos);
    CHECK(answer.json()["status"] == 404);
    const auto wrong = served.ask("PUT", "/things/a", "{}");
    CHECK(wrong.status == 405);
    CHECK(wrong.head.find("Allow: GET, DELETE\r\n") != std::string::npos);
    CHECK(wrong.json()["detail"] == "/things/a takes GET, DELETE");
}

TEST_CASE("a state-changing call needs a token that is known and enough", "[control][http]")
{
    Served served;
    const auto learner = served.callers.add_learner("Ada");
    CHECK(served.ask("POST", "/things", R"({"port":1})").status == 401);
    CHECK(served.ask("POST", "/things", R"({"port":1})", bearer("wrong")).status == 401);
    CHECK(served.ask("POST", "/things", R"({"port":1})", bearer(learner)).status == 201);
    CHECK(served.ask("DELETE", "/things/a", "", bearer(learner)).status == 403);
    CHECK(served.ask("DELETE", "/things/a", "", bearer(served.callers.trainer_token())).status == 204);
}

TEST_CASE("a call by a foreign name or from a foreign page is refused", "[control][http]")
{
    Served served;
    CHECK(served.ask("GET", "/things/a", "", "Host: evil.example\r\n").status == 403);
    CHECK(served.ask("GET", "/things/a", "", "").status == 403);
    CHECK(served.ask("GET", "/things/a", "", "Host: localhost:9\r\nOrigin: http://evil.example\r\n").status == 403);
    CHECK(served.ask("GET", "/things/a", "", "Host: localhost:9\r\nOrigin: null\r\n").status == 403);
    CHECK(served.ask("GET", "/things/a", "", "Host: localhost:9\r\nOrigin: http://localhost:9\r\n").status == 200);
    CHECK(served.ask("GET", "/things/a", "", "Host: lab.localhost:9\r\n").status == 200);
}

TEST_CASE("a body that is too large, nested too deeply or no JSON is refused", "[control][http]")
{
    Served served;
    const auto token = bearer(served.callers.trainer_token());
    CHECK(served.ask("POST", "/things", std::string(1024 * 1024 + 1, ' '), token).status == 413);
    CHECK(served.ask("POST", "/things", std::string(100'000, '['), token).status == 400);
    CHECK(served.ask("POST", "/things", "{\"port\":", token).status == 400);
    CHECK(served.ask("POST", "/things", "[1]", token).status == 400);
    CHECK(served.ask("POST", "/things", "{}", token).json()["detail"] == "\"port\" is to be a whole number");
    CHECK(served.ask("POST", "/things", R"({"port":-1})", token).status == 400);
    CHECK(served.ask("POST", "/things", R"({"port":5000000000})", token).status == 400);
    const auto chunked =
        call(served.http.port(), "POST /things HTTP/1.1\r\n" + token + "Transfer-Encoding: chunked\r\n\r\n");
    CHECK(chunked.status == 411);
}

TEST_CASE("a watcher reads what is sent, and the stream's end", "[control][http]")
{
    Served served;
    HttpLine line(served.http.port());
    CHECK(head_of_stream(line).find("text/event-stream") != std::string::npos);
    served.watchers.at(0)->send(event_frame("step", "one\ntwo", "7"));
    CHECK(line.hear("\n\n").find("event: step\nid: 7\ndata: one\ndata: two\n\n") != std::string::npos);
    served.watchers.at(0)->close();
    CHECK(line.hear_all().empty());
}

TEST_CASE("watchers over the cap get a 503, and the API goes on", "[control][http]")
{
    HttpServerOptions options;
    options.most_watchers = 2;
    Served served(std::move(options));
    HttpLine first(served.http.port());
    HttpLine second(served.http.port());
    head_of_stream(first);
    head_of_stream(second);
    const auto third = served.ask("GET", "/events");
    CHECK(third.status == 503);
    CHECK(third.head.find("Retry-After: 5") != std::string::npos);
    CHECK(served.ask("GET", "/things/a").status == 200);
}

TEST_CASE("a watcher that does not read is dropped when its queue is full", "[control][http]")
{
    Watcher watcher;
    const auto text = std::make_shared<const std::string>(std::string(1024 * 1024, '.'));
    int taken = 0;
    while (taken < 100 && watcher.send(text)) ++taken;
    CHECK(taken == 8);
    CHECK(watcher.was_dropped());
    CHECK(watcher.over());
}

TEST_CASE("a port that is taken is said", "[control][http]")
{
    Served served;
    HttpServerOptions options;
    options.port = served.http.port();
    CHECK_THROWS_WITH(HttpServer(options, served.callers), Catch::Contains("Address already in use"));
}

TEST_CASE("learners' names are checked", "[control][callers]")
{
    Callers callers;
    callers.add_learner("Grace Hopper");
    CHECK_THROWS_AS(callers.add_learner("Grace Hopper"), Problem);
    CHECK_THROWS_AS(callers.add_learner("  "), Problem);
    CHECK_THROWS_AS(callers.add_learner("a\nb"), Problem);
    CHECK_THROWS_AS(callers.add_learner(std::string(41, 'a')), Problem);
    CHECK(callers.learners() == std::vector<std::string>{"Grace Hopper"});
}
