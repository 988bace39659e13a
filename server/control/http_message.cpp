// SPDX-License-Identifier: GPL-2.0-or-later
// What handlers read and give: http_server.h.
#include "server/control/http_server.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

// Replaced where it is none: a client's bytes may stand in what is told.
constexpr auto kBadUtf8 = nlohmann::json::error_handler_t::replace;

template <class Json> HttpResponse as_json(const Json& value, int status)
{
    return {status, "application/json", value.dump(-1, ' ', false, kBadUtf8) + "\n", {}};
}

} // namespace

std::string HttpRequest::asked(const std::string& name) const
{
    const auto found = query.find(name);
    return found == query.end() ? std::string() : found->second;
}

nlohmann::json HttpRequest::json() const
{
    if (body.empty()) return nlohmann::json::object();
    // The parser calls itself for each level: a body of brackets alone must not use up the stack.
    constexpr int kDeepest = 16;
    bool too_deep = false;
    const auto watch = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
        too_deep = too_deep || depth > kDeepest;
        return !too_deep;
    };
    nlohmann::json value;
    try {
        value = nlohmann::json::parse(body, watch);
    } catch (const nlohmann::json::parse_error& error) {
        throw Problem(400, "This is no JSON", fmt::format("at octet {} of the body: {}", error.byte, error.what()));
    }
    if (too_deep)
        throw Problem(400, "The JSON is nested too deeply", fmt::format("at most {} levels are taken", kDeepest));
    if (!value.is_object()) throw Problem(400, "This is no JSON object", "the body is to be {...}");
    return value;
}

HttpResponse json_response(const nlohmann::json& value, int status)
{
    return as_json(value, status);
}

HttpResponse json_response(const nlohmann::ordered_json& value, int status)
{
    return as_json(value, status);
}

HttpResponse problem_response(const Problem& problem)
{
    const nlohmann::ordered_json told = {
        {"title", problem.title()}, {"status", problem.status()}, {"detail", problem.detail()}};
    HttpResponse response = json_response(told, problem.status());
    response.type = "application/problem+json";
    if (problem.status() == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer"); // RFC 6750, section 3
    return response;
}

void refuse_member(const std::string& name, const nlohmann::json* found, const char* wanted)
{
    if (found == nullptr) throw Problem(400, "A member is missing", fmt::format("\"{}\" is to be {}", name, wanted));
    throw Problem(400, "A member is of another type",
                  fmt::format("\"{}\" is to be {}, and is {}", name, wanted, found->type_name()));
}

} // namespace alert40
