// SPDX-License-Identifier: GPL-2.0-or-later
// An HTTPS server of Node.js; its settings are the one argument, as JSON.
const http = require('http');
const https = require('https');
const fs = require('fs');
const tls = require('tls');

const settings = JSON.parse(process.argv[2]);
const names = {'1.0': 'TLSv1', '1.1': 'TLSv1.1', '1.2': 'TLSv1.2', '1.3': 'TLSv1.3'};
const options = {minVersion: names[settings.min], maxVersion: names[settings.max]};
if (settings.cert) options.cert = fs.readFileSync(settings.cert);
if (settings.key) options.key = fs.readFileSync(settings.key);
const ciphers = [settings.c13, settings.c12].filter(Boolean).join(':');
if (ciphers) options.ciphers = ciphers;
if (settings.groups) options.ecdhCurve = settings.groups;
if (settings.alpn) options.ALPNProtocols = [settings.alpn];
if (settings.dh) options.dhparam = fs.readFileSync(settings.dh);
if (settings.strict)
    options.SNICallback = (name, done) =>
        name === settings.strict ? done(null, tls.createSecureContext(options)) : done(new Error('unknown name'));
if (settings.clientca) Object.assign(options, {ca: fs.readFileSync(settings.clientca), requestCert: true});
const answer = (request, response) => response.end('hello\n');
const server = settings.plain ? http.createServer(answer) : https.createServer(options, answer);
server.on('tlsClientError', () => {});
server.listen(settings.port, '127.0.0.1');
