// SPDX-License-Identifier: GPL-2.0-or-later
// Offer against demand: what the client offered beside what the server takes, and what they share.
import { api, get } from './api.js';
import { card, fill, h, icon, trouble, unseen } from './dom.js';
import { count, sentence } from './words.js';

const kShown = 8; // values of a list before "more", those in common besides

/// The card of connection `id`.
export function offer_card(id, signal) {
  const body = h('div.stack', null, h('p.soft', null, 'Comparing'));
  get(api('connections', id, 'offer'), signal)
    .then(({ rows, verdict }) => fill(body, verdict && h('p.verdict-text', null, sentence(verdict)), rows_of(rows)))
    .catch((error) => {
      if (error.name !== 'AbortError')
        fill(
          body,
          error.status === 404 || error.status === 403 ? h('p.soft', null, error.detail ?? error.message) : trouble(error),
        );
    });
  return card('Offer against demand', h('span.soft.small', null, 'what they share is green'), body);
}

/// Those that decide first, then the rest in their order.
function rows_of(rows) {
  const deciding = rows.filter(decides);
  const matter = rows.filter((row) => row.matters && !decides(row));
  const rest = rows.filter((row) => !row.matters && !decides(row));
  if (rest.length === rows.length) return h('div.offer', null, rows.map(row_of)); // none decided: it connected, or failed of something else
  return h(
    'div.offer',
    null,
    [...deciding, ...matter].map(row_of),
    rest.length > 0 &&
      h(
        'details',
        null,
        h('summary.small', null, `${count(rest.length, 'more row')} that did not decide`),
        h('div.offer', null, rest.map(row_of)),
      ),
  );
}

const decides = (row) => row.matters && row.common.length === 0;

function row_of(row) {
  const none = decides(row);
  return h(
    'section.offer-row',
    { class: none ? 'nothing' : '', 'aria-label': row.what },
    h('h3', null, row.what.charAt(0).toUpperCase() + row.what.slice(1)),
    side('Client', row.client, row.range && row.common.length ? row.client : row.common, row.what),
    middle(row, none),
    side('Server', row.server, row.common, row.what),
    row.note && h('p.remark', null, sentence(row.note)),
  );
}

function middle(row, none) {
  if (none) return h('div.middle', null, icon('cross'), h('strong', null, row.what === 'ClientHello' ? 'Refused all the same' : 'Nothing in common'));
  if (!row.common.length) return h('div.middle.soft', null, 'nothing shared');
  return h('div.middle.good', null, icon('check'), h('span', null, `${row.common.length} in common`));
}

function side(who, values, common, what) {
  const shared = new Set(common);
  const list = h('ul.chips');
  const place = (shown) =>
    fill(
      list,
      shown.map((value) =>
        h('li.chip', { class: shared.has(value) ? 'shared' : '' }, shared.has(value) && unseen('in common: '), value),
      ),
    );
  const few = few_of(values, shared);
  place(few);
  const more =
    few.length < values.length &&
    h(
      'button.button.quiet.small',
      {
        type: 'button',
        'aria-label': `All ${values.length} ${what} of the ${who.toLowerCase()}`,
        onclick: (event) => {
          place(values);
          event.currentTarget.remove();
          list.querySelector('li')?.scrollIntoView({ block: 'nearest' });
        },
      },
      `all ${values.length}`,
    );
  return h(
    'div.side-of',
    null,
    h('span.label', null, who, ' ', h('span.soft', null, values.length > 1 ? `(${values.length}, in this order)` : '')),
    values.length ? list : h('p.soft.small', null, 'nothing'),
    more,
  );
}

/// In the list's order: the first ones, and all that are shared.
function few_of(values, shared) {
  if (values.length <= kShown + 2) return values;
  return values.filter((value, index) => index < kShown || shared.has(value));
}
