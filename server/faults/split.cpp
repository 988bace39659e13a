// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

#include "server/faults/rewrite.h"

namespace alert40 {
namespace {

struct Settings {
    std::size_t count = 2;
    bool records = false;
};

const Fields<Settings>& fields()
{
    static const Fields<Settings> table = {
        number_field("count", &Settings::count, 2, 1024, "In how many parts; 2 where it is not said"),
        word_field("into", &Settings::records,
                   std::vector<std::pair<std::string, bool>>{{"segments", false}, {"records", true}},
                   "segments (default), or records: one that is encrypted cannot be read afterwards"),
    };
    return table;
}

std::size_t part(std::size_t length, std::size_t count)
{
    return std::max<std::size_t>((length + count - 1) / count, 1);
}

/// One record in several TCP segments, or its content in several records (RFC 8446 section 5.1 allows both).
class SplitAt final : public Fault {
public:
    SplitAt(Trigger at, Settings settings) : Fault(at), settings_(settings) {}

private:
    WireSteps replace(const Event& /*event*/, WireSteps planned) const override
    {
        return rewrite(std::move(planned), [this](const Bytes& record) { return cut(record); });
    }

    std::vector<Bytes> cut(const Bytes& record) const
    {
        if (!settings_.records || record.size() < kRecordHeaderLength)
            return in_pieces(record, part(record.size(), settings_.count));
        const auto header = read_record_header(record);
        const auto fragment = ByteView(record).subspan(kRecordHeaderLength);
        std::vector<Bytes> records;
        for (const auto& piece : in_pieces(fragment, part(fragment.size(), settings_.count)))
            records.push_back(compose_record(header.type, header.version, piece));
        return records;
    }

    Settings settings_;
};

} // namespace

std::unique_ptr<Fault> make_split_fault(Trigger at, const TomlTable& settings)
{
    return std::make_unique<SplitAt>(at, read_table(settings, fields()));
}

nlohmann::json split_fault_schema()
{
    return schema_of(fields());
}

} // namespace alert40
