// What a page does without being asked for anew. Everything works without it; the keys, the news and quicker answers
// need it. No code stands in pages (the policy forbids it): a page says by attributes what it wants.
//
//   data-item         a thing in a list; j and k walk through them. In it: data-open (the link that o opens) and
//                     data-key="e" (the button that the key e presses)
//
// `live.js` tells news, `undone.js` what did not happen; both stand on every page, and come after this.
'use strict';

const one = (query, within = document) => within.querySelector(query);
const all = (query, within = document) => [...within.querySelectorAll(query)];

// --- requests of htmx: the token that a form would carry

document.addEventListener('htmx:config:request', event => {
  event.detail.ctx.request.headers['X-CSRF-Token'] = one('meta[name=csrf]')?.content ?? '';
});

// A part that was replaced takes the focus with it; its successor of the same id is given it back.
let lost = null;
document.addEventListener('htmx:before:swap', () => {
  lost = document.activeElement?.closest('[id]')?.id ?? null;
});
document.addEventListener('htmx:after:swap', () => {
  const successor = lost && document.activeElement === document.body && document.getElementById(lost);
  if (successor) focus(successor);
});

function focus(element) {
  if (element.tabIndex < 0) element.tabIndex = -1;
  element.focus({preventScroll: true});
}

// --- keys

const ROOT = one('.product a')?.getAttribute('href') ?? '/';  // the pages may be below a path
const PAGES = {a: ROOT, s: `${ROOT}search`, r: `${ROOT}rules`, f: `${ROOT}feeds`, o: `${ROOT}operations`};
const WITHIN = 1500;  // milliseconds between g and its second key
let leading = -Infinity;

// By where the key lies, if it writes no Latin letter: with an Arabic layout, too.
function keyOf(event) {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  if (event.key === '?' || event.key === '؟') return '?';
  if (event.key === '/') return '/';
  if (event.code === 'Slash') return event.shiftKey ? '?' : '/';
  return /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : event.key;
}

const writes = target => target.closest('input, textarea, select, [contenteditable]') !== null;
const items = () => all('[data-item]').filter(each => each.getClientRects().length);
const current = () => document.activeElement?.closest('[data-item]');

function walk(step) {
  const found = items();
  if (!found.length) return;
  const at = found.indexOf(current());
  const next = at < 0 ? firstInSight(found) : found[Math.min(Math.max(at + step, 0), found.length - 1)];
  focus(next);
  next.scrollIntoView({block: 'nearest'});
}

const firstInSight = found => found.find(each => each.getBoundingClientRect().bottom > 60) ?? found[0];

function search() {
  const field = one('main input[type=search]');
  if (field) { field.focus(); field.select(); } else location.assign(PAGES.s);
}

function pressed(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (writes(event.target) || one('dialog[open]')) return;
  const key = keyOf(event);
  if (performance.now() - leading < WITHIN) {
    leading = -Infinity;
    if (PAGES[key]) { event.preventDefault(); location.assign(PAGES[key]); }
    return;
  }
  const item = current();
  const act = {
    g: () => { leading = performance.now(); },
    j: () => walk(1),
    k: () => walk(-1),
    '/': search,
    '?': showKeys,
    o: item && (() => one('[data-open]', item)?.click()),
    Enter: item === event.target && item && (() => one('[data-open]', item)?.click()),
  }[key] || (item && pressable(item, key));
  if (!act) return;
  event.preventDefault();
  act();
}

function pressable(item, key) {
  const button = /^[a-z]$/.test(key) && one(`[data-key="${key}"]`, item);
  return button && (() => button.click());
}

function showKeys() {
  one('#keys')?.showModal();
}

document.addEventListener('keydown', pressed);
const keysButton = one('#keys-button');
if (keysButton) {
  keysButton.hidden = false;
  keysButton.addEventListener('click', showKeys);
}
