// SPDX-License-Identifier: GPL-2.0-or-later
// A client's failure in the field's terms, independent of its wording:
//     connected   http-status:<n>   alert-received:<rfc name>   verify:<reason>   local:<reason>
//     silent   not-tls   closed   reset   timeout   refused   unreachable   unspecified
//     alert-sent:<rfc name>   server:<reason>
// `unspecified`: it failed, and says no more than that. The last two are another's words about it: the client sent this
// alert, as a server's log or a debug output tells; the server says itself why it refused, or that the client left.
#pragma once

#include "scenarios/vocabulary/alert.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

class Symptom {
public:
    /// nullopt where `text` is none of the above, or its reason is not one of the known ones.
    static std::optional<Symptom> parse(std::string_view text);
    static Symptom received(AlertDescription alert);
    static Symptom sent(AlertDescription alert);

    const std::string& text() const { return text_; }
    /// "alert-received", "verify", "connected": what stands before the colon.
    std::string kind() const { return text_.substr(0, text_.find(':')); }
    /// "expired": what stands behind it, or empty.
    std::string reason() const;

    bool operator==(const Symptom&) const = default;

private:
    explicit Symptom(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

/// What a text can mean; one text of a client often has several meanings.
using SymptomSet = std::vector<Symptom>;

bool contains(const SymptomSet& set, const Symptom& symptom);

/// "verify:unknown-ca or verify:incomplete-chain".
std::string describe(const SymptomSet& set);

/// Every fixed symptom, for hints.
std::vector<std::string> all_symptom_names();

} // namespace alert40
