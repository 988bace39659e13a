// SPDX-License-Identifier: GPL-2.0-or-later
// One request with Node's fetch (undici). Prints the status line, or the error as Node shows it.
//
//     node node_fetch.mjs --connect ADDRESS --port N --name NAME --ca FILE [wishes]
//     node node_fetch.mjs --serve      one job a line, {"id", "arguments"}; one result a line

import crypto from 'node:crypto';
import fs from 'node:fs';
import readline from 'node:readline';
import tls from 'node:tls';
import util from 'node:util';

// What `new Agent()` of the package undici is, without the package: fetch is made of it.
await fetch('data:,');
const Agent = globalThis[Symbol.for('undici.globalDispatcher.1')].constructor;

function parse(words) {
  const wishes = { ciphers: [], alpn: [] };
  for (let i = 0; i < words.length; i++) {
    const name = words[i].replace(/^--/, '');
    if (['resume', 'no-ems', 'legacy', 'h2'].includes(name)) wishes[name] = true;
    else if (Array.isArray(wishes[name])) wishes[name].push(...words[++i].split(/[:,]/));
    else wishes[name] = words[++i];
  }
  return wishes;
}

function checkPin(pin) {
  return (host, certificate) => {
    const error = tls.checkServerIdentity(host, certificate);
    if (error) return error;
    const key = new crypto.X509Certificate(certificate.raw).publicKey.export({ type: 'spki', format: 'der' });
    if (crypto.createHash('sha256').update(key).digest('base64') !== pin)
      return new Error(`Certificate verification error: The public key of '${host}' does not match our pinned fingerprint`);
  };
}

function connectOptions(wishes) {
  const options = {
    ca: fs.readFileSync(wishes.ca),
    // The name leads to our listener; a caller that wants all addresses gets a list.
    lookup(host, how, done) {
      const family = wishes.connect.includes(':') ? 6 : 4;
      if (how.all) done(null, [{ address: wishes.connect, family }]);
      else done(null, wishes.connect, family);
    },
    timeout: 0, // undici's own is 10 s
  };
  if (wishes.min) Object.assign(options, { minVersion: wishes.min, maxVersion: wishes.max });
  if (wishes.ciphers.length) options.ciphers = wishes.ciphers.join(':');
  if (wishes.legacy) options.ciphers = (options.ciphers ?? tls.DEFAULT_CIPHERS) + ':@SECLEVEL=0';
  if (wishes.groups) options.ecdhCurve = wishes.groups;
  if (wishes.schemes) options.sigalgs = wishes.schemes;
  if (wishes['no-ems']) options.secureOptions = 1; // SSL_OP_NO_EXTENDED_MASTER_SECRET, which Node has no name for
  if (wishes.cert) Object.assign(options, { cert: fs.readFileSync(wishes.cert), key: fs.readFileSync(wishes.key) });
  if (wishes.pin) options.checkServerIdentity = checkPin(wishes.pin);
  return options;
}

async function run(words) {
  const result = { output: '', errors: '', exit_code: 0 };
  let agent;
  try {
    const wishes = parse(words);
    // pipelining: 0 is undici's word for "no keep-alive".
    agent = new Agent({ pipelining: 0, allowH2: wishes.h2, maxCachedSessions: wishes.resume ? 10 : 0, connect: connectOptions(wishes) });
    for (let i = 0; i < (wishes.resume ? 2 : 1); i++) {
      const response = await fetch(`https://${wishes.name}:${wishes.port}/`, { dispatcher: agent, redirect: 'manual' });
      result.output += `HTTP/1.1 ${response.status} ${response.statusText}\n`;
      await response.text();
    }
  } catch (error) {
    result.errors = util.inspect(error) + '\n';
    result.exit_code = 1;
  }
  await agent?.destroy();
  return result;
}

if (process.argv[2] === '--serve') {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const job = JSON.parse(line);
    process.stdout.write(JSON.stringify({ id: job.id, ...(await run(job.arguments)) }) + '\n');
  }
} else {
  const result = await run(process.argv.slice(2));
  process.stdout.write(result.output);
  process.stderr.write(result.errors);
  process.exitCode = result.exit_code;
}
