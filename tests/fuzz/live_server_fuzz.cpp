// SPDX-License-Identifier: GPL-2.0-or-later
// What a live server may say to a diagnosis. The first octet chooses where it is said: to the composed client (0 to 3:
// with what it offers), in a dialogue before TLS (8 to 16), as the reply to a request (32, 33), or as a stapled OCSP
// response (48). Nothing of it may end the program; a client that failed stays so.
#include "certs/status_reader.h"
#include "client-checks/probes/client_dialogue.h"
#include "client-checks/probes/composed_client.h"
#include "client-checks/probes/request.h"
#include "server/wire/client_hello_extensions.h"

#include <cstdlib>

namespace alert40 {
namespace {

void require(bool condition)
{
    if (!condition) std::abort();
}

ClientHello hello_of(unsigned kind)
{
    ClientHello hello;
    hello.session_id = Bytes(32, 0);
    for (const auto& suite : all_cipher_suites()) hello.cipher_suites.push_back(suite.value);
    hello.extensions = {server_name_extension("one.test"),
                        supported_groups_extension({NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::ffdhe2048}),
                        signature_algorithms_extension({SignatureScheme::rsa_pkcs1_sha256}),
                        status_request_extension(),
                        session_ticket_extension({}),
                        extended_master_secret_extension(),
                        {ExtensionType::encrypt_then_mac, {}}};
    if ((kind & 1) == 0) return hello; // up to TLS 1.2
    hello.extensions.push_back(supported_versions_extension(
        {ProtocolVersion::tls13, ProtocolVersion::tls12, ProtocolVersion::tls11, ProtocolVersion::tls10}));
    hello.extensions.push_back(key_share_extension({{NamedGroup::x25519, Bytes(32, 0)}}));
    return hello;
}

void play(unsigned kind, ByteView bytes)
{
    ClientOffer offer{hello_of(kind)};
    if ((kind & 2) != 0) {
        static const PrivateKey key = PrivateKey::generate(KeyType::ec_p256);
        offer.identity.emplace(ClientIdentity{{Bytes(300, 0x30)}, key});
    }
    ComposedClient client(offer);
    client.take_output();
    client.receive(bytes);
    const bool failed = client.progress() == TlsProgress::failed;
    require(!failed || !client.failure().empty());
    client.take_output();
    client.receive(bytes);
    require(!failed || client.progress() == TlsProgress::failed);
}

void talk(unsigned kind, ByteView bytes)
{
    auto dialogue = kind == 8 ? ClientDialogue::connect("one.test:443")
                              : ClientDialogue::starttls(static_cast<Starttls>(kind - 8), "one.test");
    for (std::size_t at = 0; at < bytes.size(); at += 16) {
        dialogue.take_output();
        dialogue.receive(bytes.subspan(at, std::min<std::size_t>(16, bytes.size() - at)));
    }
    dialogue.receive({});
    require(dialogue.state() != DialogueState::asking);
    dialogue.refusal();
}

void judge(ByteView bytes)
{
    static const Certificate leaf; // of no serial number: what is about none is about it
    judge_staple(bytes, leaf, nullptr, {});
}

} // namespace
} // namespace alert40

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) return 0;
    const unsigned kind = data[0];
    const alert40::ByteView bytes(data + 1, size - 1);
    if (kind < 4) alert40::play(kind, bytes);
    if (kind >= 8 && kind <= 16) alert40::talk(kind, bytes);
    if (kind == 32) alert40::read_reply("", alert40::Starttls::none, bytes);
    if (kind == 33) alert40::read_reply("h2", alert40::Starttls::none, bytes);
    if (kind == 48) alert40::judge(bytes);
    return 0;
}
