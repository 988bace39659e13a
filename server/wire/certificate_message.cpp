// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/certificate_message.h"

namespace alert40 {

std::vector<Bytes> CertificateMessage::chain() const
{
    std::vector<Bytes> certificates;
    for (const auto& entry : entries) certificates.push_back(entry.der);
    return certificates;
}

CertificateMessage certificate_message(const std::vector<Bytes>& chain)
{
    CertificateMessage message;
    for (const auto& certificate : chain) message.entries.push_back({certificate, {}});
    return message;
}

Parsed<CertificateMessage> parse_certificate_message(ByteView body, ProtocolVersion version)
{
    const bool is_tls13 = version == ProtocolVersion::tls13;
    std::optional<WireError> error;
    Reader reader("Certificate", body, error);
    CertificateMessage message;
    if (is_tls13) {
        const ByteView context = reader.vector8("certificate_request_context").rest();
        message.request_context.assign(context.begin(), context.end());
    }
    Reader list = reader.vector24("certificate_list");
    while (list.more()) {
        const ByteView der = list.vector24("cert_data", {.min = 1}).rest();
        CertificateEntry entry{Bytes(der.begin(), der.end()), {}};
        if (is_tls13) entry.extensions = read_extensions(list);
        message.entries.push_back(std::move(entry));
    }
    reader.expect_end();
    if (error) return *std::move(error);
    return message;
}

Bytes compose_certificate_message(const CertificateMessage& message, ProtocolVersion version)
{
    const bool is_tls13 = version == ProtocolVersion::tls13;
    Writer writer;
    if (is_tls13) writer.vector8(message.request_context);
    {
        const auto list = writer.vector24();
        for (const auto& entry : message.entries) {
            writer.vector24(entry.der);
            if (is_tls13) write_extensions(writer, entry.extensions);
        }
    }
    return writer.take();
}

} // namespace alert40
