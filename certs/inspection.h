// SPDX-License-Identifier: GPL-2.0-or-later
// The authority of an inspecting middlebox: a root of its own, and certificates that it makes on the fly for whatever
// name a client asks for.
#pragma once

#include "certs/forge.h"

#include <optional>

namespace alert40 {

class InspectionAuthority {
public:
    using TimePoint = std::chrono::system_clock::time_point;

    /// The one of this process, made at its first use and never written to a file, its keys neither; `now` counts then
    /// alone: it is valid from a day before to 30 days after. May be asked for by several threads.
    static const InspectionAuthority& of_process(TimePoint now);

    const Bytes& root() const { return root_; } // DER

    /// A server's chain for `name` (P-256): leaf and intermediate, valid from a day before `now` to 7 days after.
    Chain issue(const std::string& name, TimePoint now) const;

private:
    explicit InspectionAuthority(TimePoint now);

    Bytes root_;
    std::optional<Authority> intermediate_;
};

} // namespace alert40
