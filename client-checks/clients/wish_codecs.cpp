// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/clients/wish_codecs.h"

#include "client-checks/clients/definition_codecs.h"

namespace alert40 {
namespace {

template <class Target> Fields<Target> style_fields(ListStyle Target::*style)
{
    const auto text = [style](std::string key, std::string ListStyle::*member, std::string summary) {
        return Field<Target>{
            std::move(key), std::move(summary),
            [style, member](const TomlValue& value, Target& target) { (target.*style).*member = value.as_string(); },
            [] {
                return nlohmann::json{{"type", "string"}};
            }};
    };
    return {
        text("separator", &ListStyle::separator, "Between the items of {list}"),
        text("prefix", &ListStyle::prefix, "Before each item"),
        {"names", "Our name -> the client's; for suites \"openssl\" or \"iana\"",
         [style](const TomlValue& value, Target& target) {
             if (std::holds_alternative<TomlTable>(value.content))
                 (target.*style).names = Codec<StringMap>::read(value);
             else
                 (target.*style).openssl_names = value.as_string() == "openssl";
         },
         [] {
             return nlohmann::json{{"type", "object"}};
         }},
        {"unknown", "Names that the client does not have",
         [style](const TomlValue& value, Target& target) {
             (target.*style).unknown = Codec<std::vector<std::string>>::read(value);
         },
         [] {
             return nlohmann::json{{"type", "array"}};
         }},
        {"each", "The option is added once for each item",
         [style](const TomlValue& value, Target& target) { (target.*style).each = value.as_boolean(); },
         [] {
             return nlohmann::json{{"type", "boolean"}};
         }},
    };
}

} // namespace

std::optional<SuiteParts> Codec<std::optional<SuiteParts>>::read(const TomlValue& value)
{
    static const Fields<SuiteParts> fields = {
        field("key_exchanges", &SuiteParts::key_exchanges, "Key exchange and authentication -> the client's word")
            .require(),
        field("ciphers", &SuiteParts::ciphers, "Cipher -> the client's word").require(),
        field("macs", &SuiteParts::macs, "MAC, or AEAD -> the client's word").require(),
    };
    return read_table(value.as_table(), fields);
}

const Fields<CipherWish>& cipher_fields()
{
    static const Fields<CipherWish> table = [] {
        auto fields = style_fields(&CipherWish::style);
        fields.push_back(field("tls12", &CipherWish::tls12, "How suites up to TLS 1.2 are asked for"));
        fields.push_back(field("tls13", &CipherWish::tls13, "How suites of TLS 1.3 are asked for"));
        fields.push_back(field("parts", &CipherWish::parts, "Suites are composed from parts"));
        return fields;
    }();
    return table;
}

ListWish Codec<ListWish>::read(const TomlValue& value)
{
    static const Fields<ListWish> table = [] {
        auto fields = style_fields(&ListWish::style);
        fields.push_back(field("option", &ListWish::option, "How the list is asked for"));
        fields.push_back(field("exact", &ListWish::exact, "A list, joined by commas -> an option for just that one"));
        return fields;
    }();
    ListWish wish = read_table(value.as_table(), table);
    if (!wish.option && wish.exact.empty()) throw InputError(value.where, "the key 'option' is missing");
    return wish;
}

HelloSizeWish Codec<HelloSizeWish>::read(const TomlValue& value)
{
    static const Fields<HelloSizeWish> table = [] {
        auto fields = style_fields(&HelloSizeWish::style);
        fields.push_back(field("option", &HelloSizeWish::option, "With {list}, names for ALPN").require());
        fields.push_back({"most", "The greatest size that the option reaches",
                          [](const TomlValue& number, HelloSizeWish& wish) {
                              wish.most = static_cast<unsigned>(read_integer(number, 1, 65'535));
                          },
                          [] {
                              return nlohmann::json{{"type", "integer"}};
                          }});
        return fields;
    }();
    return read_table(value.as_table(), table);
}

std::vector<std::pair<std::string, Dialogue>>
Codec<std::vector<std::pair<std::string, Dialogue>>>::read(const TomlValue& value)
{
    static const Fields<Dialogue> fields = {
        {"arguments", "Words that are added at {wishes}",
         [](const TomlValue& words, Dialogue& dialogue) {
             dialogue.option.arguments = Codec<std::vector<std::string>>::read(words);
         },
         [] {
             return nlohmann::json{{"type", "array"}};
         }},
        field("scheme", &Dialogue::scheme, "For {scheme}"),
        field("input", &Dialogue::input, "What is written to its standard input"),
        field("output", &Dialogue::connected_pattern, "A pattern in its output where it succeeds"),
    };
    std::vector<std::pair<std::string, Dialogue>> dialogues;
    for (const auto& [key, dialogue] : value.as_table().entries)
        dialogues.emplace_back(key, read_table(dialogue.as_table(), fields));
    return dialogues;
}

} // namespace alert40
