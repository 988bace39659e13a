// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/route_pattern.h"

namespace alert40 {
namespace {

std::vector<std::string_view> parts_of(std::string_view path)
{
    std::vector<std::string_view> parts;
    if (path.starts_with('/')) path.remove_prefix(1);
    for (;;) {
        const auto end = path.find('/');
        parts.push_back(path.substr(0, end));
        if (end == std::string_view::npos) return parts;
        path.remove_prefix(end + 1);
    }
}

} // namespace

RoutePattern::RoutePattern(std::string_view pattern)
{
    for (auto part : parts_of(pattern)) {
        const bool named = part.size() > 2 && part.front() == '{' && part.back() == '}';
        if (named) part = part.substr(1, part.size() - 2);
        if (named && part.ends_with('*')) {
            takes_rest_ = true;
            part.remove_suffix(1);
        }
        parts_.push_back({std::string(part), named});
        named_ += named ? 1 : 0;
    }
}

std::optional<std::map<std::string, std::string>> RoutePattern::match(std::string_view path) const
{
    std::map<std::string, std::string> found;
    const auto parts = parts_of(path);
    const std::size_t exact = parts_.size() - (takes_rest_ ? 1 : 0);
    if (takes_rest_ ? parts.size() < exact : parts.size() != exact) return std::nullopt;
    for (std::size_t index = 0; index < exact; ++index) {
        const auto& part = parts_[index];
        if (!part.named && part.text != parts[index]) return std::nullopt;
        if (part.named && parts[index].empty()) return std::nullopt;
        if (part.named) found[part.text] = parts[index];
    }
    if (!takes_rest_) return found;
    std::string rest;
    for (std::size_t index = exact; index < parts.size(); ++index)
        rest.append(index == exact ? "" : "/").append(parts[index]);
    found[parts_.back().text] = rest;
    return found;
}

} // namespace alert40
