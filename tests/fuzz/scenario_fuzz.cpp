// SPDX-License-Identifier: GPL-2.0-or-later
// libFuzzer target: whatever the text is, parse_scenario() returns a scenario that is whole or throws InputError; and
// what was returned can be asked for its names and its twin.
#include "scenarios/loader/input_error.h"
#include "scenarios/loader/scenario.h"
#include "server/faults/catalogue.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    try {
        const std::string_view text(reinterpret_cast<const char*>(data), size);
        const alert40::Scenario scenario = alert40::parse_scenario(text, "fuzz.toml", "fuzz/one");
        if (scenario.fix.has_value() == (scenario.expect.ends == alert40::Ending::connected)) std::abort();
        if (scenario.fix) alert40::fixed_twin(scenario).asked_name();
        for (const auto& fault : scenario.server.faults) alert40::make_fault(fault);
    } catch (const alert40::InputError& error) {
        if (*error.what() == '\0') std::abort();
    }
    return 0;
}
