// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/loader/input_error.h"
#include "server/wire/server_key_exchange.h"
#include "tests/flights/composed.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using namespace test;

/// What is said of a flight that cannot be: "one.toml:6:12: ...".
std::string refusal(const std::string& version, const std::string& entries)
{
    try {
        plan_of("[server]\nversions = [\"" + version + "\"]\nflight = [" + entries + "]\n");
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

TEST_CASE("a flight that cannot apply is refused where it stands", "[flights][plan]")
{
    const auto says = [](const std::string& text, const std::string& part) {
        INFO(text);
        return text.starts_with("one.toml:7:") && text.find(part) != std::string::npos;
    };
    CHECK(says(refusal("1.2", R"({ message = "encrypted_extensions" })"), "TLS 1.2 has no encrypted_extensions"));
    CHECK(says(refusal("1.3", R"({ message = "server_key_exchange" })"), "TLS 1.3 has no server_key_exchange"));
    CHECK(says(refusal("1.3", R"({ message = "server_hello" }, { message = "server_hello" })"), "said twice"));
    CHECK(says(refusal("1.2", R"({ message = "server_hello", group = "x25519" })"), "no key_share"));
    CHECK(says(refusal("1.3", R"({ message = "alert", alert = "handshake_failure" })"), "no place of its own"));
    CHECK(says(refusal("1.3", R"({ message = "finished", cipher = "unoffered" })"), "cipher"));
    CHECK(says(refusal("1.3", R"({ message = "server_helo" })"), "server_helo"));
    CHECK(says(refusal("1.3", R"({ message = "certificate", raw = "0g" })"), "hexadecimal"));
    CHECK(says(refusal("1.3", R"({ message = "server_hello_done", after = "server_key_exchange", raw = "" })"),
               "TLS 1.3 has no server_key_exchange"));
    CHECK(says(refusal("1.2", R"({ message = "server_key_exchange", dh_bits = 1024, group = "x25519" })"),
               "not over both"));
    CHECK(refusal("1.3", R"({ message = "server_hello_done", after = "finished", raw = "" })").empty());
}

TEST_CASE("DHE parameters have the length that is asked for, a composite modulus too", "[flights][plan]")
{
    const auto bits_of = [](const DhGroup& group) { return DheParams{group.prime, group.generator, {1}}.prime_bits(); };
    const auto with = [](const std::string& fields) {
        return plan_of("[server]\nversions = [\"1.2\"]\nciphers = [\"DHE-RSA-AES128-GCM-SHA256\"]\n"
                       "flight = [{ message = \"server_key_exchange\", " +
                           fields + " }]\n",
                       KeyType::rsa_2048);
    };
    CHECK(bits_of(with("dh_bits = 480").dh.value()) == 480);
    CHECK(bits_of(with("dh_bits = 768").dh.value()) == 768);
    CHECK(bits_of(with("dh_bits = 512, dh_prime = \"composite\"").dh.value()) == 512);
}

TEST_CASE("early data makes a composed flight, and so does a departure; else the stack serves", "[flights][plan]")
{
    CHECK_FALSE(is_composed(server_of("[server]\nversions = [\"1.3\"]\n")));
    CHECK(is_composed(server_of("[server]\nversions = [\"1.3\"]\nearly_data = \"accept\"\n")));
    CHECK(is_composed(
        server_of("[server]\nversions = [\"1.3\"]\nflight = [{ message = \"finished\", corrupted = true }]\n")));
}

} // namespace
} // namespace alert40
