// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

namespace alert40 {
namespace {

/// One record changes its place with the one behind it in the same flight.
class ReorderAt final : public Fault {
public:
    using Fault::Fault;

private:
    WireSteps replace(const Event& /*event*/, WireSteps planned) const override
    {
        for (auto& step : planned)
            if (auto* send = std::get_if<Send>(&step)) step = SendAfterNext{std::move(send->bytes)};
        return planned;
    }
};

} // namespace

std::unique_ptr<Fault> make_reorder_fault(Trigger at, const TomlTable& settings)
{
    read_no_settings(settings);
    return std::make_unique<ReorderAt>(at);
}

} // namespace alert40
