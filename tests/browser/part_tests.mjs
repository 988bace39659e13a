// SPDX-License-Identifier: GPL-2.0-or-later
// Parts of the pages that need no browser.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';

const pages = new URL('../../client-checks/lab/pages/', import.meta.url);

/// A module of the pages that imports no other: Node takes .js for CommonJS, so it is given as text.
async function part(name) {
  const text = (await readFile(new URL(name, pages), 'utf8')).replace(/^import .*$/gm, '');
  return import(`data:text/javascript,${encodeURIComponent(text)}`);
}

export function part_tests() {
  describe('parts of the pages', () => {
    test('a stream of events is split wherever its pieces were cut', async () => {
      const { event_parser } = await part('event_stream.js');
      const text = ': hello\nretry: 1500\n\nid: 7\nevent: step\ndata: {"a":\ndata: 1}\n\ndata: bare\r\n\r\n';
      for (let cut = 1; cut < text.length; cut += 1) {
        const events = [];
        let retry = 0;
        const parser = event_parser(
          (event) => events.push(event),
          (value) => {
            retry = value;
          },
        );
        parser.push(text.slice(0, cut));
        parser.push(text.slice(cut));
        assert.deepEqual(
          events,
          [
            { event: 'step', data: '{"a":\n1}', id: '7' },
            { event: 'message', data: 'bare', id: undefined },
          ],
          `cut at ${cut}`,
        );
        assert.equal(retry, 1500);
      }
    });

    test('the search wants every word, and puts the title before the lesson', async () => {
      const { find, searchable, marked } = await part('find.js');
      const all = searchable(
        [
          { id: 'a/one', title: 'Nothing', lesson: 'It has expired' },
          { id: 'b/two', title: 'Expired', lesson: '' },
          { id: 'c/three', title: 'Other', lesson: '' },
        ],
        new Map(),
      );
      assert.deepEqual(
        find(all, 'EXPIRED').map(({ id }) => id),
        ['b/two', 'a/one'],
      );
      assert.deepEqual(
        find(all, 'expired nothing').map(({ id }) => id),
        ['a/one'],
      );
      assert.deepEqual(
        find(all, 'expired (').map(({ id }) => id),
        [],
      );
      assert.deepEqual(marked('An (expired) one', ['(expired)']), [
        ['An ', false],
        ['(expired)', true],
        [' one', false],
      ]);
    });

    test('bytes are shown with offset and text', async () => {
      const { hex_lines } = await part('hex.js');
      assert.deepEqual(hex_lines('160301004142434445464748494a4b4c4d', 16), [
        { offset: '0000', hex: '16 03 01 00 41 42 43 44  45 46 47 48 49 4a 4b 4c', text: '....ABCDEFGHIJKL' },
        { offset: '0010', hex: '4d', text: 'M' },
      ]);
    });

    test('times and names read as the field says them', async () => {
      const { alert_words, message_name, span } = await part('words.js');
      assert.equal(message_name('server_hello_done'), 'ServerHelloDone');
      assert.equal(alert_words('handshake_failure'), 'handshake_failure (40)');
      assert.deepEqual([span(742), span(150000), span(1500000)], ['0.74 ms', '150 ms', '1.50 s']);
    });
  });
}
