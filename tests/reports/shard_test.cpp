// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/reports/shard.h"

#include "scenarios/loader/input_error.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

std::vector<std::string> ids(std::size_t count)
{
    std::vector<std::string> all;
    for (std::size_t index = 0; index < count; ++index) all.push_back(fmt::format("family/made-{}-tls12", index));
    return all;
}

TEST_CASE("a part is I of N", "[reports][shard]")
{
    const auto shard = parse_shard("2/5");
    CHECK(shard.index == 2);
    CHECK(shard.count == 5);
    for (const auto* wrong :
         {"", "/", "2", "2/", "/5", "0/5", "6/5", "-1/5", "1/5x", " 1/5", "1/99999", "1/5/5", "99999999999999/1"}) {
        INFO(wrong);
        CHECK_THROWS_AS(parse_shard(wrong), InputError);
    }
}

TEST_CASE("every scenario is in one part, and parts are of a size", "[reports][shard]")
{
    const unsigned count = GENERATE(1U, 2U, 3U, 7U, 500U);
    const auto all = ids(495);
    std::vector<int> times(all.size());
    for (unsigned index = 1; index <= count; ++index) {
        const auto ours = scenarios_of({index, count}, all);
        std::size_t size = 0;
        for (std::size_t each = 0; each < ours.size(); ++each) {
            times[each] += ours[each] ? 1 : 0;
            size += ours[each] ? 1 : 0;
        }
        CHECK(size >= all.size() / count);
        CHECK(size <= all.size() / count + 1);
    }
    CHECK(std::all_of(times.begin(), times.end(), [](int each) { return each == 1; }));
}

TEST_CASE("which part a scenario is of does not depend on the order", "[reports][shard]")
{
    auto all = ids(50);
    const auto before = scenarios_of({2, 3}, all);
    std::map<std::string, bool> part;
    for (std::size_t index = 0; index < all.size(); ++index) part[all[index]] = before[index];
    std::reverse(all.begin(), all.end());
    const auto after = scenarios_of({2, 3}, all);
    for (std::size_t index = 0; index < all.size(); ++index) CHECK(part[all[index]] == after[index]);
    // Fixed: machines of other makes and releases must agree.
    const auto known = scenarios_of({1, 2}, {"cipher/a", "cipher/b", "group/c", "sni/d"});
    CHECK(known == std::vector<bool>{true, false, true, false});
}

TEST_CASE("parts of one run are known by scenarios, clients and settings, in any order", "[reports][shard]")
{
    const auto one = run_digest({"a", "b"}, {"curl", "go"}, "with fixes");
    CHECK(one.size() == 16);
    CHECK(run_digest({"b", "a"}, {"go", "curl"}, "with fixes") == one);
    CHECK(run_digest({"a"}, {"curl", "go"}, "with fixes") != one);
    CHECK(run_digest({"a", "b"}, {"curl"}, "with fixes") != one);
    CHECK(run_digest({"a", "b"}, {"curl", "go"}, "") != one);
    CHECK(run_digest({"a", "b", "curl"}, {"go"}, "with fixes") != one);
}

} // namespace
} // namespace alert40
