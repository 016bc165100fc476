// The address says what is shown, so that it can be shared and gone back to.
'use strict';

const form = document.querySelector('form[role=search]');

document.addEventListener('htmx:after:swap', () => {
  const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  history.replaceState(history.state, '', asked.size ? `?${asked}` : location.pathname);
});
