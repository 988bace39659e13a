// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/vocabulary/protocol_version.h"

#include "scenarios/vocabulary/name_table.h"

namespace alert40 {
namespace {

constexpr ProtocolVersion kVersions[] = {ProtocolVersion::ssl30, ProtocolVersion::tls10, ProtocolVersion::tls11,
                                         ProtocolVersion::tls12, ProtocolVersion::tls13};

constexpr NameRow<ProtocolVersion> kNames[] = {
    {ProtocolVersion::ssl30, "ssl3.0"}, {ProtocolVersion::tls10, "1.0"}, {ProtocolVersion::tls11, "1.1"},
    {ProtocolVersion::tls12, "1.2"},    {ProtocolVersion::tls13, "1.3"},
};

constexpr NameRow<ProtocolVersion> kDisplayNames[] = {
    {ProtocolVersion::ssl30, "SSL 3.0"}, {ProtocolVersion::tls10, "TLS 1.0"}, {ProtocolVersion::tls11, "TLS 1.1"},
    {ProtocolVersion::tls12, "TLS 1.2"}, {ProtocolVersion::tls13, "TLS 1.3"},
};

template <class Rows> std::string name_or_number(const Rows& rows, ProtocolVersion version)
{
    const auto known = name_in(rows, version);
    return known.empty() ? hexadecimal(static_cast<std::uint16_t>(version)) : std::string(known);
}

} // namespace

bool is_known(ProtocolVersion version)
{
    return version >= ProtocolVersion::ssl30 && version <= ProtocolVersion::tls13;
}

std::string name(ProtocolVersion version)
{
    return name_or_number(kNames, version);
}

std::string display_name(ProtocolVersion version)
{
    return name_or_number(kDisplayNames, version);
}

std::optional<ProtocolVersion> find_protocol_version(std::string_view name)
{
    return value_in(kNames, name);
}

std::span<const ProtocolVersion> all_protocol_versions()
{
    return kVersions;
}

std::vector<std::string> all_protocol_version_names()
{
    return names_in(kNames);
}

} // namespace alert40
