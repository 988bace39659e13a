// SPDX-License-Identifier: GPL-2.0-or-later
// Mono's SslStream on its own TLS ("btls", a BoringSSL): --connect ADDRESS --port N --name NAME --ca FILE
// [--versions LIST] [--cert FILE --key FILE]
using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Mono.Security.Interface;

static class MonoSslStream
{
    sealed class Wishes
    {
        public string Address = "127.0.0.1", Name = "", Ca = "", Versions = "1.2";
        public int Port;

        public Wishes(IList<string> arguments)
        {
            for (int i = 0; i + 1 < arguments.Count; i += 2) {
                string value = arguments[i + 1];
                switch (arguments[i]) {
                case "--connect": Address = value; break;
                case "--port": Port = int.Parse(value); break;
                case "--name": Name = value; break;
                case "--ca": Ca = value; break;
                case "--versions": Versions = value; break;
                default: throw new ArgumentException("unknown option " + arguments[i]);
                }
            }
        }
    }

    static SslProtocols Protocols(string versions)
    {
        var protocols = SslProtocols.None;
        foreach (string version in versions.Split(','))
            protocols |= version == "1.0" ? SslProtocols.Tls : version == "1.1" ? SslProtocols.Tls11 : SslProtocols.Tls12;
        return protocols;
    }

    static X509CertificateCollection Anchors(string path)
    {
        var anchors = new X509CertificateCollection();
        foreach (Match pem in Regex.Matches(File.ReadAllText(path), "-----BEGIN CERTIFICATE-----([^-]+)-----END"))
            anchors.Add(new X509Certificate(Convert.FromBase64String(pem.Groups[1].Value)));
        return anchors;
    }

    static void Get(Wishes wishes, TextWriter output)
    {
        var provider = MonoTlsProviderFactory.GetProvider();
        var address = IPAddress.Parse(wishes.Address);
        using (var socket = new TcpClient(address.AddressFamily)) {
            socket.Connect(address, wishes.Port);
            var settings = MonoTlsSettings.CopyDefaultSettings();
            settings.TrustAnchors = Anchors(wishes.Ca);
            using (var tls = provider.CreateSslStream(socket.GetStream(), false, settings).SslStream) {
                tls.AuthenticateAsClient(wishes.Name, null, Protocols(wishes.Versions), false);
                byte[] request = Encoding.ASCII.GetBytes("GET / HTTP/1.0\r\nHost: " + wishes.Name + "\r\n\r\n");
                tls.Write(request, 0, request.Length);
                string answer = new StreamReader(tls).ReadLine();
                if (answer == null) throw new IOException("the server closed the connection without an answer");
                output.WriteLine(answer);
            }
        }
    }

    static int Run(IList<string> arguments, TextWriter output, TextWriter errors)
    {
        try {
            Get(new Wishes(arguments), output);
            return 0;
        } catch (Exception failure) {
            errors.WriteLine("{0}: {1}", failure.GetType().FullName, failure.Message);
            for (var cause = failure.InnerException; cause != null; cause = cause.InnerException)
                errors.WriteLine(" ---> {0}: {1}", cause.GetType().FullName, cause.Message);
            return 1;
        }
    }

    // A handshake that a server ends at once: what every run needs is compiled then.
    static void Rehearse()
    {
        var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        server.AcceptTcpClientAsync().ContinueWith(accepted => {
            using (var socket = accepted.Result) {
                socket.GetStream().Read(new byte[4096], 0, 4096);
                socket.GetStream().Write(new byte[] { 21, 3, 3, 0, 2, 2, 40 }, 0, 7); // handshake_failure
            }
        });
        string port = ((IPEndPoint)server.LocalEndpoint).Port.ToString();
        Run(new[] { "--port", port, "--name", "rehearsal.test", "--ca", "/dev/null" }, TextWriter.Null, TextWriter.Null);
        server.Stop();
    }

    // A warm process: one JSON object a line in, one out.
    static void Serve()
    {
        Rehearse();
        for (string job = Console.In.ReadLine(); job != null; job = Console.In.ReadLine()) {
            string id = Regex.Match(job, "\"id\":\\s*(\\d+)").Groups[1].Value;
            string list = Regex.Match(job, "\"arguments\":\\s*\\[((?:[^\\]\"]|\"(?:[^\"\\\\]|\\\\.)*\")*)\\]").Groups[1].Value;
            var arguments = new List<string>();
            foreach (Match word in Regex.Matches(list, "\"((?:[^\"\\\\]|\\\\.)*)\""))
                arguments.Add(Regex.Unescape(word.Groups[1].Value));
            var output = new StringWriter();
            var errors = new StringWriter();
            int code = Run(arguments, output, errors);
            Console.WriteLine("{{\"id\": {0}, \"output\": \"{1}\", \"errors\": \"{2}\", \"exit_code\": {3}}}", id,
                              Escape(output.ToString()), Escape(errors.ToString()), code);
            Console.Out.Flush();
        }
    }

    static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (char c in text)
            if (c == '"' || c == '\\')
                escaped.Append('\\').Append(c);
            else if (c < ' ' || c > '~')
                escaped.AppendFormat("\\u{0:x4}", (int)c);
            else
                escaped.Append(c);
        return escaped.ToString();
    }

    static int Main(string[] arguments)
    {
        if (arguments.Length == 1 && arguments[0] == "--serve") {
            Serve();
            return 0;
        }
        return Run(arguments, Console.Out, Console.Error);
    }
}
