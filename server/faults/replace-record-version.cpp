// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

#include "server/faults/rewrite.h"

namespace alert40 {
namespace {

struct Settings {
    ProtocolVersion version{};
};

const Fields<Settings>& fields()
{
    static const Fields<Settings> table = {
        field("version", &Settings::version, "The version in the record header").require()};
    return table;
}

/// The record header says another version. In TLS 1.3 it is authenticated with the content (RFC 8446 section 5.2).
class ReplaceRecordVersion final : public Fault {
public:
    ReplaceRecordVersion(Trigger at, Settings settings) : Fault(at), settings_(settings) {}

private:
    WireSteps replace(const Event& /*event*/, WireSteps planned) const override
    {
        return rewrite(std::move(planned), [this](Bytes record) {
            const auto version = static_cast<unsigned>(settings_.version);
            if (record.size() >= kRecordHeaderLength) {
                record[1] = static_cast<std::uint8_t>(version >> 8);
                record[2] = static_cast<std::uint8_t>(version & 0xFF);
            }
            return std::vector<Bytes>{std::move(record)};
        });
    }

    Settings settings_;
};

} // namespace

std::unique_ptr<Fault> make_replace_record_version_fault(Trigger at, const TomlTable& settings)
{
    return std::make_unique<ReplaceRecordVersion>(at, read_table(settings, fields()));
}

nlohmann::json replace_record_version_fault_schema()
{
    return schema_of(fields());
}

} // namespace alert40
