// What the page does beyond the browser's own: filters, copying a command, opening an entry that is linked to, and
// everything for paper. It reads the page and sets attributes; it makes no markup of any text, and asks nobody.

export const script = `'use strict';
(() => {
  const form = document.getElementById('filters');
  const items = [...document.querySelectorAll('#subjects > li')];
  const folds = items.map((item) => item.firstElementChild);
  const said = form.querySelector('output');
  const fold = form.elements.fold;
  let texts;
  const chosen = (name) => new Set([...form.querySelectorAll('[name=' + name + ']:checked')].map((one) => one.value));
  const count = (number) => number.toLocaleString('en');
  const apply = () => {
    const words = form.elements.text.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const bands = chosen('band'), scanners = chosen('scanner');
    const fresh = form.elements.new?.checked;
    if (words.length > 0) texts ??= items.map((item) => item.textContent.toLowerCase());
    let shown = 0;
    items.forEach((item, index) => {
      const { band, scanners: said } = item.dataset;
      const hidden = !(bands.has(band) && said.split(' ').some((name) => name === '' || scanners.has(name)) &&
        (!fresh || 'new' in item.dataset) && words.every((word) => texts[index].includes(word)));
      if (item.hidden !== hidden) item.hidden = hidden;
      if (!hidden) shown++;
    });
    said.textContent = shown === items.length ? count(shown) + (shown === 1 ? ' subject' : ' subjects')
      : count(shown) + ' of ' + count(items.length) + ' subjects';
  };
  let waiting;
  form.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(apply, 60); });
  form.addEventListener('reset', () => setTimeout(apply));
  form.addEventListener('submit', (event) => event.preventDefault());
  const visible = () => folds.filter((one) => !one.parentElement.hidden);
  fold.addEventListener('click', () => {
    const open = fold.textContent === 'Open all';
    for (const one of visible()) one.open = open;
    fold.textContent = open ? 'Close all' : 'Open all';
  });
  if (items.length > 1) form.hidden = false;
  apply();
  if (navigator.clipboard) for (const command of document.querySelectorAll('.command')) {
    const text = command.textContent, button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.setAttribute('aria-label', 'Copy: ' + text);
    button.addEventListener('click', () => navigator.clipboard.writeText(text).then(
      () => { button.textContent = 'Copied'; setTimeout(() => { button.textContent = 'Copy'; }, 1500); },
      () => { getSelection().selectAllChildren(command); }));
    command.append(button);
  }
  const goTo = () => {
    const target = /^#f-[0-9a-f]+$/.test(location.hash) ? document.getElementById(location.hash.slice(1)) : null;
    if (target === null) return;
    const item = target.closest('#subjects > li');
    item.hidden = false;
    item.firstElementChild.open = true;
    target.scrollIntoView({ block: 'center' });
    item.querySelector('summary').focus({ preventScroll: true });
  };
  addEventListener('hashchange', goTo);
  goTo();
  let closed = [];
  addEventListener('beforeprint', () => {
    closed = visible().filter((one) => !one.open);
    for (const one of closed) one.open = true;
  });
  addEventListener('afterprint', () => { for (const one of closed) one.open = false; closed = []; });
})();
`
