// SPDX-License-Identifier: GPL-2.0-or-later
// What tells a device that inspects TLS from any other authority that the client does not trust: its name alone.
#pragma once

#include <string>
#include <string_view>

namespace alert40 {

/// A word in an issuer's name by which inspecting products and their administrators name their roots, in lower case;
/// empty where there is none.
std::string inspection_word(std::string_view issuer);

/// The word is for inspection alone: a product's name, or "inspection". A gateway, a filter or a proxy may have
/// certificates of its own from an authority that is named after it.
bool is_inspection_alone(std::string_view word);

} // namespace alert40
