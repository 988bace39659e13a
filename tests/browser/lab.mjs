// SPDX-License-Identifier: GPL-2.0-or-later
// The program under test: alert40-check lab on free ports with a state directory of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connect } from 'node:tls';

/// Starts the lab; {url, token, get, post, stop}. ALERT40_LAB_URL (with the token as its fragment) names one that runs already.
export async function start_lab() {
  if (process.env.ALERT40_LAB_URL) return lab_at(process.env.ALERT40_LAB_URL, async () => {});
  const state = mkdtempSync(join(tmpdir(), 'alert40-browser-'));
  const child = spawn(process.env.ALERT40_CHECK, ['lab', '--state-dir', state], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
    rmSync(state, { recursive: true, force: true });
  };
  try {
    return lab_at(await address_of(child), stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

/// The line with the address and the token in its fragment.
function address_of(child) {
  return new Promise((resolve, reject) => {
    const said = [];
    const read = (line) => {
      said.push(line);
      const found = /http:\/\/\S+#token=[^\s"]+/.exec(line);
      if (found) resolve(found[0]);
    };
    createInterface({ input: child.stdout }).on('line', read);
    createInterface({ input: child.stderr }).on('line', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`alert40-check lab ended with ${code}:\n${said.join('\n')}`)));
  });
}

function lab_at(address, stop) {
  const url = new URL(address);
  const token = new URLSearchParams(url.hash.slice(1)).get('token');
  const origin = url.origin;
  const call = async (method, path, body) => {
    const response = await fetch(origin + path, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? null : response.json();
  };
  return {
    origin,
    token,
    stop,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    remove: (path) => call('DELETE', path),
  };
}

/// A client of this process against `listener`, as TLS `settings` say; when and how it ended: {at, error}.
export function connect_once(listener, settings = {}) {
  return new Promise((resolve) => {
    const end = (error) => resolve({ at: Date.now(), error });
    const socket = connect(
      { host: '127.0.0.1', port: listener.port, servername: listener.server_name, rejectUnauthorized: false, ...settings },
      () => {
        socket.end('GET / HTTP/1.0\r\n\r\n');
      },
    );
    socket.on('data', () => {});
    socket.once('error', end);
    socket.once('close', () => end(null));
  });
}
