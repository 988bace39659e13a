// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/fresh_hello.h"

#include "server/wire/client_hello_extensions.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace alert40 {
namespace {

/// RFC 8701: 0x0A0A, 0x1A1A, ... 0xFAFA.
bool is_grease(NamedGroup group)
{
    const auto value = static_cast<std::uint16_t>(group);
    return (value & 0x0F0F) == 0x0A0A && (value >> 8) == (value & 0xFF);
}

/// Bound to the connection that was recorded.
constexpr std::array kOfAnotherConnection = {ExtensionType::pre_shared_key, ExtensionType::early_data,
                                             ExtensionType::cookie};

/// What the server would answer with something that is not spoken here.
constexpr std::array kNotSpoken = {
    ExtensionType::compress_certificate,
    ExtensionType::delegated_credential,
    ExtensionType::client_certificate_type,
    ExtensionType::server_certificate_type,
    ExtensionType::cert_type,
    ExtensionType::next_protocol_negotiation,
    ExtensionType::application_settings,
    ExtensionType::application_settings_old,
    ExtensionType::channel_id,
    ExtensionType::channel_id_old,
    ExtensionType::token_binding,
    ExtensionType::truncated_hmac,
    ExtensionType::max_fragment_length,
    ExtensionType::client_certificate_url,
    ExtensionType::cached_info,
    ExtensionType::tls_lts,
    ExtensionType::srp,
};

void remove_extensions(FreshHello& fresh)
{
    for (const auto type : kOfAnotherConnection) remove_extension(fresh.hello.extensions, type);
    if (auto* ticket = find_extension(fresh.hello.extensions, ExtensionType::session_ticket)) ticket->body.clear();
    for (const auto type : kNotSpoken)
        if (remove_extension(fresh.hello.extensions, type))
            fresh.left_out.push_back(fmt::format("the extension {}", name(type)));
}

bool can_be_played(NamedGroup group)
{
    return is_grease(group) || GroupKey::knows(group) || !(is_post_quantum(group) || is_ffdhe(group));
}

void remove_groups(FreshHello& fresh)
{
    const auto groups = fresh.hello.groups();
    std::vector<NamedGroup> kept;
    for (const auto group : groups) {
        if (can_be_played(group))
            kept.push_back(group);
        else
            fresh.left_out.push_back(fmt::format("the group {}", name(group)));
    }
    if (kept.size() != groups.size()) set_extension(fresh.hello.extensions, supported_groups_extension(kept));
}

void renew_key_shares(FreshHello& fresh)
{
    if (!fresh.hello.has_extension(ExtensionType::key_share)) return;
    std::vector<KeyShare> shares;
    const auto add = [&](NamedGroup group) {
        auto key = GroupKey::generate(group);
        if (!key) return;
        shares.push_back({group, key->public_value()});
        fresh.keys.push_back(*std::move(key));
    };
    const auto recorded = fresh.hello.key_shares();
    for (const auto& share : recorded) {
        if (is_grease(share.group))
            shares.push_back(share);
        else
            add(share.group);
    }
    // Where the only share was of a group that is left out, one for the client's next choice saves a round.
    if (fresh.keys.empty() && !recorded.empty())
        for (const auto group : fresh.hello.groups()) {
            add(group);
            if (!fresh.keys.empty()) break;
        }
    set_extension(fresh.hello.extensions, key_share_extension(shares));
}

} // namespace

FreshHello freshen(const ClientHello& recorded)
{
    FreshHello fresh{recorded, {}, {}};
    const Bytes random = random_bytes(fresh.hello.random.size());
    std::copy(random.begin(), random.end(), fresh.hello.random.begin());
    fresh.hello.session_id = random_bytes(recorded.session_id.size());
    remove_extensions(fresh);
    remove_groups(fresh);
    renew_key_shares(fresh);
    return fresh;
}

} // namespace alert40
