// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

#include "server/faults/reaction.h"

namespace alert40 {
namespace {

struct Settings : Reaction {};

const Fields<Settings>& fields()
{
    static const Fields<Settings> table = with_reaction<Settings>({});
    return table;
}

/// Refuses a ClientHello with a session id: TLS 1.3 clients send one to look like 1.2 (RFC 8446 appendix D.4).
class RefuseSessionId final : public Fault {
public:
    RefuseSessionId(Trigger at, Settings settings) : Fault(at), settings_(std::move(settings)) {}

private:
    WireSteps replace(const Event& event, WireSteps planned) const override
    {
        const bool refused = event.client_hello != nullptr && !event.client_hello->session_id.empty();
        return refused ? steps_of(settings_, std::move(planned)) : planned;
    }

    Settings settings_;
};

} // namespace

std::unique_ptr<Fault> make_refuse_session_id_fault(Trigger at, const TomlTable& settings)
{
    return std::make_unique<RefuseSessionId>(at, read_table(settings, fields()));
}

nlohmann::json refuse_session_id_fault_schema()
{
    return schema_of(fields());
}

} // namespace alert40
