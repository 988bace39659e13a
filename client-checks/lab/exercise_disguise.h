// SPDX-License-Identifier: GPL-2.0-or-later
// A command and its output as a customer would show them: without what only this machine has, and without what the
// lab's own files and tools give away (a certificate's recipe in a file's name, a clock that was set back).
#pragma once

#include <string>
#include <string_view>

namespace alert40 {

/// Files of the run become "ca.pem", "client.pem", "client.key" and "crls.pem" without their folders. `tag` is what the
/// names of the run's files end with (the listener's name).
std::string without_file_names(std::string_view text, std::string_view tag);

/// The same, and without the words that set another clock (libfaketime, --clock).
std::string customer_command(std::string_view shell, std::string_view tag);

} // namespace alert40
