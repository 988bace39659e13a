// SPDX-License-Identifier: GPL-2.0-or-later
// A client on Botan 2.19: verifies chain and name, sends a GET, prints the first line of the answer.
//
//     botan_client --connect ADDRESS --port N --name NAME --ca FILE
//         [--min 1.0|1.1|1.2] [--max ...] [--ciphers LIST] [--groups LIST] [--schemes LIST] [--alpn LIST] [--no-sni]
//         [--cert FILE --key FILE] [--crl FILE] [--check-staple] [--resume] [--fallback] [--legacy]
//
// Groups and schemes are given by their numbers in TLS: 0x001d is x25519.

#include <botan/auto_rng.h>
#include <botan/credentials_manager.h>
#include <botan/data_src.h>
#include <botan/ecdsa.h>
#include <botan/pem.h>
#include <botan/pkcs8.h>
#include <botan/rsa.h>
#include <botan/tls_callbacks.h>
#include <botan/tls_ciphersuite.h>
#include <botan/tls_client.h>
#include <botan/tls_exceptn.h>
#include <botan/tls_policy.h>
#include <botan/tls_session_manager.h>
#include <botan/x509_crl.h>
#include <botan/x509cert.h>

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <iostream>
#include <map>
#include <sstream>
#include <system_error>

namespace {

using namespace Botan;

class Options {
public:
    Options(int count, char** words)
    {
        for (int i = 1; i < count; ++i) {
            const std::string word = words[i];
            const bool flag = word == "--no-sni" || word == "--resume" || word == "--fallback" ||
                              word == "--check-staple" || word == "--legacy";
            if (!flag && i + 1 == count) throw std::runtime_error(word + " needs a value");
            values_[word] = flag ? "" : words[++i];
        }
    }
    bool has(const std::string& name) const { return values_.count(name) != 0; }
    std::string get(const std::string& name) const
    {
        if (!has(name)) throw std::runtime_error(name + " is missing");
        return values_.at(name);
    }
    std::vector<std::string> list(const std::string& name) const
    {
        std::vector<std::string> items;
        if (!has(name)) return items;
        std::istringstream text(get(name));
        for (std::string item; std::getline(text, item, ',');) items.push_back(item);
        return items;
    }

private:
    std::map<std::string, std::string> values_;
};

// "1.2" is 3.3 on the wire.
TLS::Protocol_Version version(const std::string& text)
{
    return TLS::Protocol_Version(3, static_cast<std::uint8_t>(text.at(2) - '0' + 1));
}

/// Botan's default policy, with what was asked for.
class Policy : public TLS::Policy {
public:
    explicit Policy(const Options& options) : options_(options)
    {
        for (const auto& name : options.list("--ciphers")) {
            const auto suite = TLS::Ciphersuite::from_name(name.rfind("TLS_", 0) == 0 ? name.substr(4) : name);
            if (!suite.valid()) throw std::runtime_error("unknown cipher suite " + name);
            suites_.push_back(suite.ciphersuite_code());
        }
        for (const auto& number : options.list("--groups"))
            groups_.push_back(static_cast<TLS::Group_Params>(std::stoul(number, nullptr, 16)));
        for (const auto& number : options.list("--schemes"))
            schemes_.push_back(static_cast<TLS::Signature_Scheme>(std::stoul(number, nullptr, 16)));
    }

    bool allow_tls10() const override { return asked_for(TLS::Protocol_Version::TLS_V10, TLS::Policy::allow_tls10()); }
    bool allow_tls11() const override { return asked_for(TLS::Protocol_Version::TLS_V11, TLS::Policy::allow_tls11()); }
    bool allow_tls12() const override { return asked_for(TLS::Protocol_Version::TLS_V12, TLS::Policy::allow_tls12()); }
    std::vector<std::uint16_t> ciphersuite_list(TLS::Protocol_Version offered, bool have_srp) const override
    {
        return suites_.empty() ? TLS::Policy::ciphersuite_list(offered, have_srp) : suites_;
    }
    bool acceptable_ciphersuite(const TLS::Ciphersuite& suite) const override
    {
        return !suites_.empty() || TLS::Policy::acceptable_ciphersuite(suite);
    }
    std::vector<std::string> allowed_ciphers() const override
    {
        auto ciphers = TLS::Policy::allowed_ciphers();
        if (options_.has("--legacy")) ciphers.insert(ciphers.end(), {"AES-256", "AES-128"}); // in CBC mode
        return ciphers;
    }
    std::vector<TLS::Group_Params> key_exchange_groups() const override
    {
        return groups_.empty() ? TLS::Policy::key_exchange_groups() : groups_;
    }
    std::vector<TLS::Signature_Scheme> allowed_signature_schemes() const override
    {
        return schemes_.empty() ? TLS::Policy::allowed_signature_schemes() : schemes_;
    }
    bool send_fallback_scsv(TLS::Protocol_Version) const override { return options_.has("--fallback"); }
    // The default insists on an answer about revocation for every certificate, which few servers' chains can give.
    bool require_cert_revocation_info() const override { return options_.has("--check-staple"); }

private:
    bool asked_for(TLS::Protocol_Version candidate, bool otherwise) const
    {
        if (!options_.has("--min")) return otherwise;
        return candidate >= version(options_.get("--min")) && !(candidate > version(options_.get("--max")));
    }

    const Options& options_;
    std::vector<std::uint16_t> suites_;
    std::vector<TLS::Group_Params> groups_;
    std::vector<TLS::Signature_Scheme> schemes_;
};

/// All certificates, or all CRLs, of a file.
template <class Object> std::vector<Object> load_all(const std::string& path)
{
    std::vector<Object> objects;
    DataSource_Stream file(path);
    while (!file.end_of_data()) {
        try {
            objects.emplace_back(file);
        } catch (const Decoding_Error&) {
            if (objects.empty()) throw; // else: the last line's end
            break;
        }
    }
    return objects;
}

std::unique_ptr<Private_Key> private_key(const std::string& path, const X509_Certificate& certificate,
                                         RandomNumberGenerator& rng)
{
    DataSource_Stream file(path);
    std::string label;
    const auto bits = PEM_Code::decode(file, label);
    if (label == "EC PRIVATE KEY")
        return std::make_unique<ECDSA_PrivateKey>(certificate.subject_public_key_algo(), bits);
    if (label == "RSA PRIVATE KEY")
        return std::make_unique<RSA_PrivateKey>(certificate.subject_public_key_algo(), bits);
    return std::unique_ptr<Private_Key>(PKCS8::load_key(path, rng));
}

class Credentials : public Credentials_Manager {
public:
    Credentials(const Options& options, RandomNumberGenerator& rng)
    {
        for (const auto& anchor : load_all<X509_Certificate>(options.get("--ca"))) anchors_.add_certificate(anchor);
        if (options.has("--crl"))
            for (const auto& crl : load_all<X509_CRL>(options.get("--crl"))) anchors_.add_crl(crl);
        if (!options.has("--cert")) return;
        chain_ = load_all<X509_Certificate>(options.get("--cert"));
        key_ = private_key(options.get("--key"), chain_.at(0), rng);
    }

    std::vector<Certificate_Store*> trusted_certificate_authorities(const std::string&, const std::string&) override
    {
        return {&anchors_};
    }
    std::vector<X509_Certificate> cert_chain(const std::vector<std::string>& key_types, const std::string&,
                                             const std::string&) override
    {
        const bool fits = key_ && std::find(key_types.begin(), key_types.end(), key_->algo_name()) != key_types.end();
        return fits ? chain_ : std::vector<X509_Certificate>();
    }
    Private_Key* private_key_for(const X509_Certificate&, const std::string&, const std::string&) override
    {
        return key_.get();
    }

private:
    Certificate_Store_In_Memory anchors_;
    std::vector<X509_Certificate> chain_;
    std::unique_ptr<Private_Key> key_;
};

class Connection : public TLS::Callbacks {
public:
    Connection(const std::string& address, const std::string& port)
    {
        addrinfo hints{};
        hints.ai_socktype = SOCK_STREAM;
        addrinfo* found = nullptr;
        if (const int error = getaddrinfo(address.c_str(), port.c_str(), &hints, &found))
            throw std::runtime_error(gai_strerror(error));
        socket_ = socket(found->ai_family, SOCK_STREAM, 0);
        const bool connected = connect(socket_, found->ai_addr, found->ai_addrlen) == 0;
        freeaddrinfo(found);
        if (!connected) throw std::system_error(errno, std::generic_category(), "connect");
    }
    ~Connection() override
    {
        try {
            flush(); // the alert of a failure
        } catch (const std::system_error&) {
        }
        close(socket_);
    }

    /// False: the server has closed.
    bool receive(TLS::Client& client)
    {
        flush();
        std::uint8_t buffer[16384];
        const auto size = read(socket_, buffer, sizeof buffer);
        if (size < 0) throw std::system_error(errno, std::generic_category(), "read");
        if (size > 0) client.received_data(buffer, static_cast<std::size_t>(size));
        return size > 0;
    }

    /// What Botan has to say leaves in one piece: else a server that refuses the first of several messages answers, and
    /// closes, at some point between them.
    void flush()
    {
        std::size_t sent = 0;
        while (sent < output_.size()) {
            const auto size = send(socket_, output_.data() + sent, output_.size() - sent, MSG_NOSIGNAL);
            if (size < 0) throw std::system_error(errno, std::generic_category(), "send");
            sent += static_cast<std::size_t>(size);
        }
        output_.clear();
    }

    void tls_emit_data(const std::uint8_t data[], std::size_t size) override { output_.append(data, data + size); }
    void tls_record_received(std::uint64_t, const std::uint8_t data[], std::size_t size) override
    {
        answer.append(data, data + size);
    }
    void tls_alert(TLS::Alert alert) override
    {
        if (alert.type() != TLS::Alert::CLOSE_NOTIFY) std::cerr << "Alert: " << alert.type_string() << "\n";
        failed = failed || alert.is_fatal();
    }
    bool tls_session_established(const TLS::Session&) override { return true; }

    std::string answer;
    bool failed = false;

private:
    int socket_ = -1;
    std::string output_;
};

/// Whether the server has answered with a status of success.
bool get(const Options& options, const Policy& policy, Credentials& credentials, TLS::Session_Manager& sessions,
         RandomNumberGenerator& rng)
{
    const std::string name = options.get("--name");
    Connection connection(options.get("--connect"), options.get("--port"));
    // Without a name Botan neither sends SNI nor verifies one.
    const TLS::Server_Information server(options.has("--no-sni") ? "" : name, "https",
                                         std::stoi(options.get("--port")));
    const auto offered = options.has("--max") ? version(options.get("--max")) : policy.latest_supported_version(false);
    TLS::Client client(connection, sessions, credentials, policy, rng, server, offered, options.list("--alpn"));
    while (!client.is_active() && !client.is_closed())
        if (!connection.receive(client)) throw std::runtime_error("Server closed the connection during the handshake");
    if (client.is_active()) client.send("GET / HTTP/1.0\r\nHost: " + name + "\r\n\r\n");
    while (!client.is_closed())
        if (!connection.receive(client)) break;
    if (connection.failed) return false;
    if (connection.answer.empty()) throw std::runtime_error("Server closed the connection without an answer");
    const auto status = connection.answer.substr(0, connection.answer.find_first_of("\r\n"));
    std::cout << status << std::endl;
    return status.find(" 200") != std::string::npos;
}

} // namespace

int main(int count, char** words)
{
    try {
        const Options options(count, words);
        AutoSeeded_RNG rng;
        const Policy policy(options);
        Credentials credentials(options, rng);
        TLS::Session_Manager_In_Memory sessions(rng);
        if (options.has("--resume") && !get(options, policy, credentials, sessions, rng)) return 1;
        return get(options, policy, credentials, sessions, rng) ? 0 : 1;
    } catch (const TLS::TLS_Exception& error) {
        std::cerr << "Error: " << error.what() << " (alert " << TLS::Alert(error.type()).type_string() << ")\n";
    } catch (const std::exception& error) {
        std::cerr << "Error: " << error.what() << "\n";
    }
    return 1;
}
