// SPDX-License-Identifier: GPL-2.0-or-later
// "/api/scenarios/{family}/{name}": which paths it fits, and what its named parts are there.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

class RoutePattern {
public:
    /// "{name}" is one part of the path and not empty; a last "{name*}" is all that is left, maybe nothing.
    explicit RoutePattern(std::string_view pattern);

    /// The named parts; nullopt where `path` does not fit.
    std::optional<std::map<std::string, std::string>> match(std::string_view path) const;
    /// How many parts are named: the fewer, the more exact.
    std::size_t named() const { return named_; }
    bool takes_rest() const { return takes_rest_; }

private:
    struct Part {
        std::string text;
        bool named = false;
    };
    std::vector<Part> parts_;
    std::size_t named_ = 0;
    bool takes_rest_ = false;
};

} // namespace alert40
