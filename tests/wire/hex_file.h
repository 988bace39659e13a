// SPDX-License-Identifier: GPL-2.0-or-later
// Bytes for the tests of this folder: hexadecimal in the source or in tests/data.
#pragma once

#include "certs/bytes.h"
#include "tests/source_dir.h"

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

/// White space is ignored.
inline Bytes from_hex(std::string_view text)
{
    std::string digits;
    for (const char each : text)
        if (std::isxdigit(static_cast<unsigned char>(each)) != 0) digits += each;
    Bytes bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(digits.substr(i, 2), nullptr, 16)));
    return bytes;
}

inline std::filesystem::path test_data()
{
    return test_source_dir() / "tests" / "data";
}

/// `path` is relative to tests/data. Throws when there is no such file.
inline Bytes read_hex_file(const std::filesystem::path& path)
{
    std::ifstream file(test_data() / path);
    if (!file) throw std::runtime_error("cannot read " + (test_data() / path).string());
    return from_hex(std::string(std::istreambuf_iterator<char>(file), {}));
}

/// The hellos of real clients, each a whole record, by file name.
inline std::vector<std::filesystem::path> client_hello_files()
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(test_data() / "client_hello"))
        files.push_back(std::filesystem::path("client_hello") / entry.path().filename());
    return files;
}

} // namespace alert40
