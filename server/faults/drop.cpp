// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

#include "server/faults/rewrite.h"

namespace alert40 {
namespace {

/// One record never arrives; what comes after it does.
class DropAt final : public Fault {
public:
    using Fault::Fault;

private:
    WireSteps replace(const Event& /*event*/, WireSteps planned) const override
    {
        return rewrite(std::move(planned), [](const Bytes&) { return std::vector<Bytes>{}; });
    }
};

} // namespace

std::unique_ptr<Fault> make_drop_fault(Trigger at, const TomlTable& settings)
{
    read_no_settings(settings);
    return std::make_unique<DropAt>(at);
}

} // namespace alert40
