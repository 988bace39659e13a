// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/records/record.h"

#include "scenarios/loader/input_error.h"
#include "tests/source_dir.h"

#include <catch2/catch.hpp>
#include <fstream>

using namespace alert40;

namespace {

const std::string kHello =
    R"({"dir":"c2s","type":"handshake","rec_version":"0301","len":201,"t_ms":17,"hs":["client_hello"],"client_hello":)"
    R"({"legacy_version":"0303","session_id_len":32,"ciphers":"1302 c02f 00ff","sni":"good.test","groups":"001d 0017",)"
    R"("sigalgs":"0403 0804","supported_versions":"0304 0303","key_shares":"001d","alpn":["h2"],"exts":"0 10 13 43 51 16"}})";

std::string record(const std::string& wire)
{
    return R"({"client":{"name":"curl","version":"curl 7.88.1","library":"OpenSSL 3.0"},"stdout":"","stderr":"words",)"
           R"("exit_code":35,"wire":[{"event":"connect","conn":0,"t_ms":12},)" +
           wire + "]}";
}

Transcript only_wire(const std::string& wire)
{
    auto read = read_record(record(wire), "runs.jsonl:1");
    REQUIRE(read.connections.size() == 1);
    return read.connections.front().wire;
}

} // namespace

TEST_CASE("a record's fields are read, and nothing else of it", "[records]")
{
    const auto read = read_record(R"({"cause":7,"client":{"name":"curl","options":3},"exit_code":35,"stderr":"words"})",
                                  "runs.jsonl:1");
    CHECK(read.client.name == "curl");
    CHECK(read.client.library.empty());
    CHECK(read.errors == "words");
    CHECK(read.exit_code == 35);
    CHECK(read.connections.empty());
}

TEST_CASE("a record without a client and without a wire says nothing", "[records]")
{
    const auto read = read_record(R"({"client":null,"exit_code":null,"stdout":"","wire":[]})", "runs.jsonl:1");
    CHECK(read.client.name.empty());
    CHECK_FALSE(read.exit_code);
    CHECK(deciding_connection(read) == nullptr);
}

TEST_CASE("the ClientHello is put together from its fields", "[records]")
{
    const auto wire = only_wire(kHello);
    REQUIRE(wire.client_hello);
    const auto& hello = *wire.client_hello;
    CHECK(hello.server_name() == "good.test");
    CHECK(hello.session_id.size() == 32);
    CHECK(hello.cipher_suites.size() == 3);
    CHECK(hello.offers(ProtocolVersion::tls13));
    CHECK(hello.offers(NamedGroup::secp256r1));
    CHECK(hello.alpn_protocols() == std::vector<std::string>{"h2"});
    CHECK(hello.extensions.size() == 6);
    CHECK(wire.phase == Phase::before_server_hello);
    CHECK(wire.client_hello_record_version == ProtocolVersion::tls10);
}

TEST_CASE("an alert of the server decides a recorded connection", "[records]")
{
    const auto outcome =
        outcome_of(only_wire(kHello + R"(,{"dir":"s2c","type":"alert","rec_version":"0303","len":2,"t_ms":18.5,)"
                                      R"("alert":{"level":"fatal","desc":40}},{"dir":"s2c","event":"fin","t_ms":19})"));
    const auto* sent = std::get_if<AlertSent>(&outcome.how);
    REQUIRE(sent != nullptr);
    CHECK(sent->alert.description == AlertDescription::handshake_failure);
    CHECK(outcome.phase == Phase::before_server_hello);
}

TEST_CASE("the ServerHello is put together, and what follows it is encrypted", "[records]")
{
    const auto wire = only_wire(
        kHello + R"(,{"dir":"s2c","type":"handshake","rec_version":"0303","len":122,"t_ms":18,"hs":["server_hello"],)"
                 R"("server_hello":{"version":"0304","hrr":false,"cipher":"1302","group":"001d","exts":"43 51"}},)"
                 R"({"dir":"s2c","type":"application_data","rec_version":"0303","len":27,"t_ms":18,)"
                 R"("decrypted":{"type":"alert"}})");
    REQUIRE(wire.server_hello);
    CHECK(wire.server_hello->selected_version() == ProtocolVersion::tls13);
    CHECK(wire.server_hello->session_id == wire.client_hello->session_id);
    CHECK(wire.group == NamedGroup::x25519);
    const auto& last = std::get<RecordEvent>(wire.events.back());
    CHECK(last.encrypted);
    CHECK_FALSE(last.inner_type);
    CHECK(wire.phase == Phase::after_server_hello);
}

TEST_CASE("of certificates in clear the lengths are kept", "[records]")
{
    const auto read =
        read_record(record(kHello + R"(,{"dir":"s2c","type":"handshake","rec_version":"0303","len":1789,"t_ms":19,)"
                                    R"("hs":["certificate"],"certificate":{"n_certs":2,"sizes":[914,862]}},)"
                                    R"({"dir":"c2s","type":"handshake","rec_version":"0303","len":7,"t_ms":19,)"
                                    R"("hs":["certificate"],"certificate":{"n_certs":0,"sizes":[]}})"),
                    "runs.jsonl:1");
    const auto& connection = read.connections.front();
    CHECK(connection.server_certificate_octets == std::vector<std::size_t>{914, 862});
    CHECK(connection.wire.client_certificate_seen);
    CHECK(connection.client_certificate_octets.empty());
}

TEST_CASE("a timeout ends what has not ended", "[records]")
{
    const auto read = read_record(
        record(R"({"dir":"c2s","event":"rst","conn":1,"t_ms":13},{"event":"timeout","t_ms":15012})"), "runs.jsonl:1");
    REQUIRE(read.connections.size() == 2);
    CHECK(std::holds_alternative<Expired>(outcome_of(read.connections[0].wire).how));
    CHECK(read.connections[0].wire.events.size() == 1);
    CHECK(std::get<SocketEvent>(read.connections[0].wire.events[0]).at == std::chrono::seconds(15));
    CHECK(std::holds_alternative<PeerReset>(outcome_of(read.connections[1].wire).how));
}

TEST_CASE("of several connections the one that failed decides", "[records]")
{
    const auto read = read_record(
        record(R"({"dir":"c2s","event":"fin","t_ms":13},)" + std::string(R"({"event":"connect","conn":1,"t_ms":14},)") +
               R"({"dir":"c2s","type":"handshake","len":5,"conn":1,"t_ms":15,"hs":["client_hello"],)" +
               R"("client_hello":{"ciphers":"1301"}})"),
        "runs.jsonl:1");
    REQUIRE(read.connections.size() == 2);
    CHECK(deciding_connection(read) == &read.connections[1]);
}

TEST_CASE("a bad record is told with line and field", "[records]")
{
    const auto [line, told] = GENERATE(table<std::string, std::string>({
        {"{", "runs.jsonl:9: this line is not JSON"},
        {"[]", "runs.jsonl:9: an object was expected"},
        {R"({"stdout":3})", "runs.jsonl:9: stdout: a text was expected"},
        {R"({"client":"curl"})", "runs.jsonl:9: client: an object was expected"},
        {R"({"exit_code":1e99})", "runs.jsonl:9: exit_code: a whole number was expected"},
        {R"({"wire":{}})", "runs.jsonl:9: wire: a list was expected"},
        {R"({"wire":[{"type":"alert"}]})", "runs.jsonl:9: wire[0]: the field 't_ms' is missing"},
        {R"({"wire":[{"t_ms":1,"type":"riddle"}]})", "runs.jsonl:9: wire[0]: the field 'dir' is missing"},
        {R"({"wire":[{"t_ms":1,"dir":"c2s","type":"riddle","len":1}]})",
         "runs.jsonl:9: wire[0].type: no type of record"},
        {R"({"wire":[{"t_ms":-1,"event":"fin"}]})", "runs.jsonl:9: wire[0].t_ms: "},
        {R"({"wire":[{"t_ms":1,"event":"fin","dir":"up"}]})", "runs.jsonl:9: wire[0].dir: no direction"},
        {R"({"wire":[{"t_ms":1,"dir":"c2s","type":"alert","len":2,"alert":{"level":"fatal","desc":256}}]})",
         "runs.jsonl:9: wire[0].alert.desc: a number from 0 to 255 was expected"},
        {R"({"wire":[{"t_ms":1,"dir":"c2s","type":"handshake","len":2,"hs":["client_hello"],"client_hello":{"ciphers":"xyz"}}]})",
         "runs.jsonl:9: wire[0].client_hello.ciphers: 'xyz' is no hexadecimal number of 16 bits"},
    }));
    CHECK_THROWS_WITH(read_record(line, "runs.jsonl:9"), Catch::Matchers::StartsWith(told));
}

TEST_CASE("name, version and library point to a lexicon", "[records]")
{
    static const auto words = load_vocabulary(test_source_dir());
    const auto [name, version, library, lexicon] = GENERATE(table<std::string, std::string, std::string, std::string>({
        {"curl", "curl 7.88.1 libcurl/7.88.1 OpenSSL/3.0.22", "OpenSSL 3.0", "openssl"},
        {"node16", "v16.9.1 openssl 1.1.1l", "OpenSSL 1.1.1l", "node-openssl-1.1"},
        {"deno", "deno 2.9.6", "rustls (deno)", "deno"},
        {"firefox", "Mozilla Firefox 153.7.0esr", "NSS (Firefox)", "firefox"},
        {"chromium", "Chromium 156", "BoringSSL (Chromium)", "chromium"},
        {"openssl-s_client", "OpenSSL 3.0.22", "OpenSSL 3.0", "openssl"},
        {"curl-nss", "libcurl3-nss", "NSS 3.87", "nss"},
        {"own", "openjdk version \"17.0.15\"", "", "jsse"},
        {"own", "1.0", "", ""},
    }));
    CHECK(lexicon_of({name, version, library}, words) == lexicon);
}

TEST_CASE("a client's name points to a voice, whatever its version", "[records]")
{
    const auto words = load_vocabulary(test_source_dir());
    CHECK(voice_of({"nginx-upstream", "", ""}, words) == "nginx");
    CHECK(voice_of({"wget", "", ""}, words) == "wget");
    CHECK(voice_of({"own", "", ""}, words).empty());
    CHECK(voice_of({"", "", ""}, words).empty());
}
