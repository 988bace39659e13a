// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/certificate_request.h"

#include "server/wire/client_hello_extensions.h"

namespace alert40 {
namespace {

std::vector<Bytes> read_authorities(Reader list)
{
    std::vector<Bytes> authorities;
    while (list.more()) {
        const ByteView name = list.vector16("distinguished_name", {.min = 1}).rest();
        authorities.emplace_back(name.begin(), name.end());
    }
    return authorities;
}

void write_authorities(Writer& writer, const std::vector<Bytes>& authorities)
{
    const auto list = writer.vector16();
    for (const auto& name : authorities) writer.vector16(name);
}

/// RFC 5246 section 7.4.4:
///
///     | certificate_types<1..2^8-1> | supported_signature_algorithms<2..2^16-2>, TLS 1.2 only |
///     | certificate_authorities<0..2^16-1> |
void read_tls12(Reader& reader, bool has_schemes, CertificateRequest& request)
{
    const ByteView types = reader.vector8("certificate_types", {.min = 1}).rest();
    request.certificate_types.assign(types.begin(), types.end());
    if (has_schemes) {
        Reader list = reader.vector16("supported_signature_algorithms", {.min = 2, .max = 0xFFFE});
        while (list.more()) request.signature_schemes.push_back(SignatureScheme{list.u16("scheme")});
    }
    request.authorities = read_authorities(reader.vector16("certificate_authorities"));
}

void read_tls13_extension(Extension extension, std::optional<WireError>& error, CertificateRequest& request)
{
    if (extension.type == ExtensionType::signature_algorithms) {
        Reader body("CertificateRequest.signature_algorithms", extension.body, error);
        request.signature_schemes = read_signature_schemes(body);
    } else if (extension.type == ExtensionType::signature_algorithms_cert) {
        Reader body("CertificateRequest.signature_algorithms_cert", extension.body, error);
        request.signature_schemes_cert = read_signature_schemes(body);
    } else if (extension.type == ExtensionType::certificate_authorities) {
        Reader body("CertificateRequest.certificate_authorities", extension.body, error);
        request.authorities = read_authorities(body.vector16("authorities", {.min = 3}));
        body.expect_end();
    } else {
        request.other_extensions.push_back(std::move(extension));
    }
}

void read_tls13(Reader& reader, std::optional<WireError>& error, CertificateRequest& request)
{
    const ByteView context = reader.vector8("certificate_request_context").rest();
    request.context.assign(context.begin(), context.end());
    for (auto& extension : read_extensions(reader)) read_tls13_extension(std::move(extension), error, request);
}

std::vector<Extension> tls13_extensions(const CertificateRequest& request)
{
    std::vector<Extension> extensions;
    if (!request.signature_schemes.empty())
        extensions.push_back(signature_algorithms_extension(request.signature_schemes));
    if (!request.signature_schemes_cert.empty())
        extensions.push_back(signature_algorithms_cert_extension(request.signature_schemes_cert));
    if (!request.authorities.empty()) {
        Writer body;
        write_authorities(body, request.authorities);
        extensions.push_back({ExtensionType::certificate_authorities, body.take()});
    }
    extensions.insert(extensions.end(), request.other_extensions.begin(), request.other_extensions.end());
    return extensions;
}

} // namespace

Parsed<CertificateRequest> parse_certificate_request(ByteView body, ProtocolVersion version)
{
    std::optional<WireError> error;
    Reader reader("CertificateRequest", body, error);
    CertificateRequest request;
    if (version == ProtocolVersion::tls13)
        read_tls13(reader, error, request);
    else
        read_tls12(reader, version == ProtocolVersion::tls12, request);
    reader.expect_end();
    if (error) return *std::move(error);
    return request;
}

Bytes compose_certificate_request(const CertificateRequest& request, ProtocolVersion version)
{
    Writer writer;
    if (version == ProtocolVersion::tls13) {
        writer.vector8(request.context);
        write_extensions(writer, tls13_extensions(request));
        return writer.take();
    }
    writer.vector8(request.certificate_types);
    if (version == ProtocolVersion::tls12) {
        const auto list = writer.vector16();
        for (const auto scheme : request.signature_schemes) writer.value(scheme);
    }
    write_authorities(writer, request.authorities);
    return writer.take();
}

} // namespace alert40
