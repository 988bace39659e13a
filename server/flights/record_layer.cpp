// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/flights/record_layer.h"

#include <algorithm>

namespace alert40 {
namespace {

template <class... Each> struct Overloaded : Each... {
    using Each::operator()...;
};
template <class... Each> Overloaded(Each...) -> Overloaded<Each...>;

} // namespace

void RecordLayer::send_clear(ContentType type, ByteView content)
{
    append(output_, compose_records(type, version_, content));
}

void RecordLayer::send(ContentType type, ByteView content)
{
    if (std::holds_alternative<std::monostate>(write_keys_)) return send_clear(type, content);
    for (std::size_t at = 0; at < content.size(); at += kMaxPlaintextLength) {
        const auto part = content.subspan(at, std::min(kMaxPlaintextLength, content.size() - at));
        append(output_, std::visit(Overloaded{[](std::monostate) { return Bytes(); },
                                              [&](auto& keys) { return keys.seal(type, part); }},
                                   write_keys_));
    }
}

std::variant<Content, NeedMore, WireError> RecordLayer::next()
{
    for (;;) {
        auto next = reader_.next();
        if (const auto* more = std::get_if<NeedMore>(&next)) return *more;
        if (auto* error = std::get_if<WireError>(&next)) return std::move(*error);
        auto& record = std::get<Record>(next);
        const std::size_t length = record.fragment.size();
        const bool protected_data = record.type == ContentType::application_data;
        if (auto content = open(record)) {
            if (protected_data) passed_over_ = 0;
            return *std::move(content);
        }
        if (!protected_data || length > passed_over_)
            return WireError{AlertDescription::bad_record_mac, "a record does not decrypt"};
        passed_over_ -= length;
    }
}

std::optional<Content> RecordLayer::open(Record& record)
{
    const auto open_with = [&](auto& keys) -> std::optional<Content> {
        auto plaintext = keys.open(record);
        if (!plaintext) return std::nullopt;
        return Content{record.type, std::move(*plaintext)};
    };
    if (auto* aead = std::get_if<Tls12Protection>(&read_keys_)) return open_with(*aead);
    if (auto* cbc = std::get_if<CbcProtection>(&read_keys_)) return open_with(*cbc);
    if (auto* tls13 = std::get_if<RecordProtection>(&read_keys_);
        tls13 != nullptr && record.type == ContentType::application_data) {
        auto inner = tls13->open(record);
        if (!inner) return std::nullopt;
        return Content{inner->type, std::move(inner->content)};
    }
    if (record.type == ContentType::application_data && passed_over_ > 0) return std::nullopt;
    return Content{record.type, std::move(record.fragment)};
}

} // namespace alert40
