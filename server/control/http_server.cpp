// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/http_server.h"

#include "scenarios/loader/input_error.h"
#include "server/control/growing_pool.h"
#include "server/control/guard.h"
#include "server/control/route_pattern.h"

#include <asio/ip/address.hpp>
#include <atomic>
#include <cstring>
#include <fmt/format.h>
#include <sys/socket.h>

namespace alert40 {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kThreadsForCalls = 32; // beside one for each watcher
constexpr time_t kPatience = 5;              // seconds for a peer to go on reading or writing
constexpr milliseconds kLook{1000};          // how often a stream without events looks whether its reader is there
constexpr int kHeartbeatEvery = 15;          // looks
constexpr std::size_t kPiece = 256 * 1024;   // octets of a stream that are written at once
constexpr std::string_view kPolicy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
                                     "form-action 'self'; frame-ancestors 'none'";

struct Entry {
    std::string method;
    std::string text;
    RoutePattern pattern;
    Needs needs;
    HttpServer::Handler handler;
    HttpServer::OpenStream open; // of a stream
};

/// A port belongs to one process: httplib's own options would let others of the same user share it.
void set_socket_options(socket_t socket)
{
    const int on = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
}

void give(const HttpResponse& from, httplib::Response& to)
{
    to.status = from.status;
    to.set_content(from.body, from.type);
    for (const auto& [name, value] : from.headers) {
        to.headers.erase(name);
        to.set_header(name, value);
    }
}

void set_common_headers(httplib::Response& response)
{
    response.set_header("Cache-Control", "no-store");
    response.set_header("X-Content-Type-Options", "nosniff");
    response.set_header("Content-Security-Policy", std::string(kPolicy));
    response.set_header("Referrer-Policy", "no-referrer");
    response.set_header("Cross-Origin-Resource-Policy", "same-origin");
}

/// What httplib itself has refused.
Problem problem_of(int status, std::size_t longest_body)
{
    if (status == 413) return {413, "The body is too large", fmt::format("at most {} octets are taken", longest_body)};
    if (status == 414) return {414, "The URL is too long", "ask for less at once"};
    return {status, "The request cannot be read", "HTTP/1.1 as in RFC 9112 is spoken here"};
}

void check_origin(const httplib::Request& request, const std::string& bound)
{
    const auto host = request.get_header_value("Host");
    if (request.get_header_value_count("Host") > 1 || !is_own_host(host, bound))
        throw Problem(403, "This host is not served here",
                      fmt::format("Host: '{}' is no name of this server; call it by its address ({}) or as localhost",
                                  host, bound));
    if (!request.has_header("Origin")) return;
    const auto origin = request.get_header_value("Origin");
    if (!is_same_origin(origin, host))
        throw Problem(403, "Pages of other origins may not call",
                      fmt::format("Origin: '{}' is not http://{}; open the lab's own page, or call without a browser",
                                  origin, host));
}

/// httplib bounds a body by its Content-Length, and no other.
void check_body(const httplib::Request& request)
{
    if (request.has_header("Transfer-Encoding"))
        throw Problem(411, "The body's length is missing", "send Content-Length instead of Transfer-Encoding");
    if (request.has_header("Content-Encoding"))
        throw Problem(415, "The body is encoded", "send it without Content-Encoding");
}

Caller who_calls(const httplib::Request& request, const Callers& callers)
{
    if (!request.has_header("Authorization")) return {};
    constexpr std::string_view kBearer = "Bearer ";
    const auto field = request.get_header_value("Authorization");
    const auto caller =
        field.starts_with(kBearer) ? callers.find(std::string_view(field).substr(kBearer.size())) : std::nullopt;
    if (!caller)
        throw Problem(401, "The token is not known",
                      "send 'Authorization: Bearer TOKEN' with the token that was printed at start, or a learner's");
    return *caller;
}

void check_rights(Needs needs, const Caller& caller)
{
    if (needs == Needs::nothing || caller.is_trainer()) return;
    if (caller.kind == Caller::Kind::nobody)
        throw Problem(401, "A token is needed",
                      "send 'Authorization: Bearer TOKEN' with the token that was printed at start, or a learner's");
    if (needs == Needs::trainer) throw Problem(403, "This is for the trainer", "a learner's token does not do it");
}

HttpRequest request_of(const httplib::Request& from)
{
    HttpRequest to;
    to.method = from.method;
    to.path = from.path;
    to.body = from.body;
    to.last_event_id = from.get_header_value("Last-Event-ID");
    for (const auto& [name, value] : from.params) to.query.emplace(name, value);
    return to;
}

} // namespace

struct HttpServer::Inside {
    Inside(HttpServerOptions with, const Callers& known) : options(std::move(with)), callers(known) {}

    void set_up();
    void bind();
    void answer(const httplib::Request& request, httplib::Response& response);
    void dispatch(const httplib::Request& request, httplib::Response& response);
    std::pair<const Entry*, std::map<std::string, std::string>> find(const httplib::Request& request,
                                                                     httplib::Response& response) const;
    void open(const Entry& entry, const HttpRequest& request, httplib::Response& response);
    void close_watchers();

    HttpServerOptions options;
    const Callers& callers;
    httplib::Server http;
    std::vector<Entry> entries;
    int port = 0;
    std::thread thread;
    std::atomic<std::size_t> watchers{0};
    std::mutex mutex; // for the list and `stopping`
    std::vector<std::weak_ptr<Watcher>> open_watchers;
    bool stopping = false;
};

void HttpServer::Inside::set_up()
{
    http.new_task_queue = [this] { return new GrowingPool(options.most_watchers + kThreadsForCalls); };
    http.set_socket_options(set_socket_options);
    http.set_tcp_nodelay(true);
    http.set_payload_max_length(options.longest_body);
    http.set_read_timeout(kPatience);
    http.set_write_timeout(kPatience);
    http.set_keep_alive_max_count(1); // an idle connection would hold a thread
    http.set_keep_alive_timeout(2);   // for the first request to come
    http.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
        const bool has_body =
            request.has_header("Content-Length") && request.method != "GET" && request.method != "HEAD";
        const bool unbounded = request.has_header("Transfer-Encoding") || request.has_header("Content-Encoding");
        if (has_body && !unbounded) return httplib::Server::HandlerResponse::Unhandled; // when it has been read
        answer(request, response);
        return httplib::Server::HandlerResponse::Handled;
    });
    const auto handler = [this](const httplib::Request& request, httplib::Response& response) {
        answer(request, response);
    };
    http.Post(".*", handler);
    http.Patch(".*", handler);
    http.Put(".*", handler);
    http.Delete(".*", handler);
    http.Options(".*", handler);
    http.set_error_handler([this](const httplib::Request&, httplib::Response& response) {
        if (!response.body.empty()) return;
        set_common_headers(response);
        give(problem_response(problem_of(response.status, options.longest_body)), response);
    });
}

void HttpServer::Inside::bind()
{
    const int wanted = static_cast<int>(options.port);
    errno = 0;
    if (wanted == 0)
        port = http.bind_to_any_port(options.address);
    else
        port = http.bind_to_port(options.address, wanted) ? wanted : -1;
    if (port > 0) return;
    throw std::runtime_error(fmt::format("the control API cannot listen on {} port {}: {}", options.address,
                                         options.port, errno != 0 ? std::strerror(errno) : "no such address"));
}

void HttpServer::Inside::answer(const httplib::Request& request, httplib::Response& response)
{
    set_common_headers(response);
    try {
        dispatch(request, response);
    } catch (const Problem& problem) {
        give(problem_response(problem), response);
    } catch (const InputError& error) {
        give(problem_response({400, "Bad input", error.what()}), response);
    } catch (const std::exception& error) {
        give(problem_response({500, "The server failed", error.what()}), response);
    }
}

void HttpServer::Inside::dispatch(const httplib::Request& request, httplib::Response& response)
{
    check_origin(request, options.address);
    check_body(request);
    const auto caller = who_calls(request, callers);
    const auto [entry, parameters] = find(request, response);
    check_rights(entry->needs, caller);
    HttpRequest asked = request_of(request);
    asked.parameters = parameters;
    asked.caller = caller;
    if (entry->open) return open(*entry, asked, response);
    give(entry->handler(asked), response);
}

/// Throws Problem 404 or 405.
std::pair<const Entry*, std::map<std::string, std::string>> HttpServer::Inside::find(const httplib::Request& request,
                                                                                     httplib::Response& response) const
{
    std::string methods;
    for (const auto& entry : entries) {
        const auto parameters = entry.pattern.match(request.path);
        if (!parameters) continue;
        const bool fits =
            entry.method == request.method || (request.method == "HEAD" && entry.method == "GET" && !entry.open);
        if (fits) return {&entry, *parameters};
        if (!entry.pattern.takes_rest()) methods += (methods.empty() ? "" : ", ") + entry.method;
    }
    if (!methods.empty()) response.set_header("Allow", methods); // RFC 9110, section 15.5.6
    if (!methods.empty())
        throw Problem(405, "The method does not fit", fmt::format("{} takes {}", request.path, methods));
    throw Problem(404, "There is nothing here",
                  fmt::format("{}: GET /api/openapi.json lists what there is", request.path));
}

void HttpServer::Inside::open(const Entry& entry, const HttpRequest& request, httplib::Response& response)
{
    if (watchers.fetch_add(1) >= options.most_watchers) {
        --watchers;
        response.set_header("Retry-After", "5");
        throw Problem(503, "Too many watch already",
                      fmt::format("{} event streams are open, which is the cap; close one, or ask again later",
                                  options.most_watchers));
    }
    const std::shared_ptr<int> counted(new int(0), [this](const int* each) {
        delete each;
        --watchers;
    });
    auto watcher = std::make_shared<Watcher>();
    entry.open(request, watcher);
    {
        const std::lock_guard lock(mutex);
        if (stopping) watcher->close();
        std::erase_if(open_watchers, [](const auto& each) { return each.expired(); });
        open_watchers.push_back(watcher);
    }
    const auto write = [counted, watcher, begun = false, looks = 0](std::size_t, httplib::DataSink& sink) mutable {
        const auto send = [&](std::string_view text) {
            while (!text.empty() && !watcher->was_dropped()) {
                const auto piece = text.substr(0, kPiece);
                if (!sink.write(piece.data(), piece.size())) return false;
                text.remove_prefix(piece.size());
            }
            return text.empty();
        };
        if (!std::exchange(begun, true)) return send("retry: 1000\n\n");
        if (const auto text = watcher->next(kLook)) return send(*text);
        if (watcher->over()) {
            sink.done();
            return true;
        }
        if (++looks % kHeartbeatEvery == 0) return send(": still here\n\n");
        return sink.is_writable();
    };
    const auto release = [watcher](bool) { watcher->close(); };
    // Not in chunks: httplib copies each twice. The stream ends with the connection (RFC 9112, section 6.3).
    response.set_content_provider("text/event-stream", write, release);
}

void HttpServer::Inside::close_watchers()
{
    const std::lock_guard lock(mutex);
    stopping = true;
    for (const auto& each : open_watchers)
        if (const auto watcher = each.lock()) watcher->close();
}

HttpServer::HttpServer(HttpServerOptions options, const Callers& callers)
    : inside_(std::make_unique<Inside>(std::move(options), callers))
{
    inside_->set_up();
    inside_->bind();
}

HttpServer::~HttpServer()
{
    stop();
}

void HttpServer::route(std::string method, std::string pattern, Needs needs, Handler handler)
{
    RoutePattern parsed(pattern);
    inside_->entries.push_back(
        {std::move(method), std::move(pattern), std::move(parsed), needs, std::move(handler), {}});
}

void HttpServer::stream(std::string pattern, Needs needs, OpenStream open)
{
    RoutePattern parsed(pattern);
    inside_->entries.push_back({"GET", std::move(pattern), std::move(parsed), needs, {}, std::move(open)});
}

std::vector<HttpServer::Route> HttpServer::routes() const
{
    std::vector<Route> routes;
    for (const auto& entry : inside_->entries) routes.push_back({entry.method, entry.text, entry.needs});
    return routes;
}

void HttpServer::start()
{
    const auto exactness = [](const Entry& left, const Entry& right) {
        const auto key = [](const Entry& entry) {
            return std::pair(entry.pattern.takes_rest(), entry.pattern.named());
        };
        return key(left) < key(right);
    };
    std::stable_sort(inside_->entries.begin(), inside_->entries.end(), exactness);
    inside_->thread = std::thread([this] { inside_->http.listen_after_bind(); });
    while (!inside_->http.is_running()) std::this_thread::yield(); // stop() before that would be lost
}

void HttpServer::stop()
{
    if (!inside_->thread.joinable()) return;
    inside_->close_watchers();
    inside_->http.stop();
    inside_->thread.join();
}

unsigned HttpServer::port() const
{
    return static_cast<unsigned>(inside_->port);
}

std::string HttpServer::url() const
{
    const auto address = asio::ip::make_address(inside_->options.address);
    const auto shown =
        address.is_unspecified() ? std::string(address.is_v6() ? "::1" : "127.0.0.1") : address.to_string();
    return fmt::format("http://{}:{}/", address.is_v6() ? "[" + shown + "]" : shown, port());
}

std::size_t HttpServer::watchers() const
{
    return inside_->watchers;
}

std::size_t HttpServer::most_watchers() const
{
    return inside_->options.most_watchers;
}

} // namespace alert40
