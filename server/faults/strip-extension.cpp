// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/kinds.h"

#include "server/faults/rewrite.h"
#include "server/wire/handshake.h"

namespace alert40 {
namespace {

struct Settings {
    std::vector<ExtensionType> extensions;
};

ExtensionType read_extension(const TomlValue& value)
{
    return read_name(value, "extension", find_extension_type, all_extension_type_names());
}

const Fields<Settings>& fields()
{
    static const Fields<Settings> table = {
        {"extensions", "Which extensions it takes out",
         [](const TomlValue& value, Settings& settings) {
             for (const auto& item : value.as_array()) settings.extensions.push_back(read_extension(item));
         },
         [] {
             return nlohmann::json{{"type", "array"}, {"items", names_schema(all_extension_type_names())}};
         },
         true}};
    return table;
}

/// Takes extensions out of the ClientHello that goes on. The server then answers another hello than the client sent:
/// where the handshake gets as far as a Finished, that no longer fits.
class StripExtension final : public Fault {
public:
    StripExtension(Trigger at, Settings settings) : Fault(at), settings_(std::move(settings)) {}

private:
    WireSteps replace(const Event& event, WireSteps planned) const override
    {
        if (event.client_hello == nullptr) return planned;
        ClientHello hello = *event.client_hello;
        const auto stripped = [this](const Extension& each) {
            return std::find(settings_.extensions.begin(), settings_.extensions.end(), each.type) !=
                   settings_.extensions.end();
        };
        std::erase_if(hello.extensions, stripped);
        const Bytes message = compose_handshake(HandshakeType::client_hello, compose_client_hello(hello));
        const Bytes records =
            compose_records(ContentType::handshake, read_record_header(event.record).version, message);
        return rewrite(std::move(planned), [&](const Bytes&) { return std::vector<Bytes>{records}; });
    }

    Settings settings_;
};

} // namespace

std::unique_ptr<Fault> make_strip_extension_fault(Trigger at, const TomlTable& settings)
{
    return std::make_unique<StripExtension>(at, read_table(settings, fields()));
}

nlohmann::json strip_extension_fault_schema()
{
    return schema_of(fields());
}

} // namespace alert40
