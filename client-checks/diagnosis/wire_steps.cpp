// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/wire_steps.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace alert40 {
namespace {

constexpr std::size_t kMostSteps = 60;
constexpr std::chrono::milliseconds kPause{200}; // a silence that is worth a line

std::string_view arrow(Direction direction)
{
    return direction == Direction::client_to_server ? ">" : "<";
}

struct StepOf {
    std::string operator()(const RecordEvent& record) const
    {
        const auto text = [&](std::string_view what) {
            return fmt::format("{} {}{}", arrow(record.direction), what, record.encrypted ? ", encrypted" : "");
        };
        if (record.alert) return text("alert " + display_name(*record.alert));
        if (!record.messages.empty()) {
            std::vector<std::string> messages;
            for (const auto type : record.messages) messages.push_back(name(type));
            return text(fmt::format("{} ({} octets)", fmt::join(messages, ", "), record.length));
        }
        const auto type = record.inner_type.value_or(record.type);
        if (type == ContentType::application_data) return text(name(type)); // whose length says little
        return text(fmt::format("{} ({} octets)", name(type), record.length));
    }
    std::string operator()(const SocketEvent& event) const
    {
        switch (event.kind) {
        case SocketEventKind::client_fin:
            return "> FIN";
        case SocketEventKind::client_reset:
            return "> RST";
        case SocketEventKind::server_fin:
            return "< FIN";
        case SocketEventKind::server_reset:
            return "< RST";
        case SocketEventKind::deadline:
            return "... the server's deadline";
        }
        return {};
    }
    std::string operator()(const OtherBytes& bytes) const
    {
        return fmt::format("{} {} octets that are no TLS", arrow(bytes.direction), bytes.total);
    }
    std::string operator()(const PlainText& text) const
    {
        return fmt::format("{} {} octets before TLS", arrow(text.direction), text.bytes.size());
    }
};

struct Step {
    std::string text;
    std::size_t times = 1;
};

} // namespace

std::vector<std::string> wire_steps(const Transcript& transcript)
{
    std::vector<Step> steps;
    std::chrono::microseconds before{};
    for (const auto& event : transcript.events) {
        const auto at = std::visit([](const auto& each) { return each.at; }, event);
        if (at - before >= kPause)
            steps.push_back({fmt::format("... {:.1f} s", std::chrono::duration<double>(at - before).count())});
        before = at;
        auto text = std::visit(StepOf{}, event);
        if (!steps.empty() && steps.back().text == text)
            ++steps.back().times;
        else
            steps.push_back({std::move(text)});
    }
    std::vector<std::string> lines;
    for (const auto& step : steps) {
        if (lines.size() + 1 == kMostSteps && steps.size() > kMostSteps) {
            lines.push_back(fmt::format("... {} more", steps.size() - lines.size()));
            break;
        }
        lines.push_back(step.times == 1 ? step.text : fmt::format("{} x {}", step.text, step.times));
    }
    return lines;
}

} // namespace alert40
