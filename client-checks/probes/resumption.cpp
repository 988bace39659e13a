// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/resumption.h"

#include "server/wire/outcome.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

class Resumer {
public:
    Resumer(const Handshake& first, HandshakePlan plan, std::vector<ResumptionPlace> places)
        : sessions_(first.server.sessions),
          plan_(std::move(plan)),
          places_(std::move(places))
    {
    }

    asio::awaitable<ResumptionReport> run()
    {
        report_.offered = !sessions_.empty();
        if (!report_.offered || places_.empty()) co_return std::move(report_);
        co_await attempt(places_.front());
        for (const auto& place : places_) co_await attempt(place);
        const auto failed = std::find_if(report_.attempts.begin(), report_.attempts.end(),
                                         [](const auto& each) { return each.result == Resumption::Result::failed; });
        if (failed != report_.attempts.end()) co_await try_without(failed->where);
        co_return std::move(report_);
    }

private:
    /// The last ticket first: servers forget the first where they keep one.
    std::optional<StoredSession> next_session()
    {
        auto session = sessions_.back();
        if (sessions_.size() > 1) sessions_.pop_back();
        return session;
    }

    asio::awaitable<void> attempt(const ResumptionPlace& place)
    {
        Resumption resumption;
        resumption.where = place.where;
        auto opened = co_await place.open();
        if (opened.connection) {
            auto plan = plan_;
            plan.offer.session = next_session();
            resumption.handshake = co_await play_handshake(*opened.connection, std::move(plan));
            const auto& handshake = resumption.handshake;
            if (!handshake.succeeded())
                resumption.result = Resumption::Result::failed;
            else
                resumption.result = handshake.server.resumed ? Resumption::Result::resumed : Resumption::Result::full;
            for (const auto& session : handshake.server.sessions) sessions_.push_back(session);
        }
        report_.attempts.push_back(std::move(resumption));
    }

    asio::awaitable<void> try_without(const std::string& where)
    {
        for (const auto& place : places_) {
            if (place.where != where) continue;
            auto opened = co_await place.open();
            if (!opened.connection) co_return;
            auto plan = plan_;
            plan.offer.session.reset();
            const Handshake handshake = co_await play_handshake(*opened.connection, std::move(plan));
            report_.full_still_works = handshake.succeeded();
            co_return;
        }
    }

    std::vector<StoredSession> sessions_;
    HandshakePlan plan_;
    std::vector<ResumptionPlace> places_;
    ResumptionReport report_;
};

std::string how(const Handshake& handshake)
{
    const auto version = handshake.server.hello ? handshake.server.hello->selected_version() : ProtocolVersion::tls12;
    if (version == ProtocolVersion::tls13) return "TLS 1.3, by a PSK";
    return display_name(version) + ", by a ticket or session id";
}

} // namespace

asio::awaitable<ResumptionReport> try_resumption(const Handshake& first, HandshakePlan plan,
                                                 std::vector<ResumptionPlace> places)
{
    Resumer resumer(first, std::move(plan), std::move(places));
    ResumptionReport report = co_await resumer.run();
    co_return report;
}

std::vector<std::string> notes_of(const ResumptionReport& report)
{
    using Result = Resumption::Result;
    std::vector<std::string> notes;
    if (!report.offered) {
        notes.emplace_back("the server gives nothing to resume: neither a ticket nor a session id");
        return notes;
    }
    if (report.attempts.empty()) return notes;
    const auto& home = report.attempts.front().where;
    bool at_home = false;
    for (const auto& attempt : report.attempts) {
        const bool elsewhere = attempt.where != home;
        if (attempt.result == Result::failed) {
            notes.push_back(fmt::format("a session offered at {} makes the handshake fail: {}", attempt.where,
                                        describe(outcome_of(attempt.handshake.transcript))));
        } else if (elsewhere && at_home && attempt.result == Result::full) {
            notes.push_back(fmt::format("sessions of {} are not taken up at {}: the two share no ticket key or cache",
                                        home, attempt.where));
        } else if (!elsewhere && !at_home && attempt.result == Result::resumed) {
            at_home = true;
            notes.push_back(fmt::format("sessions are taken up again ({})", how(attempt.handshake)));
        }
    }
    const bool full_only = std::all_of(report.attempts.begin(), report.attempts.end(),
                                       [](const auto& each) { return each.result != Result::resumed; });
    const bool any_full = std::any_of(report.attempts.begin(), report.attempts.end(),
                                      [](const auto& each) { return each.result == Result::full; });
    if (full_only && any_full)
        notes.emplace_back("sessions are not taken up again: each handshake is a full one, which costs time and breaks "
                           "nothing");
    return notes;
}

} // namespace alert40
