// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

#include "scenarios/vocabulary/grease.h"
#include "server/faults/reaction.h"

#include <algorithm>

namespace alert40 {
namespace {

struct Settings : Reaction {};

const Fields<Settings>& fields()
{
    static const Fields<Settings> table = with_reaction<Settings>({});
    return table;
}

bool has_grease(const ClientHello& hello)
{
    const auto any = [](const auto& values) {
        return std::any_of(values.begin(), values.end(), [](auto value) { return is_grease(value); });
    };
    const bool in_extensions = std::any_of(hello.extensions.begin(), hello.extensions.end(),
                                           [](const auto& each) { return is_grease(each.type); });
    return in_extensions || any(hello.cipher_suites) || any(hello.groups()) || any(hello.signature_schemes()) ||
           any(hello.supported_versions());
}

/// Refuses a ClientHello with a GREASE value (RFC 8701) among its suites, groups, schemes, versions or extensions.
class RefuseGrease final : public Fault {
public:
    RefuseGrease(Trigger at, Settings settings) : Fault(at), settings_(std::move(settings)) {}

private:
    WireSteps replace(const Event& event, WireSteps planned) const override
    {
        const bool refused = event.client_hello != nullptr && has_grease(*event.client_hello);
        return refused ? steps_of(settings_, std::move(planned)) : planned;
    }

    Settings settings_;
};

} // namespace

std::unique_ptr<Fault> make_refuse_grease_fault(Trigger at, const TomlTable& settings)
{
    return std::make_unique<RefuseGrease>(at, read_table(settings, fields()));
}

nlohmann::json refuse_grease_fault_schema()
{
    return schema_of(fields());
}

} // namespace alert40
