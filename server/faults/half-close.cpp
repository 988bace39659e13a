// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

namespace alert40 {
namespace {

/// Shuts down its sending at one event (FIN) and keeps the socket open until the client goes.
class HalfCloseAt final : public Fault {
public:
    using Fault::Fault;
    bool ends() const override { return true; }

private:
    WireSteps replace(const Event& /*event*/, WireSteps /*planned*/) const override { return {HalfClose{}}; }
};

} // namespace

std::unique_ptr<Fault> make_half_close_fault(Trigger at, const TomlTable& settings)
{
    read_no_settings(settings);
    return std::make_unique<HalfCloseAt>(at);
}

} // namespace alert40
