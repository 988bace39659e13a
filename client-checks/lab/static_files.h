// SPDX-License-Identifier: GPL-2.0-or-later
// The files of the pages, found beside the other data of the program. Every path of a page gets the one shell,
// index.html, whose script draws what the path says.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace alert40 {

struct StaticFile {
    std::string type; // the media type
    std::string body;
};

class StaticFiles {
public:
    /// Throws InputError where `folder` holds no index.html.
    explicit StaticFiles(std::filesystem::path folder);

    /// What a browser gets for `path`, which is decoded and starts with '/'; nullopt where there is nothing. Nothing
    /// outside the folder is ever given, nor what has another ending than the known ones.
    std::optional<StaticFile> find(std::string_view path) const;

private:
    std::filesystem::path folder_;
};

/// "/", "/scenario/FAMILY/NAME", "/connections", "/connections/ID", "/causes/ID", "/exercises", "/exercises/ID",
/// "/curricula/ID", "/results", "/join".
bool is_page(std::string_view path);

} // namespace alert40
