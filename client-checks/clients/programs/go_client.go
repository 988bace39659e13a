// SPDX-License-Identifier: GPL-2.0-or-later
// Go's net/http on crypto/tls: go_client --connect ADDRESS --port N --name NAME --ca FILE [--min V] [--max V]
// [--ciphers LIST] [--groups LIST] [--alpn LIST] [--no-sni] [--cert FILE --key FILE] [--clock SECONDS] [--resume]
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

var versions = map[string]uint16{"1.0": tls.VersionTLS10, "1.1": tls.VersionTLS11, "1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}

var groups = map[string]tls.CurveID{"x25519": tls.X25519, "secp256r1": tls.CurveP256, "secp384r1": tls.CurveP384, "secp521r1": tls.CurveP521}

type wishes struct {
	address, name, ca, min, max, ciphers, groups, alpn, cert, key string
	port, clock                                                   int
	noSNI, resume                                                 bool
}

func parse(arguments []string) (wishes, error) {
	var w wishes
	flags := flag.NewFlagSet("go_client", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&w.address, "connect", "127.0.0.1", "")
	flags.IntVar(&w.port, "port", 443, "")
	flags.StringVar(&w.name, "name", "", "")
	flags.StringVar(&w.ca, "ca", "", "")
	flags.StringVar(&w.min, "min", "", "")
	flags.StringVar(&w.max, "max", "", "")
	flags.StringVar(&w.ciphers, "ciphers", "", "")
	flags.StringVar(&w.groups, "groups", "", "")
	flags.StringVar(&w.alpn, "alpn", "", "")
	flags.StringVar(&w.cert, "cert", "", "")
	flags.StringVar(&w.key, "key", "", "")
	flags.IntVar(&w.clock, "clock", 0, "")
	flags.BoolVar(&w.noSNI, "no-sni", false, "")
	flags.BoolVar(&w.resume, "resume", false, "")
	return w, flags.Parse(arguments)
}

func (w wishes) config() (*tls.Config, error) {
	config := &tls.Config{ServerName: w.name, MinVersion: versions[w.min], MaxVersion: versions[w.max]}
	config.Time = func() time.Time { return time.Now().Add(time.Duration(w.clock) * time.Second) }
	anchors, err := os.ReadFile(w.ca)
	if err != nil {
		return nil, err
	}
	config.RootCAs = x509.NewCertPool()
	config.RootCAs.AppendCertsFromPEM(anchors)
	if w.cert != "" {
		certificate, err := tls.LoadX509KeyPair(w.cert, w.key)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{certificate}
	}
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		if strings.Contains(","+w.ciphers+",", ","+suite.Name+",") {
			config.CipherSuites = append(config.CipherSuites, suite.ID)
		}
	}
	if w.groups != "" {
		for _, group := range strings.Split(w.groups, ",") {
			config.CurvePreferences = append(config.CurvePreferences, groups[group])
		}
	}
	if w.alpn != "" {
		config.NextProtos = strings.Split(w.alpn, ",")
	}
	if w.noSNI {
		withoutSNI(config, w)
	}
	if w.resume {
		config.ClientSessionCache = tls.NewLRUClientSessionCache(1)
	}
	return config, nil
}

// An address as ServerName is not sent; the name is then verified in the way that the documentation of tls.Config shows.
func withoutSNI(config *tls.Config, w wishes) {
	config.ServerName = w.address
	config.InsecureSkipVerify = true
	config.VerifyConnection = func(state tls.ConnectionState) error {
		options := x509.VerifyOptions{DNSName: w.name, Roots: config.RootCAs, CurrentTime: config.Time(), Intermediates: x509.NewCertPool()}
		for _, certificate := range state.PeerCertificates[1:] {
			options.Intermediates.AddCert(certificate)
		}
		_, err := state.PeerCertificates[0].Verify(options)
		return err
	}
}

// With a protocol of its own net/http leaves TLS to the dialler: so does this for ALPN.
func get(w wishes, config *tls.Config, output io.Writer) error {
	place := net.JoinHostPort(w.address, fmt.Sprint(w.port))
	transport := &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, place)
	}
	host := w.name
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	response, err := (&http.Client{Transport: transport}).Get(fmt.Sprintf("https://%s:%d/", host, w.port))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	io.Copy(io.Discard, response.Body)
	fmt.Fprintln(output, response.Proto, response.Status)
	return nil
}

func run(arguments []string, output, errors io.Writer) int {
	w, err := parse(arguments)
	var config *tls.Config
	if err == nil {
		config, err = w.config()
	}
	if err == nil {
		err = get(w, config, output)
	}
	if err == nil && w.resume {
		err = get(w, config, output)
	}
	if err != nil {
		fmt.Fprintln(errors, err)
		return 1
	}
	return 0
}

type job struct {
	ID        int      `json:"id"`
	Arguments []string `json:"arguments"`
}

type result struct {
	ID       int    `json:"id"`
	Output   string `json:"output"`
	Errors   string `json:"errors"`
	ExitCode int    `json:"exit_code"`
}

// A warm process: one JSON object a line in, one out.
func serve() {
	jobs := bufio.NewReader(os.Stdin)
	results := json.NewEncoder(os.Stdout)
	for {
		line, err := jobs.ReadBytes('\n')
		if err != nil {
			return
		}
		var next job
		if err := json.Unmarshal(line, &next); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		var output, errors bytes.Buffer
		code := run(next.Arguments, &output, &errors)
		results.Encode(result{next.ID, output.String(), errors.String(), code})
	}
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "--serve" {
		serve()
		return
	}
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}
