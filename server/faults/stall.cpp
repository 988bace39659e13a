// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

namespace alert40 {
namespace {

/// Falls silent at one event: the socket stays open, nothing is answered until the client gives up.
class StallAt final : public Fault {
public:
    using Fault::Fault;
    bool ends() const override { return true; }

private:
    WireSteps replace(const Event& /*event*/, WireSteps /*planned*/) const override { return {Stall{}}; }
};

} // namespace

std::unique_ptr<Fault> make_stall_fault(Trigger at, const TomlTable& settings)
{
    read_no_settings(settings);
    return std::make_unique<StallAt>(at);
}

} // namespace alert40
