// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/remedy.h"

#include <algorithm>

namespace alert40 {
namespace {

ProbeHello with(ProbeHello hello, const std::vector<HelloChange>& changes)
{
    for (const auto& change : changes) change.apply(hello);
    return hello;
}

/// Makes one change of a remedy smaller, the others staying as they are.
class Smaller {
public:
    Smaller(ProbePlace place, const ProbeHello& sent, Remedy& remedy, std::size_t index)
        : place_(place),
          sent_(sent),
          remedy_(remedy),
          index_(index)
    {
    }

    asio::awaitable<void> run()
    {
        const HelloField field = remedy_.changes[index_].field;
        const ClientHello& hello = sent_.hello;
        const Transcript& seen = remedy_.answers.back().transcript;
        if (field == HelloField::cipher_suite && !hello.offers(seen.server_hello->cipher_suite)) {
            HelloChange selected = add_suites({seen.server_hello->cipher_suite});
            const bool enough = co_await keep(std::move(selected));
            if (enough) co_return;
        }
        if (field == HelloField::group && seen.group && !hello.offers(*seen.group)) {
            HelloChange selected = add_groups({*seen.group});
            const bool enough = co_await keep(std::move(selected));
            if (enough) co_return;
        }
        if (field == HelloField::cipher_suite) {
            const auto make = [](auto list) { return add_suites(std::move(list)); };
            co_await search(other_suites(hello), make);
        } else if (field == HelloField::group) {
            const auto make = [](auto list) { return add_groups(std::move(list)); };
            co_await search(other_groups(hello), make);
        } else if (field == HelloField::signature_scheme) {
            const auto make = [](auto list) { return add_schemes(std::move(list)); };
            co_await search(other_schemes(hello), make);
        }
    }

private:
    asio::awaitable<Answer> try_with(HelloChange change)
    {
        auto changes = remedy_.changes;
        changes[index_] = std::move(change);
        const ProbeHello hello = with(sent_, changes);
        auto answer = co_await probe(place_, hello);
        co_return answer;
    }

    /// Takes `change` in the place of the old one where it helps as well.
    asio::awaitable<bool> keep(HelloChange change)
    {
        auto answer = co_await try_with(change);
        const bool helps = negotiates(answer);
        if (helps) {
            remedy_.changes[index_] = std::move(change);
            remedy_.answers = {std::move(answer)};
        }
        co_return helps;
    }

    /// The shortest beginning of the list that helps, by halving; what is needed is its last one.
    template <class T, class Make> asio::awaitable<void> search(std::vector<T> list, Make make)
    {
        std::size_t too_few = 0;
        std::size_t enough = list.size();
        while (enough - too_few > 1) {
            const auto middle = too_few + (enough - too_few) / 2;
            HelloChange change = make(std::vector<T>(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(middle)));
            auto answer = co_await try_with(std::move(change));
            const bool helps = negotiates(answer);
            (helps ? enough : too_few) = middle;
        }
        if (list.empty()) co_return;
        HelloChange last = make(std::vector<T>{list[enough - 1]});
        co_await keep(std::move(last));
    }

    ProbePlace place_;
    const ProbeHello& sent_;
    Remedy& remedy_;
    std::size_t index_;
};

} // namespace

int precedence(const Remedy& remedy)
{
    const HelloChange& change = remedy.changes.front();
    switch (change.field) {
    case HelloField::proxy_header:
        return 0;
    case HelloField::alpn:
        return 1;
    case HelloField::fallback_scsv:
        return 2;
    case HelloField::group:
        return 3;
    case HelloField::signature_scheme:
        return 4;
    case HelloField::cipher_suite:
        return 5;
    case HelloField::extended_master_secret:
        return 6;
    case HelloField::renegotiation_info:
        return 7;
    case HelloField::size:
        return 8;
    case HelloField::version:
        return change.widens ? 9 : 12;
    case HelloField::server_name: // behind what widens: a host may have settings of its own, and others have others
        return 10;
    case HelloField::session_id:
    case HelloField::grease:
    case HelloField::record_version:
        return 11;
    case HelloField::extensions:
        return 13;
    }
    return 14;
}

asio::awaitable<void> make_small(ProbePlace place, ProbeHello sent, Remedy& remedy)
{
    for (std::size_t index = 0; index < remedy.changes.size(); ++index) {
        Smaller smaller(place, sent, remedy, index);
        co_await smaller.run();
    }
}

} // namespace alert40
