// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/logs/failures.h"

#include "client-checks/lexicons/line_search.h"
#include "client-checks/lexicons/roles.h"
#include "client-checks/logs/entry.h"

#include <algorithm>
#include <utility>

namespace alert40 {
namespace {

constexpr std::size_t kNear = 40; // lines between two of one failure
constexpr std::size_t kQuoted = 1024;

/// What a line of `voice` makes of the first of `lines` that it matches.
Reading read_first(const LexiconLine& words, const std::vector<QuotedLine>& lines)
{
    for (const auto& line : lines) {
        Reading reading = read_line(words, {line.text, {}, -1});
        if (!reading.symptoms.empty()) return reading;
    }
    return {};
}

bool is_status_alone(const Reading& reading)
{
    return std::all_of(reading.symptoms.begin(), reading.symptoms.end(),
                       [](const Symptom& each) { return each.kind() == "http-status"; });
}

bool tells_success(std::string_view line)
{
    constexpr std::string_view kWords[] = {"Verify return code: 0 (ok)", "SSL certificate verify ok",
                                           "SSL connection using ", "- Handshake was completed"};
    return std::any_of(std::begin(kWords), std::end(kWords),
                       [&](std::string_view words) { return line.find(words) != std::string_view::npos; });
}

/// A second exception that reports the first one belongs to it.
bool goes_on(std::string_view line)
{
    return line.starts_with("During handling of the above") || line.starts_with("The above exception was");
}

} // namespace

FailureFinder::FailureFinder(const WordIndex& index) : index_(index) {}

void FailureFinder::read(const LogLine& line)
{
    found_.lines = line.number;
    const bool begins = !line.continues && begins_entry(line.text);
    joined_ = joined_ || goes_on(line.text);
    new_entry_ = new_entry_ || begins;
    if (found_.first_success == 0 && tells_success(line.text)) found_.first_success = line.number;
    if (line.text.starts_with("Traceback (most recent call last)") && !joined_) close(neighbours_);
    keep_context(line.text);
    Episode one;
    std::vector<std::uint32_t> matched;
    if (match(line, one, matched)) place(line, std::move(one), matched);
    if (!line.continues && ends_run(line.text)) close(neighbours_);
}

bool FailureFinder::match(const LogLine& line, Episode& into, std::vector<std::uint32_t>& matched)
{
    index_.candidates(line.text, candidates_);
    if (candidates_.empty() || is_no_failure(line.text)) return false;
    into.about_tls = is_about_tls(line.text);
    found_.mentions_tls = found_.mentions_tls || into.about_tls;
    std::string says;
    for (const auto index : candidates_) {
        const auto& words = index_.all()[index];
        if (words.line == nullptr) {
            if (!search_lines(line.text, *words.mark)) continue;
            into.by_server = true;
            if (words.voice->name != "openssl" && words.voice->name != "gnutls")
                into.software = words.voice; // libraries
            continue;
        }
        Reading reading = read_line(*words.line, {line.text, {}, -1});
        const bool nothing = reading.symptoms.empty() || reading.symptoms.front().text() == "connected";
        if (nothing || (is_status_alone(reading) && words.voice->speaker != Speaker::page)) continue;
        matched.push_back(index);
        if (says.empty()) says = std::move(reading.says);
    }
    if (says.empty()) says = std::string(line.text.substr(0, kQuoted));
    into.lines.push_back({line.number, std::move(says)});
    into.last_line = line.number;
    return !matched.empty() || into.by_server;
}

void FailureFinder::place(const LogLine& line, Episode one, const std::vector<std::uint32_t>& matched)
{
    one.connection = connection_of(line.text);
    one.words = matched;
    Episode* target = &neighbours_;
    if (!one.connection.empty()) {
        const auto known = std::find_if(connections_.begin(), connections_.end(),
                                        [&](const Episode& each) { return each.connection == one.connection; });
        target = known == connections_.end() ? nullptr : &*known;
    }
    const bool goes_with = one.connection.empty() && (joined_ || repeats_report(line.text));
    const auto repeated = [&](const Episode& episode) {
        return !goes_with && std::any_of(matched.begin(), matched.end(), [&](std::uint32_t index) {
            return std::find(episode.words.begin(), episode.words.end(), index) != episode.words.end();
        });
    };
    const bool apart = target != nullptr && !target->lines.empty() &&
                       (line.number > target->last_line + kNear || repeated(*target) ||
                        (one.connection.empty() && new_entry_ && !goes_with));
    if (apart) {
        close(*target);
        if (one.connection.empty()) keep_context(line.text);
    }
    if (target == nullptr) {
        if (matched.empty()) return; // a server's line that tells nothing
        if (connections_.size() == kMostConnections) {
            close(connections_.front());
            connections_.pop_front();
        }
        connections_.push_back(std::move(one));
        return;
    }
    if (one.connection.empty()) new_entry_ = joined_ = false;
    target->connection = one.connection;
    target->by_server = target->by_server || one.by_server;
    target->about_tls = target->about_tls || one.about_tls;
    if (one.software != nullptr) target->software = one.software;
    target->last_line = line.number;
    if (target->lines.size() < kMostLines && !matched.empty()) target->lines.push_back(std::move(one.lines.front()));
    for (const auto index : matched)
        if (std::find(target->words.begin(), target->words.end(), index) == target->words.end())
            target->words.push_back(index);
}

void FailureFinder::close(Episode& episode)
{
    const Episode closed = std::exchange(episode, {});
    if (closed.connection.empty() && closed.words.empty() && closed.lines.empty()) {
        context_.clear();
        return;
    }
    LoggedFailure best;
    Reading reading;
    std::set<const Voice*> done; // of a voice its first line in order decides
    auto words = closed.words;
    std::sort(words.begin(), words.end());
    for (const auto index : words) {
        const auto& one = index_.all()[index];
        if (done.contains(one.voice)) continue;
        Reading other = read_first(*one.line, closed.lines);
        if (other.symptoms.empty()) continue;
        done.insert(one.voice);
        const bool strange = one.voice->speaker == Speaker::server && !closed.by_server; // both sides may say it
        const bool preferred = best.voice != nullptr && strange && !says_more(other, reading);
        const auto size_of = [](const Reading& each) { return std::pair(weight_of(each), each.matched.size()); };
        const bool replaces = best.voice != nullptr && best.voice->speaker == Speaker::server && !closed.by_server &&
                              size_of(other) >= size_of(reading);
        if (best.voice == nullptr || replaces || (!preferred && says_more(other, reading))) {
            best.voice = one.voice;
            reading = std::move(other);
        }
    }
    if (best.voice == nullptr) return;
    const bool is_page = best.voice->speaker == Speaker::page;
    best.by_server = (closed.by_server && !is_page) || best.voice->speaker == Speaker::server;
    const Voice* software = best.voice->speaker == Speaker::server ? best.voice : nullptr;
    if (closed.software != nullptr) software = closed.software;
    if (software != nullptr && best.by_server) best.software = software->name;
    best.symptoms = best.by_server ? as_said_by_server(reading.symptoms) : reading.symptoms;
    best.says = reading.says;
    best.weight = weight_of(reading);
    best.lines = closed.lines;
    best.last_line = closed.last_line;
    constexpr int kEnds = 2;
    best.about_tls = closed.about_tls || best.weight > kEnds;
    add(std::move(best));
    if (closed.connection.empty()) context_.clear();
}

void FailureFinder::add(LoggedFailure failure)
{
    const auto same = std::find_if(found_.failures.begin(), found_.failures.end(), [&](const LoggedFailure& each) {
        return each.by_server == failure.by_server && each.symptoms == failure.symptoms &&
               each.about_tls == failure.about_tls;
    });
    if (same != found_.failures.end()) {
        ++same->count;
        same->last_line = failure.last_line;
        return;
    }
    if (found_.failures.size() == kMostFailures) {
        ++found_.left_out;
        return;
    }
    failure.account = read_account(context_);
    found_.failures.push_back(std::move(failure));
}

void FailureFinder::keep_context(std::string_view text)
{
    if (context_.size() + text.size() > kContext) context_.erase(0, kContext / 2 + text.size());
    context_.append(text.substr(0, kQuoted));
    context_ += '\n';
}

LogFailures FailureFinder::take()
{
    close(neighbours_);
    for (auto& each : connections_) close(each);
    std::stable_sort(found_.failures.begin(), found_.failures.end(),
                     [](const LoggedFailure& left, const LoggedFailure& right) {
                         return std::pair(right.about_tls, right.weight) < std::pair(left.about_tls, left.weight);
                     });
    return std::move(found_);
}

} // namespace alert40
