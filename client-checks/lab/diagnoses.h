// SPDX-License-Identifier: GPL-2.0-or-later
// What is said of one kept connection: the diagnosis, from what a capture and the client's words hold; and, for whoever
// may know the server's settings, its offer beside the server's demand.
#pragma once

#include "client-checks/clients/hello_profiles.h"
#include "client-checks/diagnosis/diagnosis.h"
#include "client-checks/lab/client_runs.h"
#include "server/control/http_server.h"
#include "server/control/serving.h"

namespace alert40 {

class Diagnoses {
public:
    /// What it is given outlives it. The causes are read at the first question.
    Diagnoses(std::filesystem::path data, Serving& serving, const ConnectionLog& log, const ClientRuns& runs);
    ~Diagnoses();

    /// GET /api/connections/{id}/diagnosis and /offer.
    void mount(HttpServer& http);

    /// As `alert40-check diagnose --json` tells one, and beside it "run" (whose words it rests on, or null) and
    /// "client" (which recorded client its ClientHello is like). Throws Problem: 404 for a connection that is not kept,
    /// 409 while it runs, 403 where it would tell a learner what is hidden from him.
    nlohmann::ordered_json diagnosis(std::uint64_t connection, const Caller& caller);

    /// compare_offer() of its ClientHello. Throws Problem as diagnosis(), and 404 where it has no ClientHello.
    nlohmann::ordered_json offer(std::uint64_t connection, const Caller& caller);

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

/// The number in a path. Throws Problem 404.
std::uint64_t number_of(const std::string& text, std::string_view what);

} // namespace alert40
