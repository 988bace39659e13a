// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

namespace alert40 {
namespace {

/// Closes the connection at one event: FIN, nothing before it.
class CloseAt final : public Fault {
public:
    using Fault::Fault;
    bool ends() const override { return true; }

private:
    WireSteps replace(const Event& /*event*/, WireSteps /*planned*/) const override { return {CloseConnection{}}; }
};

} // namespace

std::unique_ptr<Fault> make_close_fault(Trigger at, const TomlTable& settings)
{
    read_no_settings(settings);
    return std::make_unique<CloseAt>(at);
}

} // namespace alert40
