// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

namespace alert40 {
namespace {

struct Settings {
    bool resets = false;
};

Fields<Settings> fields()
{
    return {word_field<Settings, bool>("ends", &Settings::resets, {{"close", false}, {"reset", true}},
                                       "How a connection without the header ends")
                .or_else("close")};
}

/// A server behind a balancer: a ClientHello that no PROXY header comes before is taken for a broken header. HAProxy
/// (accept-proxy) closes, nginx (listen ... proxy_protocol) resets.
class ExpectProxyHeader final : public Fault {
public:
    ExpectProxyHeader(Trigger at, Settings settings) : Fault(at), settings_(settings) {}
    bool takes_proxy_header() const override { return true; }

private:
    WireSteps replace(const Event& event, WireSteps planned) const override
    {
        if (event.behind_proxy_header) return planned;
        if (settings_.resets) return {ResetConnection{}};
        return {CloseConnection{}};
    }

    Settings settings_;
};

} // namespace

std::unique_ptr<Fault> make_expect_proxy_header_fault(Trigger at, const TomlTable& settings)
{
    return std::make_unique<ExpectProxyHeader>(at, read_table(settings, fields()));
}

nlohmann::json expect_proxy_header_fault_schema()
{
    return schema_of(fields());
}

} // namespace alert40
