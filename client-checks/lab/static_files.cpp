// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/static_files.h"

#include "scenarios/loader/input_error.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <vector>

namespace alert40 {
namespace {

namespace fs = std::filesystem;

struct Kind {
    std::string_view ending;
    std::string_view type;
};
constexpr Kind kKinds[] = {
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"}, // RFC 9239
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/vnd.microsoft.icon"},
    {".woff2", "font/woff2"},
    {".webmanifest", "application/manifest+json"},
};

std::vector<std::string_view> parts_of(std::string_view path)
{
    std::vector<std::string_view> parts;
    while (!path.empty() && path.front() == '/') {
        path.remove_prefix(1);
        const auto end = std::min(path.find('/'), path.size());
        parts.push_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return parts;
}

/// Letters, digits, '-', '_' and, not at the start, '.': neither "..", nor a hidden file, nor an octet 0.
bool is_plain(std::string_view part)
{
    const auto is_fine = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
               c == '.';
    };
    return !part.empty() && part.front() != '.' && std::all_of(part.begin(), part.end(), is_fine);
}

std::optional<std::string> read(const fs::path& path)
{
    std::error_code error;
    if (!fs::is_regular_file(fs::symlink_status(path, error))) return std::nullopt;
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return std::nullopt;
    return text.str();
}

} // namespace

bool is_page(std::string_view path)
{
    const auto parts = parts_of(path);
    if (path == "/") return true;
    if (parts.empty() || !std::all_of(parts.begin(), parts.end(), is_plain)) return false;
    const auto& first = parts.front();
    if (first == "scenario") return parts.size() == 3;
    if (first == "causes" || first == "curricula") return parts.size() == 2;
    if (first == "connections" || first == "exercises") return parts.size() <= 2;
    return parts.size() == 1 && (first == "listeners" || first == "results" || first == "join");
}

StaticFiles::StaticFiles(fs::path folder) : folder_(std::move(folder))
{
    if (!read(folder_ / "index.html"))
        throw InputError(fmt::format("{}: there are no pages of the lab", folder_.string()),
                         "--data FOLDER, where client-checks/lab/pages/index.html is");
}

std::optional<StaticFile> StaticFiles::find(std::string_view path) const
{
    const auto parts = is_page(path) ? std::vector<std::string_view>{"index.html"} : parts_of(path);
    if (parts.empty() || !std::all_of(parts.begin(), parts.end(), is_plain)) return std::nullopt;
    fs::path file = folder_;
    for (std::size_t place = 0; place < parts.size(); ++place) {
        file /= parts[place];
        std::error_code error;
        // A link could lead out of the folder.
        if (fs::is_symlink(fs::symlink_status(file, error))) return std::nullopt;
    }
    const auto kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                   [&](const Kind& each) { return parts.back().ends_with(each.ending); });
    if (kind == std::end(kKinds)) return std::nullopt;
    auto body = read(file);
    if (!body) return std::nullopt;
    return StaticFile{std::string(kind->type), std::move(*body)};
}

} // namespace alert40
