// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/vocabulary/content_type.h"

#include "scenarios/vocabulary/name_table.h"

namespace alert40 {
namespace {

constexpr NameRow<ContentType> kNames[] = {
    {ContentType::invalid, "invalid"},
    {ContentType::change_cipher_spec, "change_cipher_spec"},
    {ContentType::alert, "alert"},
    {ContentType::handshake, "handshake"},
    {ContentType::application_data, "application_data"},
    {ContentType::heartbeat, "heartbeat"},
    {ContentType::tls12_cid, "tls12_cid"},
    {ContentType::ack, "ack"},
};

} // namespace

std::string name(ContentType type)
{
    const auto known = name_in(kNames, type);
    return known.empty() ? unknown(static_cast<unsigned>(type)) : std::string(known);
}

std::optional<ContentType> find_content_type(std::string_view name)
{
    return value_in(kNames, name);
}

std::vector<std::string> all_content_type_names()
{
    return names_in(kNames);
}

} // namespace alert40
