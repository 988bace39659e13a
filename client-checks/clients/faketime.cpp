// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/clients/faketime.h"

#include <system_error>

namespace alert40 {

namespace {

std::filesystem::path find_library(const char* library)
{
    std::error_code unreadable;
    for (const auto* prefix : {"/usr/lib", "/usr/local/lib", "/usr/lib64"}) {
        const auto direct = std::filesystem::path(prefix) / library;
        if (std::filesystem::exists(direct, unreadable)) return direct;
        for (const auto& folder : std::filesystem::directory_iterator(prefix, unreadable)) { // Debian's <triplet>
            const auto path = folder.path() / library;
            if (std::filesystem::exists(path, unreadable)) return path;
        }
    }
    return {};
}

} // namespace

std::filesystem::path find_faketime()
{
    return find_library("faketime/libfaketime.so.1");
}

bool find_nss_wrapper()
{
    return !find_library("libnss_wrapper.so").empty();
}

} // namespace alert40
