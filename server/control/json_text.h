// SPDX-License-Identifier: GPL-2.0-or-later
// JSON written straight into a text: an event stream composes thousands of objects a second, and a tree of each costs
// more than the handshake that it tells of.
//
//   JsonText json;  json.object().member("n", 1).key("list").array().value("a").end().end();  json.take()
#pragma once

#include <concepts>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

class JsonText {
public:
    JsonText() = default;
    /// Writes behind what is in `text`.
    explicit JsonText(std::string text) : text_(std::move(text)) {}

    JsonText& object() { return open('{', '}'); }
    JsonText& array() { return open('[', ']'); }
    JsonText& end()
    {
        text_ += closers_.back();
        closers_.pop_back();
        first_ = false;
        return *this;
    }
    JsonText& key(std::string_view name)
    {
        comma();
        quote(name);
        text_ += ':';
        first_ = true; // its value needs no comma
        return *this;
    }

    /// Octets that are no UTF-8 become U+FFFD.
    JsonText& value(std::string_view text)
    {
        comma();
        quote(text);
        return *this;
    }
    JsonText& value(const char* text) { return value(std::string_view(text)); }
    JsonText& value(const std::string& text) { return value(std::string_view(text)); }
    JsonText& value(bool truth) { return raw(truth ? "true" : "false"); }
    template <std::integral Number> JsonText& value(Number number)
    {
        comma();
        const fmt::format_int digits(number);
        text_.append(digits.data(), digits.size());
        return *this;
    }
    JsonText& null() { return raw("null"); }
    template <class T> JsonText& member(std::string_view name, const T& what) { return key(name).value(what); }
    template <class T> JsonText& members(std::string_view name, const std::vector<T>& list)
    {
        key(name).array();
        for (const auto& each : list) value(each);
        return end();
    }
    /// A whole JSON text.
    JsonText& raw(std::string_view json)
    {
        comma();
        text_ += json;
        return *this;
    }

    const std::string& text() const { return text_; }
    std::string take() { return std::move(text_); }

private:
    JsonText& open(char opener, char closer)
    {
        comma();
        text_ += opener;
        closers_ += closer;
        first_ = true;
        return *this;
    }
    void comma()
    {
        if (!first_) text_ += ',';
        first_ = false;
    }
    void quote(std::string_view text);
    std::size_t escape(std::string_view text);

    std::string text_;
    std::string closers_;
    bool first_ = true;
};

} // namespace alert40
