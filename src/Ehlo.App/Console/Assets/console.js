// What the page does in the browser itself: the theme before the first paint, times in the reader's own zone, keys, copying, and coming
// back when the server was away. All else happens in the server's components.
'use strict';

(() => {
  const themeKey = 'ehlo-theme';
  const systemDark = matchMedia('(prefers-color-scheme: dark)');

  // A browser may forbid the storage; then the theme lasts as long as the page.
  let theme = 'system';
  try { theme = localStorage.getItem(themeKey) ?? theme; } catch { }

  function applyTheme() {
    const isDark = theme === 'dark' || (theme !== 'light' && systemDark.matches);
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
    document.documentElement.style.colorScheme = isDark ? 'dark' : 'light';
  }

  applyTheme();
  systemDark.addEventListener('change', applyTheme);
  // Another tab changed it.
  addEventListener('storage', event => {
    if (event.key === themeKey) {
      theme = event.newValue ?? 'system';
      applyTheme();
    }
  });

  // <local-time value="2026-07-01T12:34:56Z"></local-time>: how long ago, the exact time as its title. With the attribute "exact" the time
  // itself. It goes on by itself, without the server.
  const exactFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  const clockFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
  const dayFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
  const yearFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });

  function short(date) {
    const now = new Date();
    const seconds = (now - date) / 1000;
    if (seconds > -5 && seconds < 60) return 'now';
    if (seconds >= 60 && seconds < 3600) return `${Math.floor(seconds / 60)} min`;
    if (date.toDateString() === now.toDateString()) return clockFormat.format(date);
    return (date.getFullYear() === now.getFullYear() ? dayFormat : yearFormat).format(date);
  }

  class LocalTime extends HTMLElement {
    static observedAttributes = ['value', 'exact'];
    attributeChangedCallback() { this.show(); }
    show() {
      const value = this.getAttribute('value');
      const date = new Date(value);
      if (value === null || Number.isNaN(date.getTime())) return;
      const time = this.firstElementChild ?? this.appendChild(document.createElement('time'));
      time.dateTime = value;
      time.title = exactFormat.format(date);
      time.textContent = this.hasAttribute('exact') ? time.title : short(date);
    }
  }

  customElements.define('local-time', LocalTime);
  setInterval(() => { for (const time of document.querySelectorAll('local-time')) time.show(); }, 20_000);

  // Keys. What moves within the list is done here, so that it is as quick as the finger; the rest is told to the page.
  let listener = null;
  const told = new Set(['j', 'k', 'x', 'u', 'a', '?', '#', 'Delete', 'Escape', 'Enter']);

  const rows = () => [...document.querySelectorAll('[data-row]')];
  const currentRow = () => document.activeElement?.closest('[data-row]') ?? document.querySelector('[data-row].current');

  function moveTo(row) {
    document.querySelector('[data-row].current')?.classList.remove('current');
    row.classList.add('current');
    (row.querySelector('a') ?? row).focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
  }

  function step(by) {
    const all = rows();
    const at = all.indexOf(currentRow());
    const next = all[at < 0 ? 0 : at + by];
    if (next !== undefined) moveTo(next);
    return next !== undefined;
  }

  function isTyping(target) {
    return target.closest?.('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]') != null;
  }

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target)) {
      if (event.key === 'Escape') event.target.blur();
      return;
    }
    if (document.querySelector('.mud-dialog, .mud-popover-open') !== null) return;
    if (event.key === '/') {
      const search = document.getElementById('search');
      search?.focus();
      search?.select();
      event.preventDefault();
      return;
    }
    if (!told.has(event.key)) return;
    // On a button or a link it is a click.
    if (event.key === 'Enter' && event.target.closest('a, button, label, input') !== null) return;
    const row = currentRow();
    if ((event.key === 'j' || event.key === 'k') && rows().length > 0 && step(event.key === 'j' ? 1 : -1)) {
      event.preventDefault();
      return;
    }
    if (event.key === 'x' && row !== null) {
      row.querySelector('input[type=checkbox]')?.click();
      event.preventDefault();
      return;
    }
    if (event.key === 'Enter' && row !== null) {
      row.querySelector('a')?.click();
      return;
    }
    listener?.invokeMethodAsync('OnKeyAsync', event.key, row?.dataset.row ?? null).catch(() => { });
    event.preventDefault();
  });

  // The row that was clicked is where j and k go on.
  document.addEventListener('focusin', event => {
    const row = event.target.closest?.('[data-row]');
    if (row != null) {
      document.querySelector('[data-row].current')?.classList.remove('current');
      row.classList.add('current');
    }
  });

  // Copying by a selection works over plain http as well, where the clipboard's own interface is off.
  document.addEventListener('click', event => {
    const button = event.target.closest?.('[data-copy]');
    if (button == null) return;
    const text = button.parentElement.querySelector('code, pre');
    getSelection().selectAllChildren(text);
    const done = document.execCommand('copy');
    getSelection().removeAllRanges();
    if (done) {
      button.classList.add('done');
      button.addEventListener('pointerleave', () => button.classList.remove('done'), { once: true });
    }
  });

  async function comeBack() {
    const notice = document.getElementById('components-reconnect-modal');
    // A break of a moment is not worth a word.
    const told = setTimeout(() => { notice.hidden = false; }, 300);
    for (;;) {
      try {
        // False: the server is there and does not know this page any more, as after its restart.
        if (!await Blazor.reconnect()) {
          location.reload();
          return;
        }
        break;
      } catch {
        await new Promise(resolve => setTimeout(resolve, 1000));
      }
    }
    clearTimeout(told);
    notice.hidden = true;
  }

  document.addEventListener('DOMContentLoaded', () => Blazor.start({
    circuit: { reconnectionHandler: { onConnectionDown: comeBack, onConnectionUp() { } } },
  }));

  globalThis.ehlo = {
    setTheme(name) {
      theme = name;
      try { localStorage.setItem(themeKey, name); } catch { }
      applyTheme();
    },
    theme: () => theme,
    closeDrawer() {
      const open = document.getElementById('nav-open');
      if (open !== null) open.checked = false;
    },
    // From now on keys are heard; a test waits for that.
    listen(page) {
      listener = page;
      document.documentElement.dataset.live = '';
    },
  };
})();
