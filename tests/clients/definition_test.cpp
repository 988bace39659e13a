// SPDX-License-Identifier: GPL-2.0-or-later
// Client files of our own making: what they may say, and how they are wrong.
#include "client-checks/clients/expand.h"

#include "scenarios/loader/input_error.h"
#include "tests/certs/support.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

const std::string kBase = "title = \"t\"\nlibrary = \"openssl\"\nargv = [\"made\", \"{wishes}\"]\n";

/// A directory with one client file, made.toml.
class Made {
public:
    explicit Made(const std::string& more) { test::write_text(file(), kBase + more); }
    std::filesystem::path file() const { return directory_.path() / "made.toml"; }

    Target target() const
    {
        Target target;
        target.host = "127.0.0.1";
        target.port = 1;
        target.name = "{port}"; // a value is not filled again
        target.run_directory = directory_.path();
        return target;
    }
    std::variant<Command, Skip> expanded(const ClientSettings& wishes = {}) const
    {
        return expand(load_client(file()), wishes, target());
    }

private:
    test::TemporaryDirectory directory_;
};

std::string error_of(const std::string& more)
{
    const Made made(more);
    try {
        load_client(made.file());
    } catch (const InputError& error) {
        return error.what();
    }
    return "no error";
}

TEST_CASE("a client file that is wrong is said with its place", "[clients][definition]")
{
    struct Case {
        std::string more, message;
    };
    const auto each = GENERATE(
        Case{"argvv = []\n", "made.toml:4:9: unknown key 'argvv'"}, Case{"argvv = []\n", "did you mean 'argv'"},
        Case{"input_closes = \"sometimes\"\n", "made.toml:4:16: unknown way to close the input 'sometimes'"},
        Case{"[version]\nargv = [\"made\"]\npattern = '('\n", "made.toml:6:11: not a regular expression"},
        Case{"[version]\npattern = 'x'\n", "argv"}, Case{"[connected]\nexit_code = 256\n", "made.toml:5:13: "},
        Case{"[connected]\nexit = 0\n", "made.toml:5:8: unknown key 'exit'"},
        Case{"[server_name]\nsend = []\n", "made.toml:5:8: unknown key 'send'"},
        Case{"[versions]\n\"1.2\" = \"-tls1_2\"\n", "made.toml:5:9: "}, Case{"[groups]\nseparator = \":\"\n", "option"},
        Case{"[groups]\noption = { argument = [] }\n", "unknown key 'argument'"},
        Case{"[ciphers.parts]\nmacs = {}\n", "key_exchanges"}, Case{"environment = [\"A=b\"]\n", "made.toml:4:15: "});
    CAPTURE(each.more);
    CHECK_THAT(error_of(each.more), Catch::Matchers::Contains(each.message));
}

TEST_CASE("a version range that no scenario can ask for is said", "[clients][definition]")
{
    CHECK_THAT(error_of("[versions]\n\"1.2-1.3-1.4\" = []\n"), Catch::Matchers::Contains("made.toml:5:"));
    CHECK_THAT(error_of("[versions]\n\"tls1.2\" = []\n"), Catch::Matchers::Contains("made.toml:5:"));
}

TEST_CASE("what a client has no option for is a skip that names it", "[clients][definition][skip]")
{
    ClientSettings wishes;
    const auto why = [&](const std::string& more) {
        const Made made(more);
        const auto expanded = made.expanded(wishes);
        const auto* skip = std::get_if<Skip>(&expanded);
        return skip != nullptr ? skip->why : "no skip";
    };
    CHECK(why("") == "made cannot be asked for a server name");
    wishes.server_name = "none";
    CHECK(why("[server_name]\nsent = []\n") == "made cannot be asked for a ClientHello without SNI");
    wishes.server_name.clear();
    wishes.groups = {NamedGroup::x448};
    CHECK(why("[server_name]\nsent = []\n") == "made cannot be asked for groups");
    CHECK(why("[server_name]\nsent = []\n[groups]\noption = [\"{list}\"]\nunknown = [\"x448\"]\n") ==
          "made does not have x448");
    CHECK(why("[server_name]\nsent = []\n[groups]\noption = [\"{list}\"]\n") == "no skip");
    CHECK(why("") == "made cannot be asked for a server name"); // the first wish that cannot be expressed
}

TEST_CASE("a list is put together with separator, prefix and names", "[clients][definition]")
{
    const Made made("[server_name]\nsent = []\n[groups]\nseparator = \" \"\nprefix = \"g:\"\n"
                    "names = { x25519 = \"c25519\" }\noption = [\"--groups={list}\", \"{list}\"]\n");
    ClientSettings wishes;
    wishes.groups = {NamedGroup::x25519, NamedGroup::secp256r1};
    const auto expanded = made.expanded(wishes);
    const std::vector<std::string> expected = {"made", "--groups=g:c25519 g:secp256r1", "g:c25519 g:secp256r1"};
    CHECK(std::get<Command>(expanded).argv == expected);
}

TEST_CASE("an option's file is written into the run directory and found by {file:...}", "[clients][definition]")
{
    const Made made(
        "[server_name]\nsent = { arguments = [\"{file:a.conf}\"], files = { \"a.conf\" = \"host {host}\\n\" } }\n"
        "[connected]\nexit_code = 0\n");
    const auto expanded = made.expanded();
    const auto path = made.target().run_directory / "1-a.conf"; // the port tells cells apart
    CHECK(std::get<Command>(expanded).argv.at(1) == path.string());
    CHECK(test::read_text(path) == "host 127.0.0.1\n");
}

TEST_CASE("a value that looks like a placeholder is not filled again", "[clients][definition]")
{
    const Made made("[server_name]\nsent = [\"{name}\"]\n");
    const auto expanded = made.expanded();
    CHECK(std::get<Command>(expanded).argv.at(1) == "{port}");
}

} // namespace
} // namespace alert40
