// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/checks/program.h"

#include "certs/bytes.h"
#include "certs/crypto.h"
#include "client-checks/clients/expand.h"
#include "client-checks/process/child_process.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace alert40 {
namespace {

constexpr std::chrono::minutes kCompileDeadline{5}; // a Rust library from source takes most of one

std::string read_file(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) throw std::runtime_error(fmt::format("{} cannot be read", path.string()));
    return text.str();
}

std::string fingerprint(const ClientDefinition& client)
{
    const auto folder = program_source(client).parent_path();
    std::string all = fmt::format("{}\n", fmt::join(client.program->compile, "\n"));
    all += read_file(program_source(client));
    for (const auto& file : client.program->also) all += read_file(folder / file);
    const auto digest = hash(HashAlgorithm::sha256, Bytes(all.begin(), all.end()));
    return to_hex(ByteView(digest).first(8));
}

} // namespace

std::filesystem::path program_source(const ClientDefinition& client)
{
    return client.path.parent_path() / "programs" / client.program->source;
}

asio::awaitable<Compiled> compile_program(const ClientDefinition& client, std::filesystem::path programs)
{
    Compiled compiled;
    if (client.program->compile.empty()) co_return compiled;
    compiled.build = programs / fmt::format("{}-{}", client.name, fingerprint(client));
    if (std::filesystem::exists(compiled.build)) co_return compiled;
    // Made beside its place and moved there whole: what is there is complete.
    const auto making = programs / fmt::format("{}.making-{}", client.name, getpid());
    std::filesystem::remove_all(making);
    std::filesystem::create_directories(making);
    Target target;
    target.source = program_source(client);
    target.build = making;
    Command command;
    command.argv = fill_paths(client.program->compile, target);
    command.working_directory = making;
    const ChildResult child = co_await run_child(command, kCompileDeadline);
    if (child.exit_code != 0) {
        compiled.failure = fmt::format("{} cannot be compiled: {}", client.program->source,
                                       child.timed_out ? "it takes too long" : child.errors + child.output);
        std::filesystem::remove_all(making);
        co_return compiled;
    }
    std::error_code there_already;
    std::filesystem::rename(making, compiled.build, there_already);
    if (there_already) std::filesystem::remove_all(making);
    co_return compiled;
}

} // namespace alert40
