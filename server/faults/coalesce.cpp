// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

namespace alert40 {
namespace {

struct Settings {
    GatherAs as = GatherAs::segment;
};

const Fields<Settings>& fields()
{
    static const Fields<Settings> table = {
        word_field("into", &Settings::as,
                   std::vector<std::pair<std::string, GatherAs>>{{"segment", GatherAs::segment},
                                                                 {"record", GatherAs::one_record}},
                   "segment (default), or record: handshake messages in clear share one as well"),
    };
    return table;
}

/// From this record on, what is left of the flight leaves in one write.
class CoalesceAt final : public Fault {
public:
    CoalesceAt(Trigger at, Settings settings) : Fault(at), settings_(settings) {}

private:
    WireSteps replace(const Event& /*event*/, WireSteps planned) const override
    {
        planned.insert(planned.begin(), GatherFlight{settings_.as});
        return planned;
    }

    Settings settings_;
};

} // namespace

std::unique_ptr<Fault> make_coalesce_fault(Trigger at, const TomlTable& settings)
{
    return std::make_unique<CoalesceAt>(at, read_table(settings, fields()));
}

nlohmann::json coalesce_fault_schema()
{
    return schema_of(fields());
}

} // namespace alert40
