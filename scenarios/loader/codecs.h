// SPDX-License-Identifier: GPL-2.0-or-later
// How the vocabulary's names are read from TOML, and their JSON Schema: Codec<T> for every enum of the wire.
#pragma once

#include "scenarios/loader/fields.h"
#include "scenarios/vocabulary/alert.h"
#include "scenarios/vocabulary/cipher_suite.h"
#include "scenarios/vocabulary/handshake_type.h"
#include "scenarios/vocabulary/named_group.h"
#include "scenarios/vocabulary/protocol_version.h"
#include "scenarios/vocabulary/signature_scheme.h"

namespace alert40 {

inline nlohmann::json names_schema(const std::vector<std::string>& names)
{
    return {{"type", "string"}, {"enum", names}};
}

template <> struct Codec<ProtocolVersion> {
    static ProtocolVersion read(const TomlValue& value)
    {
        return read_name(value, "protocol version", find_protocol_version, all_protocol_version_names());
    }
    static nlohmann::json schema() { return names_schema(all_protocol_version_names()); }
};

template <> struct Codec<CipherSuite> {
    static CipherSuite read(const TomlValue& value)
    {
        const auto* suite = read_name(
            value, "cipher suite",
            [](std::string_view name) {
                const auto* info = find_cipher_suite(name);
                return info != nullptr ? std::optional(info) : std::nullopt;
            },
            all_cipher_suite_names());
        return suite->value;
    }
    // Some 350 names, each in two spellings: the schema leaves them to the loader.
    static nlohmann::json schema()
    {
        return {{"type", "string"}, {"examples", {"TLS_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-SHA"}}};
    }
};

template <> struct Codec<NamedGroup> {
    static NamedGroup read(const TomlValue& value)
    {
        return read_name(value, "group", find_named_group, all_named_group_names());
    }
    static nlohmann::json schema() { return names_schema(all_named_group_names()); }
};

template <> struct Codec<SignatureScheme> {
    static SignatureScheme read(const TomlValue& value)
    {
        return read_name(value, "signature scheme", find_signature_scheme, all_signature_scheme_names());
    }
    static nlohmann::json schema() { return names_schema(all_signature_scheme_names()); }
};

template <> struct Codec<AlertDescription> {
    static AlertDescription read(const TomlValue& value)
    {
        return read_name(value, "alert", find_alert_description, all_alert_description_names());
    }
    static nlohmann::json schema() { return names_schema(all_alert_description_names()); }
};

template <> struct Codec<AlertLevel> {
    static AlertLevel read(const TomlValue& value)
    {
        const std::vector<std::string> names{"warning", "fatal"};
        return read_name(
            value, "alert level",
            [](std::string_view name) {
                if (name == "warning") return std::optional(AlertLevel::warning);
                return name == "fatal" ? std::optional(AlertLevel::fatal) : std::nullopt;
            },
            names);
    }
    static nlohmann::json schema() { return names_schema({"warning", "fatal"}); }
};

template <> struct Codec<HandshakeType> {
    static HandshakeType read(const TomlValue& value)
    {
        return read_name(value, "handshake message", find_handshake_type, all_handshake_type_names());
    }
    static nlohmann::json schema() { return names_schema(all_handshake_type_names()); }
};

} // namespace alert40
