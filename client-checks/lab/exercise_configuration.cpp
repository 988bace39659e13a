// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/exercise_evidence.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace alert40 {
namespace {

std::string item(const std::string& value)
{
    return value;
}

template <class Value> std::string item(const Value& value)
{
    return name(value);
}

template <class T> std::string selection_text(const std::string& what, const std::optional<Selection<T>>& selection)
{
    if (!selection) return {};
    if (selection->none_offered)
        return fmt::format("{:<22}a list of its own, and none of this client's is in it\n", what);
    std::vector<std::string> names;
    for (const auto& value : selection->values) names.push_back(item(value));
    return fmt::format("{:<22}{}\n", what,
                       names.empty() ? "(an empty list)" : fmt::format("{}", fmt::join(names, ", ")));
}

std::string versions_text(const ServerSettings& server)
{
    if (server.versions_none_offered)
        return "versions              a list of its own, and none of this client's is in it\n";
    std::vector<std::string> names;
    for (const auto version : server.versions) names.push_back(display_name(version));
    return fmt::format("versions              {}\n", fmt::join(names, ", "));
}

std::string certificate_text(const ServerSettings& server)
{
    if (server.certificate.none()) return "certificate           (no line)\n";
    return "certificate           the files are set; what is in them is another question\n";
}

std::string client_certificate_text(ClientCertificate asked)
{
    switch (asked) {
    case ClientCertificate::none:
        return {};
    case ClientCertificate::optional:
        return "client certificate    asked for, not required\n";
    case ClientCertificate::required:
        return "client certificate    required\n";
    }
    return {};
}

std::string hosts_text(const ServerSettings& server)
{
    std::string text;
    for (const auto& host : server.hosts) {
        text += fmt::format("host                  {}{}\n", host.name.value,
                            host.differs ? ", with settings of its own" : "");
        if (!host.differs || host.server == nullptr) continue;
        text += client_certificate_text(host.server->client_certificate);
        text += versions_text(*host.server) + selection_text("cipher suites", host.server->ciphers);
    }
    return text;
}

} // namespace

std::string configuration_text(const ServerSettings& server)
{
    if (!server.listens)
        return "The service is not running: its last start failed, and the reason is in its log of that time.\n";
    std::string text = versions_text(server);
    text += selection_text("cipher suites", server.ciphers);
    text += selection_text("groups", server.groups);
    text += selection_text("signature schemes", server.signature_schemes);
    text += selection_text("ALPN", server.alpn);
    if (server.dh_bits) text += fmt::format("DHE parameters        {} bits\n", server.dh_bits->value);
    text += certificate_text(server) + client_certificate_text(server.client_certificate) + hosts_text(server);
    if (server.require_extended_master_secret) text += "extended master secret required\n";
    if (server.starttls != Starttls::none)
        text += "TLS                   after the protocol's own command (STARTTLS)\n";
    if (!server.in_turn.empty()) text += fmt::format("back ends             {}, in turn\n", server.in_turn.size());
    if (!server.addresses.empty()) text += fmt::format("addresses             {}\n", server.addresses.size());
    if (server.upstream) text += "This is not the server itself: a proxy stands in front of it.\n";
    return text + "Everything else is as the software ships it.\n";
}

} // namespace alert40
