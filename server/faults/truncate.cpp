// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

#include "server/faults/reaction.h"

namespace alert40 {
namespace {

struct Settings {
    std::optional<std::size_t> keep;
    Then then = Then::close;
};

const Fields<Settings>& fields()
{
    static const Fields<Settings> table = {
        number_field("keep", &Settings::keep, 1, 18'432,
                     "How many octets of the record are sent, its header of 5 included; half of them where it is not "
                     "said"),
        field("then", &Settings::then, "What follows: close (default), half-close, reset, drop"),
    };
    return table;
}

/// A record is cut in its middle, and there the connection ends.
class TruncateAt final : public Fault {
public:
    TruncateAt(Trigger at, Settings settings) : Fault(at), settings_(settings) {}
    bool ends() const override { return true; }

private:
    WireSteps replace(const Event& event, WireSteps /*planned*/) const override
    {
        const auto length = std::min(settings_.keep.value_or(event.record.size() / 2), event.record.size());
        const auto kept = event.record.first(length);
        WireSteps steps = steps_of(settings_.then, {});
        steps.insert(steps.begin(), Send{Bytes(kept.begin(), kept.end())});
        return steps;
    }

    Settings settings_;
};

} // namespace

std::unique_ptr<Fault> make_truncate_fault(Trigger at, const TomlTable& settings)
{
    const auto read = read_table(settings, fields());
    if (read.then == Then::go_on)
        throw InputError(settings.find("then")->where, "behind half a record nothing can follow",
                         "then = \"close\", \"half-close\", \"reset\" or \"drop\"");
    return std::make_unique<TruncateAt>(at, read);
}

nlohmann::json truncate_fault_schema()
{
    return schema_of(fields());
}

} // namespace alert40
