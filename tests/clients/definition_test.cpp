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
    std::variant<Invocation, Skip> expanded(const ClientSettings& wishes = {}, Starttls starttls = Starttls::none) const
    {
        return expand(load_client(file()), wishes, target(), starttls);
    }
    Command command(const ClientSettings& wishes = {}) const { return std::get<Invocation>(expanded(wishes)).command; }

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
        Case{"[versions]\n\"1.2\" = \"-tls1_2\"\n", "made.toml:5:9: unknown key '1.2'"},
        Case{"[groups]\nseparator = \":\"\n", "option"},
        Case{"[groups]\noption = { argument = [] }\n", "unknown key 'argument'"},
        Case{"[ciphers.parts]\nmacs = {}\n", "key_exchanges"}, Case{"environment = [\"A=b\"]\n", "made.toml:4:15: "});
    CAPTURE(each.more);
    CHECK_THAT(error_of(each.more), Catch::Matchers::Contains(each.message));
}

TEST_CASE("what a client file says of its runs must be whole", "[clients][definition]")
{
    CHECK_THAT(error_of("[starttls]\nsmtp = { argument = [] }\n"), Catch::Matchers::Contains("unknown key 'argument'"));
    CHECK_THAT(error_of("[starttls]\nsmtp = { output = '(' }\n"),
               Catch::Matchers::Contains("not a regular expression"));
    CHECK_THAT(error_of("[settings]\nfile = \"a\"\n"), Catch::Matchers::Contains("'environment'"));
    CHECK_THAT(error_of("[hello_size]\nmost = 1000\n"), Catch::Matchers::Contains("'option'"));
    CHECK_THAT(error_of("[hello_size]\noption = []\nmost = 0\n"), Catch::Matchers::Contains("made.toml:6:8: "));
    CHECK_THAT(error_of("[resume]\nthird = []\n"), Catch::Matchers::Contains("unknown key 'third'"));
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
    const std::vector<std::string> expected = {"made", "--groups=g:c25519 g:secp256r1", "g:c25519 g:secp256r1"};
    CHECK(made.command(wishes).argv == expected);
}

TEST_CASE("an option's file is written into the run directory and found by {file:...}", "[clients][definition]")
{
    const Made made(
        "[server_name]\nsent = { arguments = [\"{file:a.conf}\"], files = { \"a.conf\" = \"host {host}\\n\" } }\n"
        "[connected]\nexit_code = 0\n");
    const auto path = made.target().run_directory / "1-a.conf"; // the port tells cells apart
    CHECK(made.command().argv.at(1) == path.string());
    CHECK(test::read_text(path) == "host 127.0.0.1\n");
}

const std::string kNamed = "[server_name]\nsent = []\n";

TEST_CASE("settings go into one file, named by a variable", "[clients][definition]")
{
    const Made made(
        kNamed + "[versions]\noption = { settings = [\"Least = {least}\"] }\n"
                 "[groups]\noption = { settings = [\"Groups = {list}\"] }\n"
                 "[settings]\nfile = \"made.cnf\"\nenvironment = \"MADE_CONF\"\ntext = \"[made]\\n{settings}end\"\n");
    ClientSettings wishes;
    CHECK(made.command(wishes).environment.empty()); // nothing to set
    wishes.versions = {ProtocolVersion::tls12};
    wishes.groups = {NamedGroup::x25519, NamedGroup::secp256r1};
    const auto path = made.target().run_directory / "1-made.cnf";
    CHECK(made.command(wishes).environment == StringMap{{"MADE_CONF", path.string()}});
    CHECK(test::read_text(path) == "[made]\nLeast = 1.2\nGroups = x25519:secp256r1\nend");
}

TEST_CASE("settings without a file to go into are said", "[clients][definition]")
{
    const Made made(kNamed + "[groups]\noption = { settings = [\"Groups = {list}\"] }\n");
    ClientSettings wishes;
    wishes.groups = {NamedGroup::x25519};
    CHECK_THROWS_WITH(made.expanded(wishes), Catch::Matchers::Contains("the client made has no [settings]"));
}

TEST_CASE("a session is fetched by a run of its own, unless one run does both", "[clients][definition]")
{
    ClientSettings wishes;
    wishes.resume = Resume::same_server;
    const Made two(kNamed + "[resume]\nfirst = [\"--out={file:s}\"]\nsecond = [\"--in={file:s}\"]\n");
    const auto invocation = std::get<Invocation>(two.expanded(wishes));
    const auto path = (two.target().run_directory / "1-s").string();
    REQUIRE(invocation.before);
    CHECK(invocation.before->argv == std::vector<std::string>{"made", "--out=" + path});
    CHECK(invocation.command.argv == std::vector<std::string>{"made", "--in=" + path});

    const Made one(kNamed + "[resume]\nwithin = [\"--twice\"]\n");
    const auto once = std::get<Invocation>(one.expanded(wishes));
    CHECK_FALSE(once.before);
    CHECK(once.command.argv == std::vector<std::string>{"made", "--twice"});
    CHECK_FALSE(std::get<Invocation>(two.expanded()).before);
}

TEST_CASE("the session of another address comes from there, or not at all", "[clients][definition][skip]")
{
    ClientSettings wishes;
    wishes.resume = Resume::other_back_end;
    const Made made(kNamed + "[resume]\nfirst = [\"a\"]\nsecond = [\"b\"]\nwithin = [\"--twice\"]\n");
    auto target = made.target();
    target.host = "127.0.0.2";
    target.first_host = "127.0.0.1";
    auto client = load_client(made.file());
    client.argv = {"made", "{host}", "{wishes}"};
    const auto invocation = std::get<Invocation>(expand(client, wishes, target));
    CHECK(invocation.before->argv == std::vector<std::string>{"made", "127.0.0.1", "a"});
    CHECK(invocation.command.argv == std::vector<std::string>{"made", "127.0.0.2", "b"});
    client.resume.first.reset();
    CHECK(std::get<Skip>(expand(client, wishes, target)).why ==
          "made cannot be asked for a session of another address");
}

TEST_CASE("a ClientHello grows by names for ALPN, as far as the client goes", "[clients][definition]")
{
    const Made made(kNamed + "[hello_size]\noption = [\"{list}\"]\nseparator = \",\"\nmost = 2000\n");
    ClientSettings wishes;
    wishes.hello_size = 2000;
    const auto list = made.command(wishes).argv.at(1);
    CHECK(list.size() >= 2000);
    CHECK(list.size() < 2400);
    CHECK(list.find(',') == 255); // the longest name that ALPN has room for
    wishes.hello_size = 2001;
    CHECK(std::get<Skip>(made.expanded(wishes)).why ==
          "made cannot be made to send a ClientHello of more than 2000 octets");
    wishes.hello_size = 2000;
    wishes.alpn = {"h2"};
    CHECK_THAT(std::get<Skip>(made.expanded(wishes)).why, Catch::Matchers::Contains("ALPN"));
}

TEST_CASE("a protocol before TLS has its own request and its own success", "[clients][definition]")
{
    const Made made(kNamed +
                    "[starttls]\nsmtp = { arguments = [\"--smtp\"], input = \"QUIT {name}\", output = '^221', scheme = "
                    "\"smtp\" }\n");
    const auto invocation = std::get<Invocation>(made.expanded({}, Starttls::smtp));
    CHECK(invocation.command.argv == std::vector<std::string>{"made", "--smtp"});
    CHECK(invocation.command.input == "QUIT {port}");
    REQUIRE(invocation.connected_pattern);
    CHECK(std::regex_search("221 bye", *invocation.connected_pattern));
    CHECK(std::get<Skip>(made.expanded({}, Starttls::imap)).why == "made cannot be asked for STARTTLS of imap");
}

TEST_CASE("a clock that needs libfaketime is a skip without it", "[clients][definition][skip]")
{
    const Made with("clock = { environment = { LD_PRELOAD = \"{faketime}\", FAKETIME = \"{clock}\" } }\n" + kNamed);
    ClientSettings wishes;
    wishes.clock = std::chrono::seconds(-86'400);
    auto target = with.target();
    const auto client = load_client(with.file());
    CHECK_THAT(std::get<Skip>(expand(client, wishes, target)).why,
               Catch::Matchers::Contains("libfaketime is not installed"));
    target.faketime = "/lib/faketime.so";
    const StringMap expected = {{"LD_PRELOAD", "/lib/faketime.so"}, {"FAKETIME", "-86400"}};
    CHECK(std::get<Invocation>(expand(client, wishes, target)).command.environment == expected);
}

TEST_CASE("a value that looks like a placeholder is not filled again", "[clients][definition]")
{
    const Made made("[server_name]\nsent = [\"{name}\"]\n");
    CHECK(made.command().argv.at(1) == "{port}");
}

} // namespace
} // namespace alert40
