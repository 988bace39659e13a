// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/shell_text.h"

#include <catch2/catch.hpp>

#include <cstdio>

using namespace alert40;

namespace {

/// What the shell makes of it.
std::string run_by_shell(const std::string& line)
{
    FILE* pipe = popen(line.c_str(), "r");
    std::string output;
    for (int next = fgetc(pipe); next != EOF; next = fgetc(pipe)) output += static_cast<char>(next);
    pclose(pipe);
    return output;
}

} // namespace

TEST_CASE("a plain word stays plain, any other is quoted", "[lab][shell]")
{
    CHECK(shell_word("--cacert") == "--cacert");
    CHECK(shell_word("a=b:1,2/x@y%z+_") == "a=b:1,2/x@y%z+_");
    CHECK(shell_word("") == "''");
    CHECK(shell_word("$(reboot)") == "'$(reboot)'");
    CHECK(shell_word("it's") == "'it'\\''s'");
}

TEST_CASE("a pasted command gets the words, the environment and the input that were meant", "[lab][shell]")
{
    Command command;
    command.argv = {"sh", "-c", "printf '%s|' \"$1\" \"$MARK\"; cat", "sh", "a 'b' $c `d` \\e \"f\""};
    command.environment = {{"MARK", "x y"}};
    command.input = "GET / HTTP/1.0\r\n\r\n100% \\n \x01\xc3\xa9";
    const auto text = shell_text(command);
    CHECK(text.find('\n') == std::string::npos);
    CHECK(run_by_shell(text) == "a 'b' $c `d` \\e \"f\"|x y|" + command.input);
}
