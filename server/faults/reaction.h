// SPDX-License-Identifier: GPL-2.0-or-later
// What becomes of a connection once a fault has said or seen what it wanted: the settings that several kinds share.
#pragma once

#include "scenarios/loader/codecs.h"
#include "server/wire/steps.h"

namespace alert40 {

/// `go_on`: the handshake goes on as planned.
enum class Then { close, half_close, reset, drop, go_on };

template <> struct Codec<Then> {
    static Then read(const TomlValue& value);
    static nlohmann::json schema();
};

/// The steps that `then` stands for; `planned` itself for go_on.
WireSteps steps_of(Then then, WireSteps planned);

/// How a box refuses a ClientHello that it dislikes: an alert, if any, and the end.
struct Reaction {
    std::optional<AlertDescription> alert;
    Then then = Then::reset;
};

WireSteps steps_of(const Reaction& reaction, WireSteps planned);

/// The fields `then` and `alert` of a Settings that is, or derives from, Reaction.
template <class Settings> Fields<Settings> with_reaction(Fields<Settings> fields)
{
    fields.push_back({"then", "What it does: close, half-close, reset (default), drop, go-on",
                      [](const TomlValue& value, Settings& target) { target.then = Codec<Then>::read(value); },
                      [] { return Codec<Then>::schema(); }});
    fields.push_back(
        {"alert", "An alert that it sends before that",
         [](const TomlValue& value, Settings& target) { target.alert = Codec<AlertDescription>::read(value); },
         [] { return Codec<AlertDescription>::schema(); }});
    return fields;
}

} // namespace alert40
