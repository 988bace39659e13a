// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/json_text.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace alert40;

TEST_CASE("JSON is written as it is nested", "[control][json]")
{
    JsonText json;
    json.object().member("n", 1).member("b", true).key("none").null().members("list",
                                                                              std::vector<std::string>{"a", "b"});
    json.key("in").object().end().key("deep").array().array().end().object().member("x", -2).end().end().end();
    CHECK(json.text() == R"({"n":1,"b":true,"none":null,"list":["a","b"],"in":{},"deep":[[],{"x":-2}]})");
}

TEST_CASE("whatever octets a text has, the JSON is valid", "[control][json]")
{
    for (const std::string text : {"plain", "\"\\\n\x01", "\xc3\xa9", "\xff\xfe", "\xc3", "\xe2\x82", "\xed\xa0\x80",
                                   "\xf4\x90\x80\x80", "\xc0\xaf", ""}) {
        JsonText json;
        json.array().value(text).end();
        const auto parsed = nlohmann::json::parse(json.text()); // throws where it is none
        CHECK(parsed.size() == 1);
    }
    JsonText json;
    json.value(std::string("a\xff") + "b");
    CHECK(json.text() == "\"a\xef\xbf\xbd"
                         "b\"");
}
