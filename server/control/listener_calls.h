// SPDX-License-Identifier: GPL-2.0-or-later
// The calls of the control API that are about listeners.
#pragma once

#include "server/control/http_server.h"
#include "server/control/serving.h"

namespace alert40 {

class ListenerCalls {
public:
    static constexpr std::size_t kMostOfOneLearner = 20;

    explicit ListenerCalls(Serving& serving) : serving_(serving) {}

    void add_to(HttpServer& http);
    /// What `reset` goes back to.
    void remember();

private:
    HttpResponse list(const HttpRequest& request) const;
    HttpResponse one(const HttpRequest& request) const;
    HttpResponse create(const HttpRequest& request);
    HttpResponse change(const HttpRequest& request);
    HttpResponse remove(const HttpRequest& request);
    HttpResponse populate(const HttpRequest& request);
    HttpResponse reset(const HttpRequest& request);
    ListenerView ensure(const nlohmann::json& wanted);
    void put_back(const ListenerView& as_it_was);

    Serving& serving_;
    std::mutex mutex_; // one populate or reset at a time
    std::vector<ListenerView> remembered_;
};

} // namespace alert40
