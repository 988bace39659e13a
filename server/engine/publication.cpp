// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/publication.h"

#include "certs/certificate.h"
#include "certs/status.h"

#include <fmt/format.h>
#include <httplib.h>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace alert40 {

namespace {

constexpr std::string_view kIssuer = "application/pkix-cert";       // RFC 2585, section 4.1
constexpr std::string_view kCrl = "application/pkix-crl";           // RFC 2585, section 4.2
constexpr std::string_view kResponse = "application/ocsp-response"; // RFC 6960, section A.2
constexpr std::size_t kLongestRequest = 16 * 1024;                  // octets; an OCSPRequest has some 100
constexpr std::size_t kThreads = 2;                                 // a client that stalls does not stop the next
constexpr time_t kPatience = 2;                                     // seconds for a request, and for its answer

struct Document {
    std::string_view type;
    std::string octets;
};

} // namespace

/// The HTTP server has a thread of its own (cpp-httplib blocks): what it shares with the rest is this map, locked.
struct Publication::Server {
    Server()
    {
        http.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
        http.set_payload_max_length(kLongestRequest);
        http.set_read_timeout(kPatience);
        http.set_write_timeout(kPatience);
        http.set_keep_alive_max_count(1);
        const auto answer = [this](const httplib::Request& request, httplib::Response& response) {
            give(request.matches[1], response);
        };
        // An OCSPRequest comes by POST, or in base64 behind the URL (RFC 6960, section A.1). It is not read: the URL
        // itself says which certificate is meant.
        http.Get(R"((/\d+/(?:issuer\.cer|issuer\.crl|ocsp))(?:/.*)?)", answer);
        http.Post(R"((/\d+/ocsp)/?)", answer);
        port = http.bind_to_any_port("127.0.0.1");
        if (port < 0) throw std::runtime_error("cannot bind a port of 127.0.0.1 for CRLs and OCSP responses");
        thread = std::thread([this] { http.listen_after_bind(); });
        while (!http.is_running()) std::this_thread::yield(); // stop() before that would be lost
    }

    ~Server()
    {
        http.stop();
        thread.join();
    }

    void give(const std::string& path, httplib::Response& response)
    {
        const std::lock_guard lock(mutex);
        const auto found = documents.find(path);
        if (found == documents.end()) {
            response.status = 404;
            return;
        }
        response.set_content(found->second.octets, std::string(found->second.type));
    }

    void publish(const std::string& path, std::string_view type, const Bytes& octets)
    {
        const std::lock_guard lock(mutex);
        documents[path] = {type, std::string(octets.begin(), octets.end())};
    }

    std::string reserve()
    {
        const std::lock_guard lock(mutex);
        return fmt::format("/{}", ++places);
    }

    httplib::Server http;
    int port = 0;
    std::thread thread;
    std::mutex mutex;
    std::map<std::string, Document> documents; // by path
    std::size_t places = 0;
};

Publication::Publication() : server_(std::make_unique<Server>()) {}

Publication::~Publication() = default;

unsigned Publication::port() const
{
    return static_cast<unsigned>(server_->port);
}

Chain Publication::forge(const ChainPlan& plan, StateDirectory& state, std::chrono::system_clock::time_point now)
{
    const CertificatePlan& leaf = plan.leaf;
    if (!leaf.names_issuer_url && !leaf.names_ocsp_url && !leaf.names_crl_url) return forge_chain(plan, state, now);
    const std::string place = server_->reserve();
    const std::string base = fmt::format("http://127.0.0.1:{}{}", port(), place);
    Chain chain = forge_chain(plan, state, now, {base + "/issuer.cer", base + "/ocsp", base + "/issuer.crl"});

    const Bytes serial_number = parse_certificate(chain.leaf).serial_number;
    const StatusPeriod period{now - std::chrono::hours(1), now + std::chrono::days(8)};
    const auto revoked = chain.revoked ? std::vector<Bytes>{serial_number} : std::vector<Bytes>{};
    server_->publish(place + "/issuer.cer", kIssuer, chain.issuer.certificate);
    server_->publish(place + "/ocsp", kResponse, ocsp_response(chain.issuer, serial_number, chain.revoked, period));
    server_->publish(place + "/issuer.crl", kCrl, certificate_revocation_list(chain.issuer, revoked, period));
    return chain;
}

} // namespace alert40
