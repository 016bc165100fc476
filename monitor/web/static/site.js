// What a page does without being asked for anew. Everything works without it; the keys, the news and quicker answers
// need it. No code stands in pages (the policy forbids it): a page says by attributes what it wants.
//
//   data-item         a thing in a list; j and k walk through them. In it: data-open (the link that o opens) and
//                     data-key="e" (the button that the key e presses)
//   data-live         where news are told; see the frame
//   monitor:show      event on the document when the reader wants to see new alerts; a page that shows them in place
//                     calls preventDefault(), and later sends monitor:shown with the cursor it has now (detail.after)
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

// --- news
//
// One stream for all tabs of the browser, where it lets tabs agree on one: it has few connections to one server. The tab
// that has the stream tells the others that there is something, and each asks once what that is for itself.

const region = one('[data-live]');
const title = document.title;
const tabs = window.BroadcastChannel ? new BroadcastChannel('monitor-live') : null;
let stream = null;
let wait = 5000;  // milliseconds before another try after the server refused; doubled each time

function tell(news) {
  document.title = news.count ? `(${news.count > 99 ? '99+' : news.count}) ${title}` : title;
  if (!news.count) { region.replaceChildren(); return; }
  const text = `${news.text} – ${news.show}`;
  const link = one('a', region) ?? region.appendChild(showing());
  if (link.textContent !== text) link.textContent = text;
}

function showing() {
  const link = document.createElement('a');
  link.href = ROOT;
  link.addEventListener('click', show);
  return link;
}

function show(event) {
  const wanted = new CustomEvent('monitor:show', {cancelable: true, detail: {after: region.dataset.after}});
  if (!document.dispatchEvent(wanted)) event.preventDefault();
}

document.addEventListener('monitor:shown', event => {
  region.dataset.after = event.detail.after;
  tell({count: 0});
  if (stream) { stream.close(); listen(); }
});

const address = () => `${region.dataset.live}?after=${region.dataset.after}`;

function listen() {
  stream = new EventSource(address());
  stream.addEventListener('open', () => { wait = 5000; });
  stream.addEventListener('news', event => {
    const news = JSON.parse(event.data);
    region.dataset.after = news.after;
    tell(news);
    tabs?.postMessage(news.at);
  });
  // A stream that broke off is opened anew by the browser; one that was refused is not.
  stream.addEventListener('error', () => {
    if (stream.readyState !== EventSource.CLOSED) return;
    setTimeout(listen, wait + Math.random() * 1000);
    wait = Math.min(wait * 2, 300000);
  });
}

async function ask() {
  try {
    const answer = await fetch(address(), {headers: {Accept: 'application/json'}});
    if (answer.ok) tell(await answer.json());
  } catch { /* the server is away; the next word will come */ }
}

function attend() {
  if (!navigator.locks) { listen(); return; }
  tabs?.addEventListener('message', () => { if (!stream) ask(); });
  navigator.locks.request('monitor-live', () => { listen(); return new Promise(() => {}); });
}

if (region && window.EventSource) {
  attend();
  addEventListener('pagehide', () => stream?.close());
  addEventListener('pageshow', event => { if (event.persisted && stream) listen(); });
}
