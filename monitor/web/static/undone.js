// What htmx asked for and what did not happen: said beside what asked for it, and by ear. The page stays as it was, so
// that pressing the same again does it. An answer of ours says itself what is wrong (data-trouble); of what a proxy
// answers in our place, the status alone is told.
//
//   data-undone       where the texts are
//   monitor:undone    event on the document: what `detail.source` asked for did not happen, for the server was away
'use strict';

{
  const words = one('[data-undone]')?.dataset ?? {};
  const told = new WeakMap();  // the notice by what asked

  function say(source, lines, {reload = false} = {}) {
    const before = told.get(source);
    const repeats = before?.isConnected && before.dataset.said === lines.join(' ');
    if (repeats && !source.matches('form')) return;  // what asks by itself, every second, says it once
    const notice = noticeOf(lines, reload);
    place(source).forEach(each => each.remove());
    if (isField(source)) source.after(notice); else (source.closest('.actions') ?? source).append(notice);
    told.set(source, notice);
    if (source.matches('form')) notice.scrollIntoView({block: 'nearest'});
  }

  // Notices where that of `source` will stand.
  function place(source) {
    const row = source.closest('.actions');
    return [...(row ? all(':scope > .undone', row) : []), ...(told.has(source) ? [told.get(source)] : [])];
  }

  const isField = source => source.matches('input, textarea, select, button, a');

  function noticeOf(lines, reload) {
    const notice = document.createElement('div');
    notice.className = 'notice error undone';
    notice.setAttribute('role', 'alert');
    notice.dataset.said = lines.join(' ');
    for (const line of lines) notice.append(Object.assign(document.createElement('p'), {textContent: line}));
    if (reload) notice.append(reloading());
    return notice;
  }

  function reloading() {
    const link = Object.assign(document.createElement('a'), {href: location.href, textContent: words.reload});
    link.addEventListener('click', event => { event.preventDefault(); location.reload(); });
    return link;
  }

  const isLate = ctx => ctx.request.signal?.reason === 'timeout';
  const loadsOnce = source => source.matches('[hx-trigger^=load]');
  const asksOnAndOn = source => source.matches('[hx-trigger^=every]');

  document.addEventListener('htmx:error', event => {
    const {ctx} = event.detail;
    if (!ctx?.sourceElement) return;
    const line = ctx.response ? words.broken.replace('{status}', ctx.response.status) : isLate(ctx) ? words.late : words.undone;
    say(ctx.sourceElement, [line], {reload: loadsOnce(ctx.sourceElement)});
  });

  // In the place of what is there, an error would be all that is left of it.
  document.addEventListener('htmx:before:swap', event => {
    const {ctx} = event.detail;
    const status = ctx.response?.status ?? 200;
    if (status < 400) return;
    const lines = ofOurs(ctx.text);
    if (lines && status < 500 && asksOnAndOn(ctx.sourceElement)) return;  // it ends, and that is what is to be shown
    event.preventDefault();
    const reload = status === 401 || status === 403 || loadsOnce(ctx.sourceElement);
    say(ctx.sourceElement, lines ?? [words.broken.replace('{status}', status)], {reload});
  });

  function ofOurs(answer) {
    const part = one('[data-trouble]', new DOMParser().parseFromString(answer, 'text/html'));
    return part && all('p', part).map(each => each.textContent);
  }

  document.addEventListener('htmx:after:swap', event => {
    const source = event.detail.ctx.sourceElement;
    told.get(source)?.remove();
  });

  document.addEventListener('monitor:undone', event => say(event.detail.source, [words.undone]));
}
