// SPDX-License-Identifier: GPL-2.0-or-later
// A capture, whichever of the two formats it has: packets one after another, and what is wrong with the file.
#pragma once

#include "client-checks/captures/pcap_reader.h"
#include "client-checks/captures/pcapng_reader.h"

#include <variant>

namespace alert40 {

class CaptureFile {
public:
    /// `source` stands at its beginning; `name` is for errors. Secrets in the file go into `secrets`, which outlives
    /// the file as `source` does. Throws InputError, with the remedy, for what is no capture: empty, compressed, of
    /// another format.
    CaptureFile(ByteSource& source, std::string_view name, KeyLog& secrets);

    /// nullopt at the end, and where the file is damaged. The packet's octets hold until the next call.
    std::optional<CapturedPacket> next();

    /// "the file is cut within a packet at octet 4711, behind 17 packets"; empty where it is whole, as far as it was
    /// read.
    const std::string& damage() const;

private:
    std::variant<PcapReader, PcapngReader> reader_;
};

} // namespace alert40
