// The alerts: what is new is put above without moving what is read; what was done is said.
'use strict';

{
  const said = text => {
    const region = document.getElementById('outcome');
    if (!region || !text) return;
    region.className = 'visually-hidden';
    region.textContent = '';
    setTimeout(() => { region.textContent = text; }, 50);  // the same words again are said again
  };

  document.addEventListener('htmx:after:swap', () => {
    for (const card of document.querySelectorAll('article[data-outcome]')) {
      said(card.dataset.outcome);
      card.removeAttribute('data-outcome');
    }
  });

  const timeline = document.getElementById('timeline');

  const inSight = () =>
    [...document.querySelectorAll('[data-item]')].find(each => each.getBoundingClientRect().bottom > 0);

  // The first thing in sight keeps its place, whatever comes above it.
  function still(change) {
    const anchor = inSight();
    const top = anchor?.getBoundingClientRect().top;
    const atTop = scrollY < 40;
    change();
    if (anchor && !atTop) scrollBy({top: anchor.getBoundingClientRect().top - top, behavior: 'instant'});
  }

  function put(days) {
    for (const day of days.reverse()) {
      const there = timeline.querySelector(`[data-day="${day.dataset.day}"]`);
      if (there) {
        const cards = [...day.querySelectorAll('article')].filter(each => !document.getElementById(each.id));
        there.querySelector('h2').after(...cards);
        cards.forEach(each => htmx.process(each));
      } else {
        timeline.prepend(day);
        htmx.process(day);
      }
    }
    timeline.querySelector(':scope > .empty')?.remove();
  }

  async function load(after) {
    const url = new URL(timeline.dataset.new, location);
    url.searchParams.set('after', after);
    const answer = await fetch(url, {headers: {Accept: 'text/html'}}).catch(() => null);
    if (!answer) { undone(); return; }
    if (answer.status !== 200) { location.assign(document.querySelector('.product a').href); return; }
    const part = new DOMParser().parseFromString(await answer.text(), 'text/html').body.firstElementChild;
    still(() => put([...part.children].map(each => document.adoptNode(each))));
    said(part.dataset.outcome);
    document.dispatchEvent(new CustomEvent('monitor:shown', {detail: {after: part.dataset.after}}));
    // The link that was pressed is gone; whoever goes by keys goes on from where they look.
    if (document.activeElement === document.body) inSight()?.focus({preventScroll: true});
  }

  function undone() {
    const source = document.querySelector('[data-live] a') ?? timeline;
    document.dispatchEvent(new CustomEvent('monitor:undone', {detail: {source}}));
  }

  document.addEventListener('monitor:show', event => {
    if (!timeline?.dataset.new) return;
    event.preventDefault();
    load(event.detail.after).catch(() => location.assign(document.querySelector('.product a').href));
  });
}
