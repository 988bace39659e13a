// SPDX-License-Identifier: GPL-2.0-or-later
// Bytes as every capture tool shows them: offset, hexadecimal, text.
import { h } from './dom.js';

const kMostBytes = 16384;
const kWidthOf16 = 620; // px, about: less has room for 8 bytes a line

/// "16030100..." as lines of `width` bytes: [{offset, hex, text}].
export function hex_lines(hex, width) {
  const lines = [];
  for (let at = 0; at < hex.length; at += width * 2) {
    const bytes = hex.slice(at, at + width * 2).match(/../g) ?? [];
    const text = bytes
      .map((byte) => {
        const value = parseInt(byte, 16);
        return value >= 0x20 && value < 0x7f ? String.fromCharCode(value) : '.';
      })
      .join('');
    lines.push({
      offset: (at / 2).toString(16).padStart(4, '0'),
      hex: bytes.map((byte, index) => (index === 8 ? ` ${byte}` : byte)).join(' '),
      text,
    });
  }
  return lines;
}

/// The bytes, in lines of what fits into `room` px.
export function hex_dump(hex, room) {
  const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 17;
  const width = room < kWidthOf16 * scale ? 8 : 16;
  const lines = hex_lines(hex.slice(0, kMostBytes * 2), width);
  const columns = width * 3;
  const dump = h(
    'pre.hex',
    { tabindex: '0', 'aria-label': `${hex.length / 2} bytes` },
    lines.map((line) => [
      h('span.offset', null, line.offset),
      `  ${line.hex.padEnd(columns)} `,
      h('span.text', null, line.text),
      '\n',
    ]),
  );
  const cut =
    hex.length > kMostBytes * 2 &&
    h('p.soft.small', null, `The first ${kMostBytes} of ${hex.length / 2} bytes: the capture has them all.`);
  return h('div', null, dump, cut);
}
