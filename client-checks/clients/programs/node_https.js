// SPDX-License-Identifier: GPL-2.0-or-later
// One request with Node's https, in every version since 0.12. Prints the status line, or the error as Node shows it.
//
//     node node_https.js --connect ADDRESS --port N --name NAME --ca FILE [wishes]
//     node node_https.js --serve       one job a line, {"id", "arguments"}; one result a line
'use strict';

var constants = require('constants');
var crypto = require('crypto');
var dns = require('dns');
var fs = require('fs');
var https = require('https');
var readline = require('readline');
var tls = require('tls');
var util = require('util');

// With OpenSSL 1.0 Node knows no minVersion, an empty servername is none, and 0.12 has no lookup.
var old = /^1\.0\./.test(process.versions.openssl);

function parse(words) {
  var wishes = { ciphers: [], alpn: [] };
  for (var i = 0; i < words.length; i++) {
    var name = words[i].replace(/^--/, '');
    if (name === 'no-sni' || name === 'resume' || name === 'no-ems' || name === 'legacy') wishes[name] = true;
    else if (Array.isArray(wishes[name])) wishes[name] = wishes[name].concat(words[++i].split(/[:,]/));
    else wishes[name] = words[++i];
  }
  return wishes;
}

function certificates(path) {
  return fs.readFileSync(path, 'ascii').match(/-----BEGIN [^]+?-----END [^\n]+/g);
}

// A range of versions as the options that say no to all the others.
function without(min, max) {
  var versions = ['TLSv1', 'TLSv1_1', 'TLSv1_2'];
  var names = ['TLSv1', 'TLSv1.1', 'TLSv1.2'];
  var options = constants.SSL_OP_NO_SSLv2 | constants.SSL_OP_NO_SSLv3;
  versions.forEach(function (version, i) {
    if (i < names.indexOf(min) || i > names.indexOf(max)) options |= constants['SSL_OP_NO_' + version];
  });
  return options;
}

function checkPin(pin) {
  return function (host, certificate) {
    var error = tls.checkServerIdentity(host, certificate);
    if (error) return error;
    var key = new crypto.X509Certificate(certificate.raw).publicKey.export({ type: 'spki', format: 'der' });
    if (crypto.createHash('sha256').update(key).digest('base64') !== pin)
      return new Error("Certificate verification error: The public key of '" + host + "' does not match our pinned fingerprint");
  };
}

function requestOptions(wishes) {
  var options = {
    host: wishes.name,
    port: +wishes.port,
    ca: certificates(wishes.ca),
    // The name leads to our listener; a caller that wants all addresses gets a list.
    lookup: function (host, how, done) {
      var family = wishes.connect.indexOf(':') < 0 ? 4 : 6;
      if (how.all) done(null, [{ address: wishes.connect, family: family }]);
      else done(null, wishes.connect, family);
    },
    agent: new https.Agent({ keepAlive: false, maxCachedSessions: wishes.resume ? 10 : 0 })
  };
  if (wishes.min && old) options.secureOptions = without(wishes.min, wishes.max);
  else if (wishes.min) {
    options.minVersion = wishes.min;
    options.maxVersion = wishes.max;
  }
  if (wishes.ciphers.length) options.ciphers = wishes.ciphers.join(':');
  if (wishes.legacy) options.ciphers = (options.ciphers || tls.DEFAULT_CIPHERS) + ':@SECLEVEL=0';
  if (wishes.groups) options.ecdhCurve = wishes.groups;
  if (wishes.schemes) options.sigalgs = wishes.schemes;
  if (wishes.alpn.length) options.ALPNProtocols = wishes.alpn;
  if (wishes['no-sni'] && !old) options.servername = '';
  else if (wishes['no-sni'])
    options.agent.createConnection = function (options) {
      options.servername = '';
      return https.Agent.prototype.createConnection.call(this, options);
    };
  if (wishes['no-ems']) options.secureOptions = 1; // SSL_OP_NO_EXTENDED_MASTER_SECRET, which Node has no name for
  if (wishes.cert) {
    options.cert = fs.readFileSync(wishes.cert);
    options.key = fs.readFileSync(wishes.key);
  }
  if (wishes.crl) options.crl = fs.readFileSync(wishes.crl);
  if (wishes.pin) options.checkServerIdentity = checkPin(wishes.pin);
  return options;
}

function get(options, done) {
  var finished = false;
  var line = '';
  function finish(error) {
    if (finished) return;
    finished = true;
    done(error, line);
  }
  var request = https.get(options, function (response) {
    line = 'HTTP/' + response.httpVersion + ' ' + response.statusCode + ' ' + response.statusMessage + '\n';
    response.on('aborted', function () { finish(new Error('aborted')); });
    response.on('error', finish);
    response.on('end', function () { finish(); });
    response.resume();
  });
  request.on('error', finish);
}

function run(words, done) {
  var result = { output: '', errors: '', exit_code: 0 };
  function finish(error) {
    if (error) {
      result.errors = util.inspect(error) + '\n';
      result.exit_code = 1;
    }
    done(result);
  }
  try {
    var wishes = parse(words);
    var options = requestOptions(wishes);
    if (old) dns.lookup = options.lookup;
    get(options, function (error, line) {
      result.output += line;
      if (error || !wishes.resume) return finish(error);
      get(options, function (error, line) {
        result.output += line;
        finish(error);
      });
    });
  } catch (error) {
    finish(error);
  }
}

if (process.argv[2] === '--serve') {
  var waiting = [];
  var busy = false;
  var next = function () {
    if (busy || !waiting.length) return;
    busy = true;
    var job = JSON.parse(waiting.shift());
    run(job.arguments, function (result) {
      result.id = job.id;
      process.stdout.write(JSON.stringify(result) + '\n');
      busy = false;
      next();
    });
  };
  readline.createInterface({ input: process.stdin, terminal: false }).on('line', function (line) {
    waiting.push(line);
    next();
  }).on('close', function () { process.exit(0); });
} else {
  run(process.argv.slice(2), function (result) {
    process.stdout.write(result.output);
    process.stderr.write(result.errors);
    process.exitCode = result.exit_code;
  });
}
