// SPDX-License-Identifier: GPL-2.0-or-later
// The description of the control API. tests/programs/control_test walks every path of it against a running server,
// holds real answers against the schemas, and finds routes that are not described.
#include "server/control/control_api.h"

namespace alert40 {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchemas = R"json({
  "Problem": {"type": "object", "description": "RFC 9457; detail says the remedy", "required": ["title", "status", "detail"],
    "properties": {"title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"}}},
  "Scenario": {"type": "object",
    "required": ["id", "title", "cause", "family", "story", "lesson", "ends", "alert", "phase", "fix", "server_name"],
    "properties": {"id": {"type": "string"}, "title": {"type": "string"}, "cause": {"type": "string"},
      "family": {"type": "string"}, "story": {"type": "string"}, "lesson": {"type": "string"}, "ends": {"type": "string"},
      "alert": {"type": ["string", "null"]}, "phase": {"type": ["string", "null"]},
      "fix": {"type": ["string", "null"], "description": "what the fix does; null: a control, which connects"},
      "server_name": {"type": ["string", "null"], "description": "that a client asks for; null: none"}}},
  "ScenarioDetail": {"allOf": [{"$ref": "#/components/schemas/Scenario"}, {"type": "object",
    "required": ["toml", "server", "client", "expect"],
    "properties": {"toml": {"type": "string", "description": "the scenario file"}, "server": {"type": "object"},
      "client": {"type": "object", "description": "what is asked of the client"}, "expect": {"type": "object"}}}]},
  "Cause": {"type": "object",
    "required": ["id", "title", "family", "alerts", "alert_by", "what", "why", "not_this", "scenario", "confirm", "fix", "myths"],
    "properties": {"id": {"type": "string"}, "title": {"type": "string"}, "family": {"type": "string"},
      "alerts": {"type": "array", "items": {"type": "string"}}, "alert_by": {"type": "string"}, "what": {"type": "string"},
      "why": {"type": "string"}, "not_this": {"type": "string"}, "scenario": {"type": ["string", "null"]},
      "confirm": {"type": "array", "items": {"type": "object", "required": ["command", "shows"]}},
      "fix": {"type": "array", "items": {"type": "object", "required": ["software", "set"]}},
      "myths": {"type": "array", "items": {"type": "object", "required": ["claim", "truth"]}}}},
  "Listener": {"type": "object",
    "required": ["name", "scenario", "fixed", "persona", "addresses", "port", "server_name", "url", "owner", "hidden", "connections"],
    "properties": {"name": {"type": "string", "pattern": "^[a-z0-9.-]+$"},
      "scenario": {"type": ["string", "null"], "description": "null: the common port, or hidden"},
      "fixed": {"type": ["boolean", "null"], "description": "null: hidden"}, "persona": {"type": ["string", "null"]},
      "addresses": {"type": "array", "items": {"type": "string"}}, "port": {"type": "integer", "minimum": 1, "maximum": 65535},
      "server_name": {"type": ["string", "null"]}, "url": {"type": "string"},
      "owner": {"type": ["string", "null"], "description": "a learner's name; null: the trainer"},
      "hidden": {"type": "boolean"}, "connections": {"type": "integer"}}},
  "NewListener": {"type": "object", "required": ["scenario"], "additionalProperties": false,
    "properties": {"scenario": {"type": "string"}, "name": {"type": "string", "pattern": "^[a-z0-9.-]+$", "maxLength": 100},
      "port": {"type": "integer", "minimum": 0, "maximum": 65535, "description": "0: a free one"},
      "fixed": {"type": "boolean"}, "persona": {"type": "string"}}},
  "ListenerChange": {"type": "object", "additionalProperties": false,
    "properties": {"scenario": {"type": "string"}, "fixed": {"type": "boolean"}, "persona": {"type": "string"}}},
  "Listeners": {"type": "object", "required": ["listeners"],
    "properties": {"listeners": {"type": "array", "items": {"$ref": "#/components/schemas/Listener"}}}},
  "Connection": {"type": "object",
    "required": ["id", "listener", "scenario", "fixed", "started", "peer", "state", "ended", "failed", "ja4", "server_name", "duration_us"],
    "properties": {"id": {"type": "integer"}, "listener": {"type": "string"}, "scenario": {"type": ["string", "null"]},
      "fixed": {"type": "boolean"}, "started": {"type": "string", "format": "date-time"}, "peer": {"type": "string"},
      "state": {"enum": ["open", "ended"]}, "ended": {"type": ["string", "null"]}, "failed": {"type": "boolean"},
      "ja4": {"type": ["string", "null"]}, "server_name": {"type": ["string", "null"]}, "duration_us": {"type": "integer"}}},
  "Step": {"type": "object", "required": ["n", "at_us", "from", "kind", "phase", "text"],
    "properties": {"n": {"type": "integer", "minimum": 1}, "at_us": {"type": "integer", "description": "since the accept"},
      "from": {"enum": ["client", "server", "deadline"]},
      "kind": {"enum": ["record", "alert", "fin", "reset", "deadline", "bytes", "plain"]},
      "phase": {"type": "string"}, "type": {"type": "string"}, "version": {"type": "string"}, "length": {"type": "integer"},
      "encrypted": {"type": "boolean"}, "decrypted": {"type": "boolean"},
      "messages": {"type": "array", "items": {"type": "object", "required": ["type", "fields"],
        "properties": {"type": {"type": "string"}, "fields": {"type": "object"}}}},
      "alert": {"type": "object", "required": ["level", "name", "code"],
        "properties": {"level": {"type": "string"}, "name": {"type": "string"}, "code": {"type": "integer"}}},
      "text": {"type": "string"}}},
  "ConnectionDetail": {"allOf": [{"$ref": "#/components/schemas/Connection"}, {"type": "object", "required": ["steps"],
    "properties": {"steps": {"type": "array", "items": {"$ref": "#/components/schemas/Step"}}}}]},
  "Connections": {"type": "object", "required": ["connections", "dropped"],
    "properties": {"connections": {"type": "array", "items": {"$ref": "#/components/schemas/Connection"}},
      "dropped": {"type": "integer", "description": "older ones that made room"}}},
  "Bytes": {"type": "object", "required": ["hex"], "properties": {"hex": {"type": "string", "pattern": "^([0-9a-f]{2})*$"}}},
  "NewLearner": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 40}}},
  "Learner": {"type": "object", "required": ["name", "token"],
    "properties": {"name": {"type": "string"}, "token": {"type": "string"}}},
  "Health": {"type": "object", "required": ["status"], "properties": {"status": {"enum": ["ok"]}}}
})json";

Json schema(const std::string& name)
{
    return {{"$ref", "#/components/schemas/" + name}};
}

Json list_of(const std::string& member, const std::string& item)
{
    const Json items = {{"type", "array"}, {"items", schema(item)}};
    return {{"type", "object"}, {"required", Json::array({member})}, {"properties", {{member, items}}}};
}

Json content(const std::string& type, const Json& of)
{
    return {{type, {{"schema", of}}}};
}

Json parameter(const std::string& in, const std::string& name, const std::string& type, const std::string& description)
{
    return {{"name", name},
            {"in", in},
            {"required", in == "path"},
            {"description", description},
            {"schema", {{"type", type}}}};
}

/// One operation, made up of parts.
class Operation {
public:
    explicit Operation(const std::string& summary) { json_["summary"] = summary; }

    Operation& path(const std::string& name, const std::string& description, const std::string& type = "string")
    {
        json_["parameters"].push_back(parameter("path", name, type, description));
        return *this;
    }
    Operation& query(const std::string& name, const std::string& description, const std::string& type = "string")
    {
        json_["parameters"].push_back(parameter("query", name, type, description));
        return *this;
    }
    Operation& takes(const Json& body)
    {
        json_["requestBody"] = {{"required", true}, {"content", content("application/json", body)}};
        return *this;
    }
    Operation& gives(const std::string& status, const std::string& description, const Json& content_of = {})
    {
        json_["responses"][status]["description"] = description;
        if (!content_of.is_null()) json_["responses"][status]["content"] = content_of;
        return *this;
    }
    Operation& gives_json(const Json& of, const std::string& status = "200")
    {
        return gives(status, "done", content("application/json", of));
    }
    /// Beside what every call may be refused with.
    Operation& refuses(std::initializer_list<const char*> statuses)
    {
        for (const auto* status : statuses) json_["responses"][status] = {{"$ref", "#/components/responses/Problem"}};
        return *this;
    }
    Operation& needs_token()
    {
        json_["security"] = Json::array({{{"token", Json::array()}}});
        return refuses({"401", "403"});
    }
    operator Json() const
    {
        Json whole = json_;
        whole["responses"]["default"] = {{"$ref", "#/components/responses/Problem"}};
        return whole;
    }

private:
    Json json_ = Json::object();
};

Json documents()
{
    const Json text = {{"type", "string"}};
    Json paths;
    paths["/healthz"]["get"] = Operation("Whether the server answers").gives_json(schema("Health"));
    paths["/metrics"]["get"] =
        Operation("Numbers for Prometheus").gives("200", "its text format", content("text/plain", text));
    paths["/root.pem"]["get"] =
        Operation("The root that clients have to trust").gives("200", "PEM", content("application/x-pem-file", text));
    paths["/api/openapi.json"]["get"] = Operation("This description").gives_json({{"type", "object"}});
    return paths;
}

Json catalogue()
{
    Json paths;
    paths["/api/scenarios"]["get"] = Operation("What there is to serve")
                                         .query("family", "of this family only")
                                         .query("cause", "with this cause only")
                                         .query("q", "words that stand in id, title, cause or story")
                                         .gives_json(list_of("scenarios", "Scenario"));
    paths["/api/scenarios/{family}/{name}"]["get"] = Operation("One scenario, with its file")
                                                         .path("family", "the id before the slash")
                                                         .path("name", "the id behind it")
                                                         .gives_json(schema("ScenarioDetail"))
                                                         .refuses({"404"});
    paths["/api/causes"]["get"] = Operation("The root causes").gives_json(list_of("causes", "Cause"));
    paths["/api/causes/{id}"]["get"] =
        Operation("One root cause").path("id", "its id").gives_json(schema("Cause")).refuses({"404"});
    return paths;
}

Json listeners()
{
    Json paths;
    Json& all = paths["/api/listeners"];
    all["get"] = Operation("The listeners; \"all\" is the common port").gives_json(schema("Listeners"));
    all["post"] = Operation("Makes a listener; a learner's token makes one of the learner's own")
                      .takes(schema("NewListener"))
                      .gives_json(schema("Listener"), "201")
                      .needs_token()
                      .refuses({"400", "404", "409", "503"});
    Json& one = paths["/api/listeners/{name}"];
    one["get"] = Operation("One listener").path("name", "its name").gives_json(schema("Listener")).refuses({"404"});
    one["patch"] = Operation("Answers otherwise on the same port; running connections go on as they began")
                       .path("name", "its name")
                       .takes(schema("ListenerChange"))
                       .gives_json(schema("Listener"))
                       .needs_token()
                       .refuses({"400", "404", "409"});
    one["delete"] = Operation("Closes its port; running connections go on to their end")
                        .path("name", "its name")
                        .gives("204", "it is gone")
                        .needs_token()
                        .refuses({"404"});
    const Json wanted = {{"type", "array"}, {"items", schema("NewListener")}};
    paths["/api/populate"]["post"] =
        Operation("Makes or changes these listeners, by name; twice is as once")
            .takes(
                {{"type", "object"}, {"required", Json::array({"listeners"})}, {"properties", {{"listeners", wanted}}}})
            .gives_json(schema("Listeners"))
            .needs_token()
            .refuses({"400", "404", "409", "503"});
    paths["/api/reset"]["post"] = Operation("Back to the listeners that the server started with")
                                      .gives_json(schema("Listeners"))
                                      .needs_token()
                                      .refuses({"409"});
    return paths;
}

Json connections()
{
    Json paths;
    const Json text = {{"type", "string"}};
    paths["/api/connections"]["get"] = Operation("What was connected, in order of arrival")
                                           .query("listener", "that came in there only")
                                           .query("scenario", "that this scenario answered only")
                                           .query("after", "with an id above this one", "integer")
                                           .query("limit", "the newest so many; at most 1000", "integer")
                                           .gives_json(schema("Connections"))
                                           .refuses({"400"});
    const std::string one = "/api/connections/{id}";
    const auto about = [](const std::string& summary) {
        return Operation(summary).path("id", "the connection's id", "integer").refuses({"400", "403", "404"});
    };
    paths[one]["get"] = about("One connection, step by step").gives_json(schema("ConnectionDetail"));
    paths[one + "/steps/{n}/bytes"]["get"] = about("The bytes of one step as they passed")
                                                 .path("n", "the step's number", "integer")
                                                 .gives_json(schema("Bytes"));
    paths[one + "/capture.pcapng"]["get"] =
        about("A capture, with the secrets embedded").gives("200", "pcapng", content("application/x-pcapng", text));
    paths[one + "/keys.log"]["get"] =
        about("The secrets, as SSLKEYLOGFILE has them").gives("200", "lines", content("text/plain", text));
    paths["/api/events"]["get"] =
        Operation("Server-sent events: listener, opened, step, ended, dropped; Last-Event-ID resumes")
            .query("listener", "about this listener only")
            .query("connection", "about this connection only", "integer")
            .gives("200", "the stream", content("text/event-stream", text))
            .refuses({"400", "503"});
    return paths;
}

Json learners()
{
    Json paths;
    paths["/api/learners"]["post"] = Operation("A learner joins, and gets a token")
                                         .takes(schema("NewLearner"))
                                         .gives_json(schema("Learner"), "201")
                                         .refuses({"400", "409", "503"});
    return paths;
}

} // namespace

nlohmann::json openapi_description()
{
    Json description;
    description["openapi"] = "3.1.0";
    description["info"] = {{"title", "alert40 control API"},
                           {"version", "1"},
                           {"description",
                            "Listeners of a TLS server that fails on purpose, and what connects to them. "
                            "Calls that change something need a token."}};
    description["paths"] = Json::object();
    for (const auto& part : {documents(), catalogue(), listeners(), connections(), learners()})
        description["paths"].update(part);
    Json& components = description["components"];
    components["schemas"] = Json::parse(kSchemas);
    components["responses"]["Problem"] = {{"description", "refused"},
                                          {"content", content("application/problem+json", schema("Problem"))}};
    components["securitySchemes"]["token"] = {{"type", "http"}, {"scheme", "bearer"}};
    return nlohmann::json::parse(description.dump());
}

} // namespace alert40
