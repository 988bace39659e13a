// SPDX-License-Identifier: GPL-2.0-or-later
// The HTTP API, as promises. What the server refuses comes as a Problem (RFC 9457), whose detail says the remedy.
import { token } from './session.js';

export class Problem extends Error {
  constructor(status, title, detail) {
    super(detail ? `${title}: ${detail}` : title);
    Object.assign(this, { status, title, detail });
  }
}

export const authorization = () => (token() ? { Authorization: `Bearer ${token()}` } : {});

/// The response of `method` on `path` with `body` as JSON; throws Problem.
export async function request(method, path, body, signal) {
  const headers = { Accept: 'application/json', ...authorization() };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response;
  try {
    response = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem(0, 'The lab does not answer', 'is alert40-check lab still running?');
  }
  if (response.ok) return response;
  throw await problem_of(response);
}

async function problem_of(response) {
  const text = await response.text();
  try {
    const { title, detail } = JSON.parse(text);
    return new Problem(response.status, title ?? `HTTP ${response.status}`, detail);
  } catch {
    return new Problem(response.status, `HTTP ${response.status}`, text.slice(0, 300));
  }
}

async function json(method, path, body, signal) {
  const response = await request(method, path, body, signal);
  return response.status === 204 ? null : response.json();
}

export const get = (path, signal) => json('GET', path, undefined, signal);
export const post = (path, body = {}) => json('POST', path, body);
export const patch = (path, body) => json('PATCH', path, body);
export const remove = (path) => json('DELETE', path);

/// The path of something in the API, each part encoded: api('scenarios', 'cipher', 'one') is /api/scenarios/cipher/one.
export const api = (...parts) => '/api/' + parts.map((part) => encodeURIComponent(part)).join('/');
export const scenario_api = (id, ...rest) => api('scenarios', ...id.split('/'), ...rest);

const once = new Map();

/// What does not change while the lab runs, asked for once.
export function get_once(path) {
  if (!once.has(path)) {
    const asked = get(path);
    once.set(path, asked);
    asked.catch(() => once.delete(path));
  }
  return once.get(path);
}

export const scenarios = async () => (await get_once('/api/scenarios')).scenarios;
export const causes = async () => (await get_once('/api/causes')).causes;

/// Saves what `path` gives as a file: a link could not carry the token.
export async function download(path, name) {
  const blob = await (await request('GET', path)).blob();
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
