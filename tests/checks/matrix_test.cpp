// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/checks/recorded.h"

#include "scenarios/loader/input_error.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using namespace test;

TEST_CASE("cells stand in the order of scenarios and clients, whatever ends first", "[checks][matrix]")
{
    Roster roster;
    const std::vector<std::string> names = {"middlebox/reset-after-client-hello", "control/healthy-tls12",
                                            "cipher/one-aead-only-tls13"};
    const auto jobs = GENERATE(1, 3, 16);
    const auto result =
        run_cells(scenarios_named(names), {"builtin", "builtin"}, roster, static_cast<std::size_t>(jobs));
    REQUIRE(result.rows.size() == names.size());
    for (std::size_t index = 0; index < names.size(); ++index) {
        CHECK(result.rows[index].scenario.id == names[index]);
        REQUIRE(result.rows[index].cells.size() == 2);
        for (const auto& cell : result.rows[index].cells) CHECK(cell.verdict == Verdict::pass);
    }
}

TEST_CASE("a client that cannot be started is an error of its own cells and of no others", "[checks][matrix]")
{
    const TemporaryDirectory data;
    std::filesystem::copy(kData / "client-checks", data.path() / "client-checks",
                          std::filesystem::copy_options::recursive);
    // It is found, so it is here; it is no program, so it cannot be started.
    const auto program = data.path() / "no-program";
    write_text(program, "\x7F"
                        "ELF nonsense");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    write_text(data.path() / "client-checks" / "clients" / "broken.toml",
               "title = \"t\"\nlibrary = \"openssl\"\nargv = [\"" + program.string() +
                   "\"]\n[server_name]\nsent = []\n"
                   "[versions]\noption = []\n");
    Roster roster;
    const auto result =
        run_cells(scenarios_named({"control/healthy-tls12"}), {"builtin", "broken"}, roster, 1, data.path());
    CHECK(result.rows.front().cells[0].verdict == Verdict::pass);
    CHECK(result.rows.front().cells[1].verdict == Verdict::error);
    CHECK_THAT(all_of(result.rows.front().cells[1].why), Catch::Matchers::Contains("no-program"));
}

TEST_CASE("a roster says who is absent, and refuses names that nobody has", "[checks][roster]")
{
    Roster roster;
    CHECK_THROWS_WITH(run_cells({}, {"curll"}, roster),
                      Catch::Matchers::Contains("no client is named 'curll'") && Catch::Matchers::Contains("'curl'"));
    run_cells({}, {"builtin"}, roster);
    CHECK(roster.clients.front().absent.empty());
    CHECK_THAT(roster.clients.front().version, Catch::Matchers::Matches("[0-9.]+"));
}

} // namespace
} // namespace alert40
