// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/index_page.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

namespace alert40 {
namespace {

constexpr std::string_view kHead = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>alert40: every failure on one port</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 1rem auto; padding: 0 1rem; }}
pre {{ padding: .5rem; overflow-x: auto; border: 1px solid; }}
li {{ margin: .2rem 0; }}
</style></head><body>
<h1>alert40</h1>
<p>A TLS server that fails on purpose. Each name below answers on this port ({port}), and each fails in its own way; this
page itself is served without a fault.</p>
<h2>Trust its root</h2>
<p>The root certificate is made for this machine, is valid for days, and vouches for <code>localhost</code> and
<code>test</code> only: <a href="/root.pem">root.pem</a>. Without it every client reports an unknown authority, whatever
the scenario is about.</p>
<pre>curl -k -o root.pem https://{address}:{port}/root.pem</pre>
<h2>Try one</h2>
<pre>curl -v --cacert root.pem --resolve {name}:{port}:{host} https://{name}:{port}/
openssl s_client -connect {address}:{port} -servername {name} -CAfile root.pem</pre>
<p>Where a scenario exists for TLS 1.2 and TLS 1.3 the name without its version means TLS 1.3:
<code>expired.certificate.localhost</code> is <code>expired-tls13.certificate.localhost</code>.</p>
<h2>{count} scenarios</h2>
)";

std::string escaped(std::string_view text)
{
    std::string html;
    for (const char each : text) {
        if (each == '&')
            html += "&amp;";
        else if (each == '<')
            html += "&lt;";
        else if (each == '>')
            html += "&gt;";
        else if (each == '"')
            html += "&quot;";
        else
            html += each;
    }
    return html;
}

std::string response(std::string_view status, std::string_view type, std::string_view body)
{
    return fmt::format("HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n"
                       "Connection: close\r\n\r\n{}",
                       status, type, body.size(), body);
}

} // namespace

Scenario index_scenario(const std::vector<std::string>& names)
{
    Scenario scenario;
    scenario.id = "alert40/index";
    scenario.title = "The list of all scenarios";
    scenario.cause.value = "none";
    const auto plain = std::make_shared<const ServerSettings>(scenario.server);
    for (const auto& name : names) scenario.server.hosts.push_back({{name, {}}, plain, false});
    return scenario;
}

std::vector<std::string> plain_names(const std::string& listen)
{
    std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};
    const bool everywhere = listen == "0.0.0.0" || listen == "::";
    if (!everywhere && std::ranges::find(names, listen) == names.end()) names.push_back(listen);
    return names;
}

std::string index_page(const std::vector<IndexEntry>& entries, const std::string& listen, unsigned port)
{
    const auto host = listen == "0.0.0.0" ? "127.0.0.1" : listen == "::" ? "::1" : listen;
    const auto address = host.find(':') == std::string::npos ? host : "[" + host + "]";
    std::string page = fmt::format(kHead, fmt::arg("port", port), fmt::arg("host", host), fmt::arg("address", address),
                                   fmt::arg("name", entries.empty() ? "localhost" : entries.front().server_name),
                                   fmt::arg("count", entries.size()));
    std::string family;
    for (const auto& entry : entries) {
        const auto its_family = entry.id.substr(0, entry.id.find('/'));
        if (its_family != family)
            page += fmt::format("{}<h3>{}</h3>\n<ul>\n", family.empty() ? "" : "</ul>\n", escaped(its_family));
        family = its_family;
        page += fmt::format("<li><a href=\"https://{0}:{1}/\">{0}</a>: {2}</li>\n", escaped(entry.server_name), port,
                            escaped(entry.title));
    }
    return page + (family.empty() ? "" : "</ul>\n") + "</body></html>\n";
}

std::string index_answer(const std::string& page, const std::filesystem::path& root_pem, std::string_view request)
{
    if (request.starts_with("GET / ") || request.starts_with("HEAD / "))
        return response("200 OK", "text/html; charset=utf-8", page);
    if (request.starts_with("GET /root.pem ")) {
        std::ifstream file(root_pem, std::ios::binary);
        const std::string pem{std::istreambuf_iterator<char>(file), {}};
        return response("200 OK", "application/x-pem-file", pem);
    }
    return response("404 Not Found", "text/plain; charset=utf-8",
                    "alert40: GET / lists the scenarios, GET /root.pem is the root\n");
}

} // namespace alert40
