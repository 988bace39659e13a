# SPDX-License-Identifier: GPL-2.0-or-later
# Net::HTTP, as scripts call it.
require "json"
require "net/http"
require "openssl"

def parse(arguments)
  options = {}
  until arguments.empty?
    option = arguments.shift.delete_prefix("--")
    options[option] = %w[no-sni legacy].include?(option) ? true : arguments.shift
  end
  options
end

VERSIONS = { "1.0" => :TLS1, "1.1" => :TLS1_1, "1.2" => :TLS1_2, "1.3" => :TLS1_3 }.freeze

def prepare(http, options)
  http.use_ssl = true # verifies chain and name
  http.max_retries = 0
  http.ca_file = options["ca"]
  http.min_version = VERSIONS[options["min"]] if options["min"]
  http.max_version = VERSIONS[options["max"]] if options["max"]
  if options["legacy"]
    http.min_version ||= :TLS1
    http.ciphers = "#{options["ciphers"] || "DEFAULT"}:@SECLEVEL=0"
  elsif options["ciphers"]
    http.ciphers = options["ciphers"]
  end
  client_certificate(http, options) if options["cert"]
  revocation(http, options) if options["crl"]
end

def client_certificate(http, options)
  http.cert, *http.extra_chain_cert = OpenSSL::X509::Certificate.load_file(options["cert"])
  http.key = OpenSSL::PKey.read(File.read(options["key"]))
end

def revocation(http, options)
  http.cert_store = OpenSSL::X509::Store.new
  http.cert_store.add_file(options["ca"])
  lists = File.read(options["crl"]).scan(/-----BEGIN X509 CRL-----.*?-----END X509 CRL-----/m)
  lists.each { |list| http.cert_store.add_crl(OpenSSL::X509::CRL.new(list)) }
  http.cert_store.flags = OpenSSL::X509::V_FLAG_CRL_CHECK
end

def messages(error)
  lines = "#{error.message} (#{error.class})\n"
  error.cause ? lines + messages(error.cause) : lines
end

# Returns output, errors, exit status.
def run(arguments)
  options = parse(arguments)
  name = options["no-sni"] ? options["connect"] : options["name"]
  http = Net::HTTP.new(name, options["port"].to_i, nil)
  http.ipaddr = options["connect"]
  prepare(http, options)
  response = http.start { |connection| connection.get("/") }
  ["HTTP/#{response.http_version} #{response.code} #{response.message}\n", "", 0]
rescue StandardError => error
  ["", messages(error), 1]
end

if ARGV == ["--serve"] # one job a line, one answer a line
  $stdout.sync = true
  $stdin.each_line do |line|
    job = JSON.parse(line)
    output, errors, exit_code = run(job["arguments"])
    puts JSON.generate({ id: job["id"], output: output, errors: errors, exit_code: exit_code })
  end
else
  output, errors, exit_code = run(ARGV)
  print output
  warn errors unless errors.empty?
  exit exit_code
end
