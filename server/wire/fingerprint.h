// SPDX-License-Identifier: GPL-2.0-or-later
// What a ClientHello says of the software that sent it: JA3 (github.com/salesforce/ja3) and JA4, the TLS client part of
// FoxIO's specification (github.com/FoxIO-LLC/ja4, technical_details/JA4.md, which is under the BSD licence). Firewalls
// and capture tools log them. GREASE counts nowhere.
#pragma once

#include "server/wire/client_hello.h"

#include <string>

namespace alert40 {

/// "771,4865-4866,0-23,29-23,0": legacy_version, suites, extensions, groups and point formats as decimal numbers in
/// their order. A client that shuffles its extensions (Chrome since 110) has another one each time.
std::string ja3_text(const ClientHello& hello);

/// MD5 of that text, 32 hexadecimal digits.
std::string ja3(const ClientHello& hello);

/// "t13d1516h2_8daaf6152771_e5627efa2ab1": over TCP; version, SNI, number of suites and of extensions, ALPN; a hash of
/// the suites sorted; a hash of the extensions sorted, without SNI and ALPN, and of the signature schemes.
std::string ja4(const ClientHello& hello);

/// JA4_r: the same with the lists instead of their hashes.
std::string ja4_text(const ClientHello& hello);

/// JA4_ro: the lists in the order of the wire, SNI and ALPN included.
std::string ja4_original_text(const ClientHello& hello);

} // namespace alert40
