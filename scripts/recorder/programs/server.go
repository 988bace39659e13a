// SPDX-License-Identifier: GPL-2.0-or-later
// An HTTPS server of net/http; its settings are the one argument, as JSON.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
)

type settings struct {
	Port                                                       int
	Min, Max, Cert, Key, Groups, Alpn, Strict, ClientCA, Plain string
}

func main() {
	var given settings
	if err := json.Unmarshal([]byte(os.Args[1]), &given); err != nil {
		log.Fatal(err)
	}
	versions := map[string]uint16{"1.0": tls.VersionTLS10, "1.1": tls.VersionTLS11, "1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}
	groups := map[string]tls.CurveID{"X25519": tls.X25519, "P-256": tls.CurveP256, "P-384": tls.CurveP384, "P-521": tls.CurveP521}
	config := &tls.Config{MinVersion: versions[given.Min], MaxVersion: versions[given.Max], NextProtos: []string{"h2", "http/1.1"}}
	if given.Cert != "" {
		pair, err := tls.LoadX509KeyPair(given.Cert, given.Key)
		if err != nil {
			log.Fatal(err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	if given.Groups != "" {
		config.CurvePreferences = []tls.CurveID{groups[given.Groups]}
	}
	if given.Alpn != "" {
		config.NextProtos = []string{given.Alpn}
	}
	if given.Strict != "" {
		certificates := config.Certificates
		config.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if hello.ServerName != given.Strict {
				return nil, errors.New("unknown name")
			}
			return &certificates[0], nil
		}
		config.Certificates = nil
	}
	if given.ClientCA != "" {
		octets, err := os.ReadFile(given.ClientCA)
		if err != nil {
			log.Fatal(err)
		}
		config.ClientCAs = x509.NewCertPool()
		config.ClientCAs.AppendCertsFromPEM(octets)
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", given.Port))
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{ErrorLog: log.New(io.Discard, "", 0)}
	if given.Plain != "" {
		log.Fatal(server.Serve(listener))
	}
	log.Fatal(server.Serve(tls.NewListener(listener, config)))
}
