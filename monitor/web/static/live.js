// News: how many alerts came since the page was made; and, where they cannot come, that the page is cut off.
//
// One stream for all tabs of the browser, where it lets tabs agree on one: it has few connections to one server. The tab
// that has the stream tells the others that there is something, and each asks once what that is for itself.
//
//   data-live         where news are told, the address of the stream, and where the alerts ended (data-after)
//   data-cut-off      where it is said since when nothing comes; its texts, and the zone that the page's times go by
//   monitor:show      event on the document when the reader wants to see new alerts; a page that shows them in place
//                     calls preventDefault(), and later sends monitor:shown with the cursor it has now (detail.after)
'use strict';

{
  const SILENCE = 70000;  // milliseconds; the server says something every 25 seconds
  const ANSWER = 15000;  // milliseconds within which a server answers that is there
  const region = one('[data-live]');
  const strip = one('[data-cut-off]');
  const title = document.title;
  const tabs = window.BroadcastChannel ? new BroadcastChannel('monitor-live') : null;
  let stream = null;
  let wait = 5000;  // milliseconds before another try after the server refused; doubled each time
  let later, watch;
  let heardAt = Date.now();
  let failures = 0;  // since the stream was last open

  // --- what is told

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

  // `since`: milliseconds; null where news come.
  function cutOff(since) {
    say(since === null ? '' : strip.dataset.cutOff.replace('{time}', timeOf(since)));
  }

  function loggedOut() {
    const link = document.createElement('a');
    const here = `/${location.pathname.slice(ROOT.length)}${location.search}`;
    link.href = `${ROOT}login?next=${encodeURIComponent(here)}`;
    link.textContent = strip.dataset.logIn;
    say(`${strip.dataset.loggedOut} `, link);
  }

  function say(text, ...more) {
    if (strip.textContent === text && !more.length) return;  // said once, by ear too
    strip.replaceChildren(...(text ? [text] : []), ...more);
  }

  function timeOf(at) {
    const language = document.documentElement.lang === 'ar' ? 'ar-u-nu-latn' : 'en-GB';
    const form = {hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: strip.dataset.zone};
    const day = each => new Date(each).toLocaleDateString('en', {timeZone: strip.dataset.zone});
    if (day(at) !== day(Date.now())) form.weekday = 'long';
    return new Date(at).toLocaleString(language, form);
  }

  // --- the stream

  const address = () => `${region.dataset.live}?after=${region.dataset.after}`;

  function listen() {
    clearTimeout(later);
    stream = new EventSource(address());
    watchFor(ANSWER);
    stream.addEventListener('open', opened);
    stream.addEventListener('ping', heard);
    stream.addEventListener('news', event => {
      heard();
      const news = JSON.parse(event.data);
      region.dataset.after = news.after;
      tell(news);
      tabs?.postMessage({at: news.at});
    });
    stream.addEventListener('error', broken);
  }

  function opened() {
    wait = 5000;
    failures = 0;
    heard();
    cutOff(null);
    tabs?.postMessage({since: null});
  }

  function heard() {
    heardAt = Date.now();
    watchFor(SILENCE);
  }

  // A server that is gone without a word breaks nothing off: the stream stays as it is, and still.
  function watchFor(milliseconds) {
    clearTimeout(watch);
    watch = setTimeout(() => { stream.close(); failed(); listen(); }, milliseconds);
  }

  // A stream that broke off is opened anew by the browser; one that was refused is not.
  async function broken() {
    clearTimeout(watch);
    failed();
    if (stream.readyState !== EventSource.CLOSED) { watchFor(wait + ANSWER); return; }
    later = setTimeout(listen, wait + Math.random() * 1000);
    wait = Math.min(wait * 2, 300000);
    if (await ask() === 401) loggedOut();
  }

  // The server ends each stream now and then, and is started anew: a page is cut off when the next try fails as well.
  function failed() {
    failures += 1;
    if (failures < 2) return;
    cutOff(heardAt);
    tabs?.postMessage({since: heardAt});
  }

  function again() {
    if (!stream) { tabs?.postMessage({again: true}); return; }
    if (!failures) return;
    stream.close();
    wait = 5000;
    listen();
  }

  async function ask() {
    try {
      const answer = await fetch(address(), {headers: {Accept: 'application/json'}});
      if (answer.ok) tell(await answer.json());
      return answer.status;
    } catch {
      return 0;  // the server is away; the next word will come
    }
  }

  function toldByAnother({data}) {
    if (data.again && stream) again();
    if (stream) return;
    if ('since' in data) cutOff(data.since);
    if (data.at) ask();
  }

  function attend() {
    if (!navigator.locks) { listen(); return; }
    tabs?.addEventListener('message', toldByAnother);
    navigator.locks.request('monitor-live', () => { listen(); return new Promise(() => {}); });
  }

  if (region && window.EventSource) {
    attend();
    document.addEventListener('monitor:shown', event => {
      region.dataset.after = event.detail.after;
      tell({count: 0});
      if (stream) { stream.close(); listen(); }
    });
    // Whatever shows that the server is there again: no need to wait for the next try.
    document.addEventListener('htmx:after:request', event => { if (event.detail.ctx.response.status < 500) again(); });
    addEventListener('online', again);
    addEventListener('pagehide', () => { clearTimeout(watch); clearTimeout(later); stream?.close(); });
    addEventListener('pageshow', event => { if (event.persisted && stream) listen(); });
  }
}
