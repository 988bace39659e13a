// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/common_names.h"

#include <catch2/catch.hpp>

using namespace alert40;

namespace {

/// Names of scenarios that are never bound.
struct Named {
    Named()
    {
        for (const auto* id : {"certificate/expired-tls12", "certificate/expired-tls13",
                               "certificate/expired-root-tls12", "cipher/one", "cipher/other"})
            names.add(supply(id));
        names.answer_plain_names(supply("index/name"), supply("index/address"));
    }
    std::shared_ptr<Supply> make(Scenario scenario)
    {
        const auto never = [](const Scenario&, bool, const auto&) { return std::shared_ptr<BoundScenario>(); };
        return std::make_shared<Supply>(binder, never, std::move(scenario), false, 1);
    }
    std::shared_ptr<Supply> supply(const std::string& id)
    {
        Scenario scenario;
        scenario.id = id;
        return make(std::move(scenario));
    }
    std::string find(const std::optional<std::string>& name)
    {
        const auto found = names.find(name);
        return found ? found->scenario().id + " as " + found->scenario().asked_name() : "nobody";
    }

    Binder binder;
    CommonNames names{[this](Scenario scenario, bool) { return make(std::move(scenario)); }};
};

} // namespace

TEST_CASE("a scenario answers for its whole name, whatever its case", "[control][names]")
{
    Named named;
    CHECK(named.find("Expired-TLS12.certificate.localhost") ==
          "certificate/expired-tls12 as expired-tls12.certificate.localhost");
    CHECK(named.find("nothing.certificate.localhost") == "nobody");
    CHECK(named.find("expired-tls12.cipher.localhost") == "nobody");
    CHECK(named.find("expired-tls12.certificate.test") == "nobody");
}

TEST_CASE("a name without its version means TLS 1.3, and its certificate is made for it", "[control][names]")
{
    Named named;
    CHECK(named.find("expired.certificate.localhost") == "certificate/expired-tls13 as expired.certificate.localhost");
    CHECK(named.names.find("expired.certificate.localhost") == named.names.find("EXPIRED.certificate.localhost"));
}

TEST_CASE("a beginning that one scenario alone has means it; another means nobody", "[control][names]")
{
    Named named;
    CHECK(named.find("expired-r.certificate.localhost") ==
          "certificate/expired-root-tls12 as expired-r.certificate.localhost");
    CHECK(named.find("exp.certificate.localhost") == "nobody");
    CHECK(named.find("o.cipher.localhost") == "nobody");
    CHECK(named.find("ot.cipher.localhost") == "cipher/other as ot.cipher.localhost");
    CHECK(named.find(".cipher.localhost") == "nobody");
}

TEST_CASE("the plain name, an address and no name give the index", "[control][names]")
{
    Named named;
    CHECK(named.find("localhost") == "index/name as name.index.localhost");
    CHECK(named.find("127.0.0.1") == "index/address as address.index.localhost");
    CHECK(named.find(std::nullopt) == "index/address as address.index.localhost");
}
