// SPDX-License-Identifier: GPL-2.0-or-later
// What the tests of certs/ share: unique directories, outside programs, octets in hexadecimal.
#pragma once

#include "certs/forge.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace alert40::test {

/// A new directory that goes with the object.
class TemporaryDirectory {
public:
    TemporaryDirectory() : path_(std::filesystem::temp_directory_path() / ("alert40-test-" + to_hex(random_bytes(8))))
    {
        std::filesystem::create_directory(path_);
        std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
    }
    ~TemporaryDirectory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

inline std::string read_text(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

inline void write_text(const std::filesystem::path& path, std::string_view text)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

inline Bytes from_hex(std::string_view text)
{
    Bytes octets;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        octets.push_back(static_cast<std::uint8_t>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
    return octets;
}

struct ProgramResult {
    int status;
    std::string output; // of both streams
};

/// Runs a shell command; its output goes through a file in `directory`.
inline ProgramResult run_program(const std::string& command, const std::filesystem::path& directory)
{
    const std::filesystem::path output = directory / "output.txt";
    const int status = std::system((command + " >" + output.string() + " 2>&1 </dev/null").c_str());
    return {status, read_text(output)};
}

inline bool has_program(const std::string& name)
{
    return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0;
}

inline std::chrono::system_clock::time_point now()
{
    return std::chrono::system_clock::now();
}

/// A chain with this defect (empty: healthy) for www.alert40.test, localhost and both loopback addresses.
inline Chain forge_with(StateDirectory& state, const std::string& defect, KeyType key = KeyType::ec_p256,
                        CertificatePurpose purpose = CertificatePurpose::server)
{
    ChainRecipe recipe;
    recipe.defect = defect;
    recipe.key = key;
    recipe.purpose = purpose;
    const ChainPlan plan = plan_chain(recipe, {"www.alert40.test", "localhost"}, {"127.0.0.1", "::1"});
    return forge_chain(plan, state, now());
}

} // namespace alert40::test
