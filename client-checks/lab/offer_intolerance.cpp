// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/offer_rows.h"
#include "scenarios/vocabulary/protocol_version.h"
#include "server/wire/record.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace alert40 {
namespace {

/// What one fault takes, and why this ClientHello is not that.
struct Refused {
    std::string demand; // "none that offers TLS 1.3"
    std::string has;    // "offers TLS 1.3"
};

/// With record headers.
std::size_t length_of_hello(const Transcript& wire)
{
    std::size_t length = 0;
    for (const auto& event : wire.events) {
        const auto* record = std::get_if<RecordEvent>(&event);
        if (record == nullptr || record->direction != Direction::client_to_server) continue;
        length += kRecordHeaderLength + record->length;
        if (!record->messages.empty()) break;
    }
    return length;
}

/// A setting as the fault was read: the scenario is valid, so it is there, or the fault has a default.
ProtocolVersion version_in(const TomlTable& settings, ProtocolVersion otherwise)
{
    const auto* value = settings.find("version");
    return value == nullptr ? otherwise : find_protocol_version(value->as_string()).value_or(otherwise);
}

std::optional<Refused> version_refused(const FaultSettings& fault, const OfferFacts& facts)
{
    const auto version = version_in(fault.settings, ProtocolVersion::tls13);
    if (!facts.hello.offers(version)) return std::nullopt;
    const auto shown = display_name(version);
    return Refused{"none that offers " + shown, "offers " + shown};
}

std::optional<Refused> record_version_refused(const FaultSettings& fault, const OfferFacts& facts)
{
    const auto version = version_in(fault.settings, ProtocolVersion::tls10);
    if (facts.wire.client_hello_record_version != version) return std::nullopt;
    const auto shown = fmt::format("0x{:04x}", static_cast<unsigned>(version));
    return Refused{fmt::format("none whose record says {} ({})", shown, display_name(version)),
                   fmt::format("its record says {}", shown)};
}

std::optional<Refused> session_id_refused(const FaultSettings&, const OfferFacts& facts)
{
    if (facts.hello.session_id.empty()) return std::nullopt;
    return Refused{"none with a legacy_session_id",
                   fmt::format("has a legacy_session_id of {} octets", facts.hello.session_id.size())};
}

std::optional<Refused> grease_refused(const FaultSettings&, const OfferFacts& facts)
{
    const auto any = [](const auto& values) {
        return std::ranges::any_of(values, [](auto value) { return is_grease(value); });
    };
    const auto& hello = facts.hello;
    const bool has = std::ranges::any_of(hello.extensions, [](const auto& each) { return is_grease(each.type); }) ||
                     any(hello.cipher_suites) || any(hello.groups()) || any(hello.signature_schemes()) ||
                     any(hello.supported_versions());
    if (!has) return std::nullopt;
    return Refused{"none with GREASE values (RFC 8701)", "has GREASE values"};
}

std::optional<Refused> size_refused(const FaultSettings& fault, const OfferFacts& facts)
{
    const auto* limit = fault.settings.find("limit");
    const auto length = length_of_hello(facts.wire);
    if (limit == nullptr || length <= static_cast<std::size_t>(limit->as_integer())) return std::nullopt;
    return Refused{fmt::format("none above {} octets", limit->as_integer()), fmt::format("has {} octets", length)};
}

std::optional<Refused> name_refused(const FaultSettings& fault, const OfferFacts& facts)
{
    const auto* names = fault.settings.find("names");
    const auto asked = facts.hello.server_name();
    if (names == nullptr || !asked) return std::nullopt;
    std::vector<std::string> refused;
    bool is_among = false;
    for (const auto& each : names->as_array()) {
        const auto& filter = refused.emplace_back(each.as_string());
        is_among = is_among || (filter.starts_with(".") ? asked->ends_with(filter) : *asked == filter);
    }
    if (!is_among) return std::nullopt;
    return Refused{fmt::format("none that asks for {}", fmt::join(refused, ", ")), "asks for " + *asked};
}

struct Kind {
    std::string_view fault; // its name in server/faults/catalogue.cpp
    std::optional<Refused> (*refused)(const FaultSettings& fault, const OfferFacts& facts);
};

constexpr Kind kKinds[] = {
    {"refuse-version", version_refused},       {"refuse-record-version", record_version_refused},
    {"refuse-session-id", session_id_refused}, {"refuse-grease", grease_refused},
    {"client-hello-size-limit", size_refused}, {"sni-filter", name_refused},
};

std::optional<Refused> refused_by(const FaultSettings& fault, const OfferFacts& facts)
{
    for (const auto& kind : kKinds)
        if (kind.fault == fault.kind.value) return kind.refused(fault, facts);
    return std::nullopt;
}

} // namespace

std::optional<OfferRow> intolerance_row(const OfferFacts& facts)
{
    const auto& how = facts.outcome.how;
    const bool connected = std::holds_alternative<Completed>(how);
    if (connected || facts.outcome.phase > Phase::before_server_hello) return std::nullopt;
    for (const auto& fault : facts.demand.faults) {
        const auto refused = refused_by(fault, facts);
        if (!refused) continue;
        return OfferRow{"ClientHello",
                        {refused->has},
                        {refused->demand},
                        {},
                        true,
                        "the server, or a box before it, takes " + refused->demand};
    }
    return std::nullopt;
}

} // namespace alert40
