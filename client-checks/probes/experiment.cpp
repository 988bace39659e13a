// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/experiment.h"

#include "client-checks/probes/remedy.h"
#include "client-checks/probes/remedy_chain.h"
#include "scenarios/vocabulary/grease.h"
#include "server/engine/nursery.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace alert40 {
namespace {

constexpr std::size_t kOneSegment = 1400; // of Ethernet, with room for options
constexpr std::size_t kMostRepeatedAlone = 6;

bool has_grease(const ClientHello& hello)
{
    return std::any_of(hello.cipher_suites.begin(), hello.cipher_suites.end(),
                       [](CipherSuite suite) { return is_grease(suite); }) ||
           std::any_of(hello.extensions.begin(), hello.extensions.end(),
                       [](const Extension& each) { return is_grease(each.type); });
}

bool has_post_quantum(const ClientHello& hello)
{
    const auto shares = hello.key_share_groups();
    return std::any_of(shares.begin(), shares.end(), [](NamedGroup group) { return is_post_quantum(group); });
}

void add_version_changes(std::vector<HelloChange>& changes, const ClientHello& hello)
{
    using enum ProtocolVersion;
    for (const auto version : {tls13, tls12, tls11, tls10})
        if (!hello.offers(version)) changes.push_back(add_version(version));
    if (!hello.has_extension(ExtensionType::supported_versions) && hello.offers(ssl30)) return;
    changes.push_back(ssl3_alone());
}

void add_name_changes(std::vector<HelloChange>& changes, const ClientHello& hello, const LiveTarget& target)
{
    const auto name = hello.server_name();
    if (name) changes.push_back(without_name());
    if (target.server_name && name != target.server_name) changes.push_back(send_name(*target.server_name));
    if (name && name->ends_with('.')) changes.push_back(send_name(name->substr(0, name->size() - 1)));
}

void add_alpn_changes(std::vector<HelloChange>& changes, const ClientHello& hello)
{
    const auto protocols = hello.alpn_protocols();
    if (!protocols.empty()) changes.push_back(without_alpn());
    if (!hello.offers_alpn("h2")) changes.push_back(with_alpn({"h2"}));
}

/// What a strict or short-sighted reader may stumble over.
void add_tolerance_changes(std::vector<HelloChange>& changes, const ProbeHello& sent)
{
    const ClientHello& hello = sent.hello;
    if (has_post_quantum(hello)) changes.push_back(without_post_quantum());
    if (hello.has_extension(ExtensionType::padding)) changes.push_back(without_padding());
    if (hello.has_fallback_scsv()) changes.push_back(without_fallback_scsv());
    const auto versions = hello.offered_versions();
    if (hello.offers(ProtocolVersion::tls13) && versions.size() > 1)
        changes.push_back(remove_version(ProtocolVersion::tls13));
    if (!hello.session_id.empty()) changes.push_back(without_session_id());
    if (has_grease(hello)) changes.push_back(without_grease());
    if (sent.record_version != ProtocolVersion::tls12) changes.push_back(with_record_version(ProtocolVersion::tls12));
    changes.push_back(bare());
}

std::vector<HelloChange> widening_changes(const ClientHello& hello)
{
    std::vector<HelloChange> changes;
    const auto suites = other_suites(hello);
    const auto groups = other_groups(hello);
    const auto schemes = other_schemes(hello);
    changes.push_back(add_groups(groups, fmt::format("with the {} other groups added", groups.size())));
    changes.push_back(add_schemes(schemes, fmt::format("with the {} other signature schemes added", schemes.size())));
    changes.push_back(add_suites(suites, fmt::format("with the {} other cipher suites added", suites.size())));
    if (!hello.has_extended_master_secret()) changes.push_back(with_extended_master_secret());
    if (!hello.has_renegotiation_info()) changes.push_back(with_renegotiation_info());
    return changes;
}

bool is_doubtful(const Answer& answer)
{
    return answer.end == AnswerEnd::silent || answer.end == AnswerEnd::reset || answer.end == AnswerEnd::no_connection;
}

/// A version below SSL 3.0 (RFC 5246 appendix E.1: protocol_version is the answer).
ProbeHello hopeless(ProbeHello hello)
{
    ssl3_alone().apply(hello);
    hello.hello.legacy_version = static_cast<ProtocolVersion>(0x0200);
    hello.record_version = ProtocolVersion::tls10;
    return hello;
}

/// The whole of one experiment.
class Experimenter {
public:
    Experimenter(ProbePlace place, ProbeHello sent, Answer first) : place_(place)
    {
        results_.sent = std::move(sent);
        results_.as_sent.push_back(std::move(first));
    }

    asio::awaitable<Experiments> run()
    {
        list_changes();
        co_await first_wave();
        co_await repeat_doubtful();
        collect_remedies();
        if (results_.remedies.empty() && results_.tried.back().helped()) co_await narrow_down();
        if (!results_.remedies.empty()) {
            co_await make_small(place_, results_.sent, results_.remedies.front());
        }
        co_await repeat_both();
        co_await look_at_chain();
        co_return std::move(results_);
    }

private:
    bool may_speak_otherwise() const
    {
        const auto end = results_.first().end;
        return end == AnswerEnd::closed || end == AnswerEnd::reset || end == AnswerEnd::silent ||
               end == AnswerEnd::not_tls;
    }

    void list_changes()
    {
        const ClientHello& hello = results_.sent.hello;
        if (may_speak_otherwise()) changes_.push_back(with_proxy_header(place_.endpoint));
        add_alpn_changes(changes_, hello);
        widening_ = widening_changes(hello);
        changes_.insert(changes_.end(), widening_.begin(), widening_.end());
        for (auto& rarer : rarer_suites(hello)) {
            auto what = fmt::format("with {} rarer cipher suites added", rarer.size());
            changes_.push_back(add_suites(std::move(rarer), std::move(what)));
        }
        add_tolerance_changes(changes_, results_.sent);
        add_name_changes(changes_, hello, place_.target);
        add_version_changes(changes_, hello);
        for (const auto& change : changes_)
            if (change.field == HelloField::version && change.widens) widening_.push_back(change);
    }

    ProbeHello with(const std::vector<HelloChange>& changes) const
    {
        ProbeHello hello = results_.sent;
        for (const auto& change : changes) change.apply(hello);
        return hello;
    }

    /// One change each, everything that widens together, the controls, and other protocols: all at once.
    asio::awaitable<void> first_wave()
    {
        std::vector<ProbeHello> hellos;
        std::vector<Answer> answers;
        for (const auto& change : changes_) hellos.push_back(changed(results_.sent, change));
        hellos.push_back(with(widening_));
        const auto hopeless_at = hellos.size();
        hellos.push_back(hopeless(results_.sent));
        hellos.push_back(changed(results_.sent, send_name(std::string(kNameThatExistsNowhere))));
        const auto executor = co_await asio::this_coro::executor;
        Nursery both(executor);
        ProbeManner patient{ConnectionGate::Company::among_others, 2.5};
        auto ask = [this, &hellos, &answers]() -> asio::awaitable<void> {
            answers = co_await ask_all(std::move(hellos));
        };
        auto again = [this, patient]() -> asio::awaitable<void> {
            auto answer = co_await probe(place_, results_.sent, patient);
            results_.as_sent.push_back(std::move(answer));
        };
        both.spawn(std::move(ask));
        if (results_.first().end == AnswerEnd::silent) both.spawn(std::move(again));
        co_await both.join();
        for (std::size_t at = 0; at < changes_.size(); ++at)
            results_.tried.push_back({{changes_[at]}, std::move(answers[at])});
        results_.tried.push_back({widening_, std::move(answers[changes_.size()])});
        results_.hopeless = std::move(answers[hopeless_at]);
        results_.other_name = std::move(answers[hopeless_at + 1]);
    }

    /// ClientHellos and other protocols at once; where nobody says a word, those that wait to be asked.
    asio::awaitable<std::vector<Answer>> ask_all(std::vector<ProbeHello> hellos)
    {
        std::vector<Answer> answers;
        const auto executor = co_await asio::this_coro::executor;
        Nursery at_once(executor);
        auto ask = [this, &hellos, &answers]() -> asio::awaitable<void> {
            answers = co_await probe_all(place_, std::move(hellos));
        };
        at_once.spawn(std::move(ask));
        if (may_speak_otherwise()) speak_otherwise(at_once);
        co_await at_once.join();
        if (!may_speak_otherwise()) co_return answers;
        const auto protocols = worth_asking(results_, answers, place_.target);
        results_.upgrades.resize(protocols.size());
        Nursery upgrading(executor);
        for (std::size_t at = 0; at < protocols.size(); ++at) {
            auto upgrade = [this, at, protocol = protocols[at]]() -> asio::awaitable<void> {
                auto came = co_await ask_for_tls(place_, protocol, results_.sent);
                results_.upgrades[at] = std::move(came);
            };
            upgrading.spawn(std::move(upgrade));
        }
        co_await upgrading.join();
        co_return answers;
    }

    void speak_otherwise(Nursery& nursery)
    {
        constexpr std::uint8_t kSslRequest[] = {0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F}; // PostgreSQL, section 55.7
        ask(nursery, results_.listened, {});
        ask(nursery, results_.http,
            to_bytes(fmt::format("GET / HTTP/1.0\r\nHost: {}\r\n\r\n", place_.target.reference_name)));
        ask(nursery, results_.postgres, Bytes(std::begin(kSslRequest), std::end(kSslRequest)));
    }

    void ask(Nursery& nursery, std::optional<Answer>& into, Bytes words)
    {
        auto work = [this, &into, words]() -> asio::awaitable<void> {
            constexpr std::chrono::milliseconds kLimit{400};
            auto answer = co_await speak_plainly(place_, words, kLimit);
            into = std::move(answer);
        };
        nursery.spawn(std::move(work));
    }

    /// What ended otherwise than the original, in a way that a busy server brings about too.
    asio::awaitable<void> repeat_doubtful()
    {
        std::size_t repeated = 0;
        for (auto& tried : results_.tried) {
            if (!is_doubtful(tried.answer) || tried.answer.end == results_.first().end) continue;
            if (repeated++ == kMostRepeatedAlone) co_return;
            const ProbeHello hello = with(tried.changes);
            const ProbeManner alone{ConnectionGate::Company::alone, 2};
            auto answer = co_await probe(place_, hello, alone);
            tried.answer = std::move(answer);
        }
    }

    void collect_remedies()
    {
        for (const auto& tried : results_.tried)
            if (tried.helped() && tried.changes.size() == 1)
                results_.remedies.push_back({tried.changes, {tried.answer}});
        std::stable_sort(results_.remedies.begin(), results_.remedies.end(),
                         [](const Remedy& a, const Remedy& b) { return precedence(a) < precedence(b); });
    }

    /// No single change helps and all together do: takes away what is not needed, one after the other.
    asio::awaitable<void> narrow_down()
    {
        // A version brings suites and schemes with it: it goes first, where they do without it.
        auto needed = widening_;
        std::stable_partition(needed.begin(), needed.end(),
                              [](const HelloChange& each) { return each.field == HelloField::version; });
        Answer last = results_.tried.back().answer;
        for (std::size_t at = 0; at < needed.size();) {
            auto fewer = needed;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at));
            const ProbeHello hello = with(fewer);
            auto answer = co_await probe(place_, hello);
            if (negotiates(answer)) {
                needed = std::move(fewer);
                last = std::move(answer);
            } else {
                ++at;
            }
        }
        if (!needed.empty()) results_.remedies.push_back({needed, {last}});
    }

    /// Whatever makes a ClientHello of more than one segment smaller may help by that alone.
    bool may_be_its_size(const Remedy& remedy, const ProbeHello& smaller) const
    {
        if (remedy.field() == HelloField::size) return true;
        const auto octets = size_of(results_.sent.hello);
        return octets > kOneSegment && results_.first().end != AnswerEnd::alert && size_of(smaller.hello) < octets;
    }

    /// The failure alone with the server, and the remedy; where a smaller one helps, whether it is the size or what was
    /// left out. A silence was repeated already, and the first was alone with the server: nobody waits for it again.
    asio::awaitable<void> repeat_both()
    {
        const ProbeManner alone{ConnectionGate::Company::alone, 1};
        if (results_.first().end != AnswerEnd::silent) {
            auto again = co_await probe(place_, results_.sent, alone);
            results_.as_sent.push_back(std::move(again));
        }
        if (results_.remedies.empty()) co_return;
        auto& remedy = results_.remedies.front();
        const ProbeHello hello = with(remedy.changes);
        auto answer = co_await probe(place_, hello, alone);
        remedy.answers.push_back(std::move(answer));
        if (!may_be_its_size(remedy, hello)) co_return;
        ProbeHello padded = hello;
        of_size(size_of(results_.sent.hello)).apply(padded);
        auto same_size = co_await probe(place_, padded, alone);
        results_.same_size = std::move(same_size);
    }

    /// An old signature scheme helps: for the handshake, or for the certificates?
    asio::awaitable<void> look_at_chain()
    {
        if (results_.remedies.empty()) co_return;
        const Remedy& remedy = results_.remedies.front();
        if (!adds_old_schemes(results_.sent, remedy.changes)) co_return;
        auto found = co_await old_signature_behind(place_, results_.sent, remedy);
        results_.old_signature = std::move(found);
    }

    ProbePlace place_;
    std::vector<HelloChange> changes_;
    std::vector<HelloChange> widening_;
    Experiments results_;
};

} // namespace

bool Remedy::every_time() const
{
    return std::all_of(answers.begin(), answers.end(), [](const Answer& each) { return negotiates(each); });
}

bool Experiments::always_fails() const
{
    return std::none_of(as_sent.begin(), as_sent.end(), [](const Answer& each) { return negotiates(each); });
}

const Tried* Experiments::tried_with(HelloField field, std::string_view what) const
{
    for (const auto& each : tried)
        if (each.changes.size() == 1 && each.changes.front().field == field && each.changes.front().what == what)
            return &each;
    return nullptr;
}

asio::awaitable<Experiments> experiment(ProbePlace place, ProbeHello sent, Answer first)
{
    Experimenter experimenter(place, std::move(sent), std::move(first));
    auto results = co_await experimenter.run();
    co_return results;
}

asio::awaitable<std::vector<Answer>> probe_all(ProbePlace place, std::vector<ProbeHello> hellos, ProbeManner manner)
{
    std::vector<Answer> answers(hellos.size());
    const auto executor = co_await asio::this_coro::executor;
    Nursery nursery(executor);
    for (std::size_t at = 0; at < hellos.size(); ++at) {
        auto work = [&answers, &hellos, at, place, manner]() -> asio::awaitable<void> {
            auto answer = co_await probe(place, hellos[at], manner);
            answers[at] = std::move(answer);
        };
        nursery.spawn(std::move(work));
    }
    co_await nursery.join();
    co_return answers;
}

std::string tally(const std::vector<Answer>& answers)
{
    std::map<std::string, std::size_t> counts;
    for (const auto& answer : answers) ++counts[describe(answer)];
    std::string text;
    for (const auto& [what, count] : counts) {
        text += (text.empty() ? "" : "; ") + what;
        if (answers.size() > 1) text += fmt::format(", {} of {} times", count, answers.size());
    }
    return text;
}

} // namespace alert40
