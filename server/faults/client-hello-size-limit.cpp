// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

#include "server/faults/reaction.h"

namespace alert40 {
namespace {

struct Settings : Reaction {
    std::size_t limit = 0;
};

const Fields<Settings>& fields()
{
    static const Fields<Settings> table = with_reaction<Settings>({
        number_field("limit", &Settings::limit, 1, 65'536,
                     "The longest ClientHello that passes, in octets, record headers included")
            .require(),
    });
    return table;
}

/// Reads no more than so many octets of a ClientHello (tldr.fail): a longer one is refused, or never answered.
class ClientHelloSizeLimit final : public Fault {
public:
    ClientHelloSizeLimit(Trigger at, Settings settings) : Fault(at), settings_(std::move(settings)) {}

private:
    WireSteps replace(const Event& event, WireSteps planned) const override
    {
        const bool refused = event.record.size() > settings_.limit;
        return refused ? steps_of(settings_, std::move(planned)) : planned;
    }

    Settings settings_;
};

} // namespace

std::unique_ptr<Fault> make_client_hello_size_limit_fault(Trigger at, const TomlTable& settings)
{
    return std::make_unique<ClientHelloSizeLimit>(at, read_table(settings, fields()));
}

nlohmann::json client_hello_size_limit_fault_schema()
{
    return schema_of(fields());
}

} // namespace alert40
