// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

namespace alert40 {
namespace {

struct Settings {
    std::chrono::milliseconds length{};
};

const Fields<Settings>& fields()
{
    static const Fields<Settings> table = {
        number_field("for_ms", &Settings::length, 1, 600'000, "How long, in milliseconds").require()};
    return table;
}

/// Waits before it does what was planned.
class DelayAt final : public Fault {
public:
    DelayAt(Trigger at, Settings settings) : Fault(at), settings_(settings) {}

private:
    WireSteps replace(const Event& /*event*/, WireSteps planned) const override
    {
        planned.insert(planned.begin(), Pause{settings_.length});
        return planned;
    }

    Settings settings_;
};

} // namespace

std::unique_ptr<Fault> make_delay_fault(Trigger at, const TomlTable& settings)
{
    return std::make_unique<DelayAt>(at, read_table(settings, fields()));
}

nlohmann::json delay_fault_schema()
{
    return schema_of(fields());
}

} // namespace alert40
