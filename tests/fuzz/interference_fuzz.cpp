// SPDX-License-Identifier: GPL-2.0-or-later
// The faults on both streams of a connection. The first octet chooses the fault, the second the step in which the rest
// is fed, to the client's and the server's side in turn. Away from its trigger a fault changes no octet; whatever it
// does, the steps are finite and nothing is read beyond its end.
#include "server/faults/interference.h"

#include "server/faults/catalogue.h"
#include "server/wire/hello_gatherer.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace alert40 {
namespace {

constexpr std::array<std::string_view, 16> kFaults = {
    "at = \"client:finished\", do = \"alert\", description = \"handshake_failure\", on_connection = 2", // never acts
    "at = \"server:any_record\", do = \"bit-flip\"",
    "at = \"client:any_record\", do = \"bit-flip\", octet = 3",
    "at = \"server:any_record\", do = \"split\", into = \"records\", count = 5",
    "at = \"server:any_record\", do = \"coalesce\", into = \"record\"",
    "at = \"server:any_record\", do = \"duplicate\", what = \"flight\"",
    "at = \"server:any_record\", do = \"reorder\"",
    "at = \"server:record:2\", do = \"truncate\"",
    "at = \"server:any_record\", do = \"replace-record-version\", version = \"1.0\"",
    "at = \"client:client_hello\", do = \"strip-extension\", extensions = [\"server_name\", \"key_share\"]",
    "at = \"client:client_hello\", do = \"client-hello-size-limit\", limit = 300",
    "at = \"client:client_hello\", do = \"refuse-version\", version = \"1.3\"",
    "at = \"client:client_hello\", do = \"sni-filter\", names = [\".test\"]",
    "at = \"client:client_hello\", do = \"refuse-grease\"",
    "at = \"server:finished\", do = \"drop\"",
    "at = \"client:change_cipher_spec\", do = \"duplicate\"",
};

std::vector<std::unique_ptr<Fault>> make(std::string_view fault)
{
    const std::string text = "title = \"t\"\ncause = \"none\"\nstory = \"s\"\nlesson = \"l\"\n[server]\nfaults = [{ " +
                             std::string(fault) + " }]\n[expect]\nends = \"connected\"\n";
    return make_faults(parse_scenario(text, "fuzz.toml", "test/fuzz").server.faults, {});
}

void require(bool condition)
{
    if (!condition) std::abort();
}

Bytes all_of(const WireSteps& steps)
{
    Bytes bytes;
    for (const auto& step : steps) {
        if (const auto* send = std::get_if<Send>(&step)) append(bytes, send->bytes);
        if (const auto* on = std::get_if<HandOn>(&step)) append(bytes, on->bytes);
        require(!std::holds_alternative<SendAfterNext>(step) && !std::holds_alternative<GatherFlight>(step));
    }
    return bytes;
}

void check(ByteView input)
{
    if (input.size() < 2) return;
    static const auto kMade = [] {
        std::array<std::vector<std::unique_ptr<Fault>>, kFaults.size()> made;
        for (std::size_t index = 0; index < made.size(); ++index) made[index] = make(kFaults[index]);
        return made;
    }();
    const std::size_t chosen = input[0] % kFaults.size();
    const std::size_t step = std::size_t{input[1]} + 1;
    ByteView rest = input.subspan(2);
    Interference interference(kMade[chosen], 1);
    Tap tap(std::chrono::steady_clock::time_point{});
    ClientHelloGatherer gatherer;
    bool hello = false;
    Bytes to_server;
    Bytes to_client;
    for (bool client = true; !rest.empty(); client = !client) {
        const ByteView piece = rest.first(std::min(step, rest.size()));
        rest = rest.subspan(piece.size());
        if (!client) {
            append(to_client, all_of(interference.from_server(piece, tap, {})));
            continue;
        }
        tap.bytes(Direction::client_to_server, piece, {});
        if (!hello) {
            auto status = gatherer.feed(piece);
            auto* gathered = std::get_if<GatheredClientHello>(&status);
            hello = !std::holds_alternative<NeedMore>(status);
            if (gathered != nullptr) tap.client_hello(std::move(gathered->hello), gathered->record_version);
        }
        append(to_server, all_of(interference.from_client(piece, tap.transcript())));
    }
    if (chosen != 0) return;
    append(to_server, interference.rest_of_client());
    append(to_client, interference.rest_of_server());
    require(to_server.size() + to_client.size() <= input.size() - 2);
}

} // namespace
} // namespace alert40

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    alert40::check({data, size});
    return 0;
}
