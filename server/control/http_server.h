// SPDX-License-Identifier: GPL-2.0-or-later
// The HTTP server of the control API and of the lab. It guards every call in one place (Host, Origin, token, size),
// routes it, and tells every error as application/problem+json. cpp-httplib stays inside.
//
//   HttpServer http({address, port}, callers);     bound: url() is known
//   http.route("GET", "/api/listeners/{name}", Needs::nothing, handler) ...;  http.stream("/api/events", ..., open)
//   http.start();  ...  http.stop();
//
// Handlers run on threads of the server, several at once; each watcher of a stream holds one of them.
#pragma once

#include "server/control/callers.h"
#include "server/control/problem.h"
#include "server/control/watcher.h"

#include <functional>
#include <map>
#include <nlohmann/json.hpp>

namespace alert40 {

struct HttpRequest {
    std::string method;
    std::string path;                              // decoded, without the query
    std::map<std::string, std::string> parameters; // named parts of the path
    std::map<std::string, std::string> query;      // decoded; of several of one name the first
    std::string body;
    std::string last_event_id; // of a stream that is resumed
    Caller caller;

    /// The query's value, empty where it is missing.
    std::string asked(const std::string& name) const;
    /// The body as a JSON object; `{}` for an empty one. Throws Problem 400 with the place of the error.
    nlohmann::json json() const;
};

struct HttpResponse {
    int status = 200;
    std::string type = "text/plain; charset=utf-8";
    std::string body = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
};

HttpResponse json_response(const nlohmann::json& value, int status = 200);
HttpResponse json_response(const nlohmann::ordered_json& value, int status = 200);
/// RFC 9457.
HttpResponse problem_response(const Problem& problem);

/// The member `name` of `object` as a T. Throws Problem 400 where it is missing or of another type.
template <class T> T member(const nlohmann::json& object, const std::string& name);
/// nullopt where it is missing or null.
template <class T> std::optional<T> optional_member(const nlohmann::json& object, const std::string& name);

/// Who may call. A learner's token is enough for `learner`; what a learner may change is the handler's to judge.
enum class Needs { nothing, learner, trainer };

struct HttpServerOptions {
    std::string address = "127.0.0.1"; // numeric
    unsigned port = 0;                 // 0: a free one
    std::size_t most_watchers = 64;
    std::size_t longest_body = 1024 * 1024; // octets
};

class HttpServer {
public:
    /// Throws Problem (403, 404, 409...) and InputError (told as 400) for what the caller did wrong; anything else it
    /// throws is told as 500.
    using Handler = std::function<HttpResponse(const HttpRequest&)>;
    /// Takes the watcher, or throws Problem.
    using OpenStream = std::function<void(const HttpRequest&, std::shared_ptr<Watcher>)>;

    struct Route {
        std::string method;
        std::string pattern;
        Needs needs{};
    };

    /// Binds. `callers` outlives it. Throws std::runtime_error naming address and port where that cannot be.
    HttpServer(HttpServerOptions options, const Callers& callers);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// `pattern`: "/api/listeners/{name}"; "{name}" is one part of the path, a last "{name*}" all that is left of it.
    /// The first that fits answers; one without parameters comes before one with them. Before start().
    void route(std::string method, std::string pattern, Needs needs, Handler handler);
    /// A server-sent event stream by GET. Over most_watchers: 503 with Retry-After.
    void stream(std::string pattern, Needs needs, OpenStream open);
    std::vector<Route> routes() const;

    void start();
    /// Ends every stream and call; returns when the threads have ended.
    void stop();

    unsigned port() const;
    std::string url() const; // "http://127.0.0.1:40111/"
    std::size_t watchers() const;
    std::size_t most_watchers() const;

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

// ---- templates

void refuse_member(const std::string& name, const nlohmann::json* found, const char* wanted);

template <class T> constexpr const char* json_name()
{
    if constexpr (std::is_same_v<T, bool>)
        return "true or false";
    else if constexpr (std::is_integral_v<T>)
        return "a whole number";
    else
        return "a string";
}

template <class T> bool is_json(const nlohmann::json& value)
{
    if constexpr (std::is_same_v<T, bool>)
        return value.is_boolean();
    else if constexpr (std::is_integral_v<T>)
        return value.is_number_unsigned() && value.get<std::uint64_t>() <= std::numeric_limits<T>::max();
    else
        return value.is_string();
}

template <class T> std::optional<T> optional_member(const nlohmann::json& object, const std::string& name)
{
    const auto found = object.find(name);
    if (found == object.end() || found->is_null()) return std::nullopt;
    if (!is_json<T>(*found)) refuse_member(name, &*found, json_name<T>());
    return found->template get<T>();
}

template <class T> T member(const nlohmann::json& object, const std::string& name)
{
    auto value = optional_member<T>(object, name);
    if (!value) refuse_member(name, nullptr, json_name<T>());
    return std::move(*value);
}

} // namespace alert40
