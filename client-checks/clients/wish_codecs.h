// SPDX-License-Identifier: GPL-2.0-or-later
// How a client's file says in which words it is asked for suites, groups, versions and more.
#pragma once

#include "client-checks/clients/definition.h"
#include "scenarios/loader/fields.h"

namespace alert40 {

struct CipherWish {
    std::optional<Option> tls12;
    std::optional<Option> tls13;
    ListStyle style;
    std::optional<SuiteParts> parts;
};

const Fields<CipherWish>& cipher_fields();

template <> struct Codec<std::optional<SuiteParts>> {
    static std::optional<SuiteParts> read(const TomlValue& value);
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

/// `option` is needed, or lists that each have an option of their own.
template <> struct Codec<ListWish> {
    static ListWish read(const TomlValue& value);
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

template <> struct Codec<HelloSizeWish> {
    static HelloSizeWish read(const TomlValue& value);
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

template <> struct Codec<std::vector<std::pair<std::string, Dialogue>>> {
    static std::vector<std::pair<std::string, Dialogue>> read(const TomlValue& value);
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

} // namespace alert40
