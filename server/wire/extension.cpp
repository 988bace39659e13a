// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/extension.h"

#include <algorithm>

namespace alert40 {
namespace {

/// Sorting keeps a block of ten thousand empty extensions from costing a hundred million comparisons.
bool has_duplicates(const std::vector<Extension>& extensions)
{
    std::vector<ExtensionType> types;
    for (const auto& extension : extensions) types.push_back(extension.type);
    std::sort(types.begin(), types.end());
    return std::adjacent_find(types.begin(), types.end()) != types.end();
}

auto of_type(ExtensionType type)
{
    return [type](const Extension& each) { return each.type == type; };
}

} // namespace

const Extension* find_extension(const std::vector<Extension>& extensions, ExtensionType type)
{
    const auto found = std::find_if(extensions.begin(), extensions.end(), of_type(type));
    return found == extensions.end() ? nullptr : &*found;
}

Extension* find_extension(std::vector<Extension>& extensions, ExtensionType type)
{
    const auto found = std::find_if(extensions.begin(), extensions.end(), of_type(type));
    return found == extensions.end() ? nullptr : &*found;
}

void set_extension(std::vector<Extension>& extensions, Extension extension)
{
    if (auto* present = find_extension(extensions, extension.type))
        *present = std::move(extension);
    else
        extensions.push_back(std::move(extension));
}

bool remove_extension(std::vector<Extension>& extensions, ExtensionType type)
{
    return std::erase_if(extensions, of_type(type)) != 0;
}

std::vector<Extension> read_extensions(Reader& reader)
{
    std::vector<Extension> extensions;
    Reader block = reader.vector16("extensions");
    while (block.more()) {
        const auto type = ExtensionType{block.u16("extension_type")};
        const ByteView body = block.vector16("extension_data").rest();
        extensions.push_back({type, Bytes(body.begin(), body.end())});
    }
    // RFC 8446 section 4.2: "There MUST NOT be more than one extension of the same type in a given extension block."
    if (has_duplicates(extensions)) block.fail(AlertDescription::illegal_parameter, "extension_type", "one type twice");
    return extensions;
}

void write_extensions(Writer& writer, const std::vector<Extension>& extensions)
{
    const auto block = writer.vector16();
    for (const auto& extension : extensions) {
        writer.value(extension.type);
        writer.vector16(extension.body);
    }
}

} // namespace alert40
