// SPDX-License-Identifier: GPL-2.0-or-later
// Why a call to the control API was refused. Thrown by whoever finds out, told to the caller as
// application/problem+json (RFC 9457).
#pragma once

#include <stdexcept>
#include <string>

namespace alert40 {

class Problem : public std::runtime_error {
public:
    /// `status`: of HTTP, 400 to 599. `title`: what is wrong, in few words. `detail`: this case, and the remedy.
    Problem(int status, std::string title, const std::string& detail)
        : std::runtime_error(detail),
          status_(status),
          title_(std::move(title))
    {
    }

    int status() const { return status_; }
    const std::string& title() const { return title_; }
    std::string detail() const { return what(); }

private:
    int status_;
    std::string title_;
};

} // namespace alert40
