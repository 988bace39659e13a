// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

namespace alert40 {
namespace {

/// Resets the TCP connection at one event: the client reads ECONNRESET.
class ResetAt final : public Fault {
public:
    using Fault::Fault;
    bool ends() const override { return true; }

private:
    WireSteps replace(const Event& /*event*/, WireSteps /*planned*/) const override { return {ResetConnection{}}; }
};

} // namespace

std::unique_ptr<Fault> make_reset_fault(Trigger at, const TomlTable& settings)
{
    read_no_settings(settings);
    return std::make_unique<ResetAt>(at);
}

} // namespace alert40
