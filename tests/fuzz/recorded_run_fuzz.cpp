// SPDX-License-Identifier: GPL-2.0-or-later
// A line of recorded runs. What can be read has evidence, and the rules survive it.
#include "client-checks/diagnosis/finding.h"
#include "client-checks/records/record.h"
#include "scenarios/loader/input_error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace alert40;
    static const Vocabulary kNone;
    try {
        const auto record = read_record({reinterpret_cast<const char*>(data), size}, "input:1");
        diagnose(gather_evidence(record, kNone));
    } catch (const InputError&) { // an answer as well
    }
    return 0;
}
