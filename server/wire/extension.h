// SPDX-License-Identifier: GPL-2.0-or-later
// The extension block of hellos, certificates and certificate requests (RFC 8446 section 4.2), undecoded and in order.
#pragma once

#include "certs/bytes.h"
#include "scenarios/vocabulary/extension_type.h"
#include "server/wire/reader.h"
#include "server/wire/writer.h"

#include <vector>

namespace alert40 {

struct Extension {
    ExtensionType type{};
    Bytes body;

    bool operator==(const Extension&) const = default;
};

/// The first one of `type`, or nullptr.
const Extension* find_extension(const std::vector<Extension>& extensions, ExtensionType type);
Extension* find_extension(std::vector<Extension>& extensions, ExtensionType type);

/// Replaces the one of the same type where it stands, else adds it at the end.
void set_extension(std::vector<Extension>& extensions, Extension extension);

/// Removes all of `type`; true when there was one.
bool remove_extension(std::vector<Extension>& extensions, ExtensionType type);

/// Reads the 2-byte length and the extensions. A type that comes twice is an illegal_parameter.
std::vector<Extension> read_extensions(Reader& reader);

/// Writes them with the 2-byte length, also when there are none.
void write_extensions(Writer& writer, const std::vector<Extension>& extensions);

} // namespace alert40
