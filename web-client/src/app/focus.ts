/** Everything around an element, from the inside out. */
function around(element: Element | null): Element[] {
  const found: Element[] = [];
  for (let at = element; at; at = at.parentElement) found.push(at);
  return found;
}

/** Gives the focus to what is no control: a heading. */
export function focusHeading(heading: HTMLElement | null | undefined) {
  heading?.setAttribute('tabindex', '-1');
  heading?.focus({ preventScroll: true });
}

/** Whether a page was gone to whose heading is not there yet. */
let owed = false;

/** Gives the focus to the heading of a page that was gone to, as soon as it is there. */
export function focusPage() {
  const heading = document.querySelector<HTMLElement>('main h1');
  owed = !heading;
  focusHeading(heading);
}

/**
 * Keeps the focus of who has no pointer in its place: where what had it goes away (a form that was saved, a row that was taken
 * out, the button of a dialog that closes) it goes to the heading of the nearest part of the page that is still there, instead of
 * back to the beginning of everything. Whoever gives it to something else at once is not disturbed.
 */
export function keepFocus(page: HTMLElement): () => void {
  let last: Element[] = [];
  let onPage: Element[] = [];
  let waiting = false;
  const seen = (event: FocusEvent) => {
    last = around(event.target as Element);
    // Dialogs and menus stand beside the page; when one is gone, what it was opened from counts.
    if (last.includes(page)) onPage = last;
    if (!last[0]?.matches('main')) owed = false;
  };
  const keep = () => {
    waiting = false;
    const [had] = last;
    if (document.activeElement !== document.body || !had || (had.isConnected && !had.matches(':disabled'))) return;
    const main = page.querySelector<HTMLElement>('main');
    const parts = [...last, ...onPage].filter((part) => part.isConnected && main?.contains(part));
    const heading = [...parts, main].map((part) => part?.querySelector<HTMLElement>('h1, h2, h3')).find(Boolean);
    focusHeading(heading ?? main);
    owed = !heading;
  };
  const watch = new MutationObserver(() => {
    if (owed) focusPage();
    if (waiting || document.activeElement !== document.body) return;
    waiting = true;
    // After a frame: a dialog that closes gives the focus back by itself.
    requestAnimationFrame(() => setTimeout(keep));
  });
  document.addEventListener('focusin', seen);
  watch.observe(document.body, { subtree: true, childList: true, attributeFilter: ['disabled'] });
  return () => {
    document.removeEventListener('focusin', seen);
    watch.disconnect();
  };
}
