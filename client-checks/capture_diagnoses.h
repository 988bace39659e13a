// SPDX-License-Identifier: GPL-2.0-or-later
// From a capture that was read to what is said about the failures in it.
#pragma once

#include "client-checks/captures/capture_reading.h"
#include "client-checks/diagnosis/diagnosis.h"

namespace alert40 {

/// One for each kind of failure, in the order of the capture; where there is none, one for the capture as a whole:
/// healthy, or undetermined with the reason. `file` names the capture.
std::vector<Diagnosis> capture_diagnoses(const CaptureReading& reading, std::string_view file,
                                         const Knowledge& knowledge);

} // namespace alert40
