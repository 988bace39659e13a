// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

#include "server/faults/reaction.h"
#include "server/wire/record.h"

namespace alert40 {
namespace {

struct Settings : Reaction {
    ProtocolVersion version{};
};

const Fields<Settings>& fields()
{
    static const Fields<Settings> table = with_reaction<Settings>({
        field("version", &Settings::version, "Which version in the header of its first record").require(),
    });
    return table;
}

/// Refuses a ClientHello by the version in its record header, which "MUST be ignored" (RFC 8446 section 5.1).
class RefuseRecordVersion final : public Fault {
public:
    RefuseRecordVersion(Trigger at, Settings settings) : Fault(at), settings_(std::move(settings)) {}

private:
    WireSteps replace(const Event& event, WireSteps planned) const override
    {
        const bool refused =
            event.record.size() >= kRecordHeaderLength && read_record_header(event.record).version == settings_.version;
        return refused ? steps_of(settings_, std::move(planned)) : planned;
    }

    Settings settings_;
};

} // namespace

std::unique_ptr<Fault> make_refuse_record_version_fault(Trigger at, const TomlTable& settings)
{
    return std::make_unique<RefuseRecordVersion>(at, read_table(settings, fields()));
}

nlohmann::json refuse_record_version_fault_schema()
{
    return schema_of(fields());
}

} // namespace alert40
