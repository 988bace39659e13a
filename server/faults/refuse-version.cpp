// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

#include "server/faults/reaction.h"

namespace alert40 {
namespace {

struct Settings : Reaction {
    ProtocolVersion version = ProtocolVersion::tls13;
};

const Fields<Settings>& fields()
{
    static const Fields<Settings> table = with_reaction<Settings>({
        field("version", &Settings::version, "Which version; 1.3 where it is not said"),
    });
    return table;
}

/// Refuses a ClientHello that offers a version, in supported_versions or by its legacy_version.
class RefuseVersion final : public Fault {
public:
    RefuseVersion(Trigger at, Settings settings) : Fault(at), settings_(std::move(settings)) {}

private:
    WireSteps replace(const Event& event, WireSteps planned) const override
    {
        const bool refused = event.client_hello != nullptr && event.client_hello->offers(settings_.version);
        return refused ? steps_of(settings_, std::move(planned)) : planned;
    }

    Settings settings_;
};

} // namespace

std::unique_ptr<Fault> make_refuse_version_fault(Trigger at, const TomlTable& settings)
{
    return std::make_unique<RefuseVersion>(at, read_table(settings, fields()));
}

nlohmann::json refuse_version_fault_schema()
{
    return schema_of(fields());
}

} // namespace alert40
