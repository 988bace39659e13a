// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/pasted_command.h"
#include "client-checks/lab/shell_text.h"

#include <catch2/catch.hpp>

using namespace alert40;

namespace {

Command with_another_clock(std::string preloaded)
{
    Command command;
    command.argv = {"curl", "https://a.localhost/"};
    command.environment = {{"LD_PRELOAD", std::move(preloaded)},
                           {"FAKETIME", "-86400"},
                           {"FAKETIME_DONT_FAKE_MONOTONIC", "1"},
                           {"CURL_CA_BUNDLE", "root.pem"}};
    return command;
}

} // namespace

TEST_CASE("on another machine the program faketime sets the clock: where it is missing, the shell says so",
          "[lab][paste]")
{
    CHECK(shell_text(with_faketime_program(with_another_clock("/usr/lib/x/faketime/libfaketime.so.1"))) ==
          "CURL_CA_BUNDLE=root.pem faketime --exclude-monotonic -f -86400 curl https://a.localhost/");
}

TEST_CASE("other libraries that are preloaded stay", "[lab][paste]")
{
    for (const auto* libraries :
         {"libnss_wrapper.so:/x/faketime/libfaketime.so.1", "/x/faketime/libfaketime.so.1 libnss_wrapper.so"}) {
        CHECK(with_faketime_program(with_another_clock(libraries)).environment.front() ==
              std::pair<std::string, std::string>("LD_PRELOAD", "libnss_wrapper.so"));
    }
}

TEST_CASE("a command that sets no clock stays as it is, and needs nothing", "[lab][paste]")
{
    Command command;
    command.argv = {"openssl", "s_client"};
    command.environment = {{"LD_PRELOAD", "a.so b.so"}};
    CHECK(shell_text(with_faketime_program(command)) == "LD_PRELOAD='a.so b.so' openssl s_client");
    Invocation invocation;
    invocation.command = command;
    CHECK(needed_beside(invocation).empty());
}

TEST_CASE("what has to be installed beside the client is said with its package", "[lab][paste]")
{
    Invocation invocation;
    invocation.command = with_another_clock("libnss_wrapper.so:/x/faketime/libfaketime.so.1");
    CHECK(needed_beside(invocation).find("Debian's package faketime") != std::string::npos);
    CHECK(needed_beside(invocation).find("Debian's package libnss-wrapper") != std::string::npos);
    invocation = {};
    invocation.command.argv = {"proxy.py", "--faketime", "/x/faketime/libfaketime.so.1", "--clock=-86400"};
    CHECK(needed_beside(invocation).find("Debian's package faketime") != std::string::npos);
}
