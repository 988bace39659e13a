// SPDX-License-Identifier: GPL-2.0-or-later
// A program of ours that is a client of a library: compiled when it is first needed, and again when it has changed.
#pragma once

#include "client-checks/clients/definition.h"

namespace alert40 {

/// Where the source of client.program is.
std::filesystem::path program_source(const ClientDefinition& client);

struct Compiled {
    std::filesystem::path build; // what {build} stands for; empty where there is nothing to compile
    std::string failure;         // the compiler's words; empty: it is there
};

/// Makes the program in a folder of `programs` that is named by the client and a hash of the sources and the command,
/// unless it is there. Another process that does the same at once is no harm. Throws std::runtime_error where a source
/// cannot be read.
asio::awaitable<Compiled> compile_program(const ClientDefinition& client, std::filesystem::path programs);

} // namespace alert40
