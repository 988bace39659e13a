// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/survey.h"

#include "server/engine/nursery.h"
#include "server/wire/client_hello_extensions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace alert40 {
namespace {

constexpr std::size_t kMostRounds = 24; // of one list

using Clock = std::chrono::steady_clock;

/// A large prime costs the server up to a second (measured with nginx: ffdhe8192): nobody is asked for that.
bool is_costly(NamedGroup group)
{
    return is_ffdhe(group) && group > NamedGroup::ffdhe3072;
}

/// The hello with one version alone, and with everything that is ever offered for it.
ProbeHello all_of(const ProbeHello& sent, ProtocolVersion version)
{
    ProbeHello probe = sent;
    add_version(version).apply(probe);
    for (const auto other : all_protocol_versions())
        if (other != version && probe.hello.offers(other)) remove_version(other).apply(probe);
    add_suites(other_suites(probe.hello), "all").apply(probe);
    std::erase_if(probe.hello.cipher_suites, [&](CipherSuite suite) {
        const auto* info = find_cipher_suite(suite);
        return info != nullptr && !is_signalling(suite) && !fits(*info, version);
    });
    add_groups(other_groups(probe.hello), "all").apply(probe);
    add_schemes(other_schemes(probe.hello), "all").apply(probe);
    return probe;
}

class Surveyor {
public:
    Surveyor(ProbePlace place, ProbeHello sent, std::size_t most, std::chrono::milliseconds limit)
        : place_(place),
          sent_(std::move(sent)),
          left_(most),
          until_(Clock::now() + limit)
    {
    }

    asio::awaitable<Survey> run()
    {
        co_await ask_versions_and_tolerance();
        const auto executor = co_await asio::this_coro::executor;
        Nursery lanes(executor);
        const auto has = [&](ProtocolVersion version) {
            return std::find(found_.versions.begin(), found_.versions.end(), version) != found_.versions.end();
        };
        const bool tls13 = has(ProtocolVersion::tls13);
        const auto newest_old = has(ProtocolVersion::tls12) ? ProtocolVersion::tls12 : ProtocolVersion::tls10;
        auto old_suites = [this, newest_old]() { return eliminate_suites(newest_old, suites_old_); };
        auto new_suites = [this]() { return eliminate_suites(ProtocolVersion::tls13, suites_new_); };
        auto groups = [this, tls13, newest_old]() {
            return eliminate_groups(tls13 ? ProtocolVersion::tls13 : newest_old);
        };
        if (has(ProtocolVersion::tls12) || has(ProtocolVersion::tls10)) lanes.spawn(std::move(old_suites));
        if (tls13) lanes.spawn(std::move(new_suites));
        if (!found_.versions.empty()) lanes.spawn(std::move(groups));
        co_await lanes.join();
        found_.suites = suites_old_;
        found_.suites.insert(found_.suites.end(), suites_new_.begin(), suites_new_.end());
        co_return std::move(found_);
    }

private:
    bool may_ask(std::size_t connections = 1)
    {
        if (left_ < connections || place_.gate.left() < connections || Clock::now() > until_) {
            found_.complete = false;
            return false;
        }
        left_ -= connections;
        return true;
    }

    asio::awaitable<void> ask_versions_and_tolerance()
    {
        std::vector<ProtocolVersion> versions(all_protocol_versions().begin(), all_protocol_versions().end());
        std::vector<HelloChange> changes{with_grease(), with_record_version(ProtocolVersion::tls12), of_size(2000),
                                         in_two_segments(100), bare()};
        if (sent_.hello.server_name()) changes.push_back(without_name());
        if (sent_.hello.server_name()) changes.push_back(send_name(std::string(kNameThatExistsNowhere)));
        if (!sent_.hello.alpn_protocols().empty()) changes.push_back(without_alpn());
        std::vector<ProbeHello> hellos;
        for (const auto version : versions)
            hellos.push_back(version == ProtocolVersion::ssl30 ? changed(sent_, ssl3_alone()) : all_of(sent_, version));
        for (const auto& change : changes) hellos.push_back(changed(sent_, change));
        if (!may_ask(hellos.size())) co_return;
        const auto answers = co_await probe_all(place_, hellos);
        for (std::size_t at = 0; at < versions.size(); ++at)
            if (answers[at].has_server_hello() &&
                answers[at].transcript.server_hello->selected_version() == versions[at])
                found_.versions.push_back(versions[at]);
        for (std::size_t at = 0; at < changes.size(); ++at)
            if (!negotiates(answers[versions.size() + at])) found_.not_borne.push_back(changes[at]);
    }

    /// Asks with all, takes away what was chosen, and asks again.
    asio::awaitable<void> eliminate_suites(ProtocolVersion version, std::vector<CipherSuite>& chosen)
    {
        ProbeHello probe_hello = all_of(sent_, version);
        for (std::size_t round = 0; round < kMostRounds && may_ask(); ++round) {
            const auto answer = co_await probe(place_, probe_hello);
            if (!answer.has_server_hello()) co_return;
            const auto suite = answer.transcript.server_hello->cipher_suite;
            if (!probe_hello.hello.offers(suite)) co_return;
            chosen.push_back(suite);
            std::erase(probe_hello.hello.cipher_suites, suite);
        }
        found_.complete = false;
    }

    asio::awaitable<void> eliminate_groups(ProtocolVersion version)
    {
        ProbeHello probe_hello = all_of(sent_, version);
        for (const auto group : probe_hello.hello.groups())
            if (is_costly(group)) take_group(probe_hello.hello, group);
        if (version < ProtocolVersion::tls13) // only with ECDHE is a group chosen
            std::erase_if(probe_hello.hello.cipher_suites, [](CipherSuite suite) {
                const auto* info = find_cipher_suite(suite);
                return info != nullptr && info->key_exchange != KeyExchange::ecdhe;
            });
        for (std::size_t round = 0; round < kMostRounds && may_ask(); ++round) {
            const auto answer = co_await probe(place_, probe_hello);
            const auto group = answer.transcript.group;
            if (!group || !probe_hello.hello.offers(*group)) co_return;
            found_.groups.push_back(*group);
            take_group(probe_hello.hello, *group);
        }
        found_.complete = false;
    }

    static void take_group(ClientHello& hello, NamedGroup group)
    {
        auto groups = hello.groups();
        std::erase(groups, group);
        set_extension(hello.extensions, supported_groups_extension(groups));
        auto shares = hello.key_shares();
        std::erase_if(shares, [&](const KeyShare& share) { return share.group == group; });
        if (hello.has_extension(ExtensionType::key_share)) set_extension(hello.extensions, key_share_extension(shares));
    }

    ProbePlace place_;
    ProbeHello sent_;
    std::size_t left_;
    Clock::time_point until_;
    Survey found_;
    std::vector<CipherSuite> suites_old_;
    std::vector<CipherSuite> suites_new_;
};

template <class T> std::vector<std::string> names_of(const std::vector<T>& values)
{
    std::vector<std::string> names;
    for (const auto value : values) names.push_back(name(value));
    return names;
}

} // namespace

asio::awaitable<Survey> survey(ProbePlace place, ProbeHello sent, std::size_t most, std::chrono::milliseconds limit)
{
    Surveyor surveyor(place, std::move(sent), most, limit);
    auto found = co_await surveyor.run();
    co_return found;
}

std::vector<std::string> notes_of(const Survey& survey)
{
    std::vector<std::string> notes;
    std::vector<std::string> versions;
    for (const auto version : survey.versions) versions.push_back(display_name(version));
    if (!versions.empty()) notes.push_back(fmt::format("versions: {}", fmt::join(versions, ", ")));
    if (!survey.suites.empty())
        notes.push_back(fmt::format("cipher suites{}: {}", survey.complete ? "" : ", not all of them",
                                    fmt::join(names_of(survey.suites), ", ")));
    if (!survey.groups.empty()) notes.push_back(fmt::format("groups: {}", fmt::join(names_of(survey.groups), ", ")));
    for (const auto& change : survey.not_borne)
        notes.push_back(fmt::format("the same ClientHello {} does not negotiate", change.what));
    return notes;
}

} // namespace alert40
