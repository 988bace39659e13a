// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

#include "server/faults/rewrite.h"

namespace alert40 {
namespace {

struct Settings {
    std::optional<std::size_t> octet;
    unsigned bit = 0;
};

const Fields<Settings>& fields()
{
    static const Fields<Settings> table = {
        number_field("octet", &Settings::octet, 0, 16'640 + 2048,
                     "Which octet behind the record header, from 0; the last one where it is not said or is behind it"),
        number_field("bit", &Settings::bit, 0, 7, "Which bit of it, 0 the least significant"),
    };
    return table;
}

/// One bit of a record's content is inverted. Under encryption the record's authentication fails (bad_record_mac).
class BitFlipAt final : public Fault {
public:
    BitFlipAt(Trigger at, Settings settings) : Fault(at), settings_(settings) {}

private:
    WireSteps replace(const Event& /*event*/, WireSteps planned) const override
    {
        return rewrite(std::move(planned), [this](Bytes record) {
            if (record.size() > kRecordHeaderLength) {
                const auto last = record.size() - 1;
                const auto wanted = settings_.octet ? kRecordHeaderLength + *settings_.octet : last;
                record[std::min(wanted, last)] ^= static_cast<std::uint8_t>(1U << settings_.bit);
            }
            return std::vector<Bytes>{std::move(record)};
        });
    }

    Settings settings_;
};

} // namespace

std::unique_ptr<Fault> make_bit_flip_fault(Trigger at, const TomlTable& settings)
{
    return std::make_unique<BitFlipAt>(at, read_table(settings, fields()));
}

nlohmann::json bit_flip_fault_schema()
{
    return schema_of(fields());
}

} // namespace alert40
