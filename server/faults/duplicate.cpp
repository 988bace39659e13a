// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

#include "server/faults/rewrite.h"

namespace alert40 {
namespace {

struct Settings {
    bool flight = false;
};

const Fields<Settings>& fields()
{
    static const Fields<Settings> table = {
        word_field("what", &Settings::flight,
                   std::vector<std::pair<std::string, bool>>{{"record", false}, {"flight", true}},
                   "record (default), or flight: this record and the rest of its flight"),
    };
    return table;
}

/// One record, or a flight from this record on, comes two times.
class DuplicateAt final : public Fault {
public:
    DuplicateAt(Trigger at, Settings settings) : Fault(at), settings_(settings) {}

private:
    WireSteps replace(const Event& event, WireSteps planned) const override
    {
        if (!settings_.flight || event.direction == Direction::client_to_server)
            return rewrite(std::move(planned), [](const Bytes& record) { return std::vector<Bytes>{record, record}; });
        planned.insert(planned.begin(), GatherFlight{GatherAs::twice});
        return planned;
    }

    Settings settings_;
};

} // namespace

std::unique_ptr<Fault> make_duplicate_fault(Trigger at, const TomlTable& settings)
{
    const auto read = read_table(settings, fields());
    if (read.flight && at.direction() == Direction::client_to_server)
        throw InputError(settings.find("what")->where, "what a client sends is not gathered into flights",
                         "what = \"record\"");
    return std::make_unique<DuplicateAt>(at, read);
}

nlohmann::json duplicate_fault_schema()
{
    return schema_of(fields());
}

} // namespace alert40
