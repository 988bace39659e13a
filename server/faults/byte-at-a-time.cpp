// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

#include "server/faults/rewrite.h"

namespace alert40 {
namespace {

struct Settings {
    std::chrono::milliseconds gap{};
};

const Fields<Settings>& fields()
{
    static const Fields<Settings> table = {
        number_field("gap_ms", &Settings::gap, 0, 1000, "The wait between two octets; 0 where it is not said")};
    return table;
}

/// Each octet is a segment of its own. RFC 8446 section 5.1: records may be cut anywhere, so every client must cope.
class ByteAtATime final : public Fault {
public:
    ByteAtATime(Trigger at, Settings settings) : Fault(at), settings_(settings) {}

private:
    WireSteps replace(const Event& /*event*/, WireSteps planned) const override
    {
        WireSteps steps = rewrite(std::move(planned), [](const Bytes& record) { return in_pieces(record, 1); });
        if (settings_.gap.count() == 0) return steps;
        WireSteps spaced;
        for (auto& step : steps) {
            if (!spaced.empty()) spaced.emplace_back(Pause{settings_.gap});
            spaced.push_back(std::move(step));
        }
        return spaced;
    }

    Settings settings_;
};

} // namespace

std::unique_ptr<Fault> make_byte_at_a_time_fault(Trigger at, const TomlTable& settings)
{
    return std::make_unique<ByteAtATime>(at, read_table(settings, fields()));
}

nlohmann::json byte_at_a_time_fault_schema()
{
    return schema_of(fields());
}

} // namespace alert40
