// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/clients/faketime.h"

#include <system_error>

namespace alert40 {

std::filesystem::path find_faketime()
{
    constexpr const char* kLibrary = "faketime/libfaketime.so.1";
    std::error_code unreadable;
    for (const auto* prefix : {"/usr/lib", "/usr/local/lib", "/usr/lib64"}) {
        const auto direct = std::filesystem::path(prefix) / kLibrary;
        if (std::filesystem::exists(direct, unreadable)) return direct;
        for (const auto& folder : std::filesystem::directory_iterator(prefix, unreadable)) { // Debian's <triplet>
            const auto path = folder.path() / kLibrary;
            if (std::filesystem::exists(path, unreadable)) return path;
        }
    }
    return {};
}

} // namespace alert40
