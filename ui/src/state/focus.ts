// Where the keyboard stands when what it stood on goes away: a button that did its work, a row that was taken off.

/** Keeps the focus near: at the heading of the smallest part that is still there. Returns how to stop. */
export function keepFocus(root: HTMLElement): () => void {
  /** What has the focus, and what it is in, from the inside out. */
  let path: Element[] = [];
  const remember = ({ target }: FocusEvent) => {
    path = [];
    for (let at = target as Element | null; at && at !== root.parentElement; at = at.parentElement) path.push(at);
  };
  const look = () => {
    if (path.length === 0 || path[0]!.isConnected) return;
    const left = path.filter((element) => element.isConnected);
    path = [];
    // Whoever took it away may have said where to go on.
    if (document.activeElement !== document.body) return;
    const heading = left.map((element) => element.querySelector<HTMLElement>("h1, h2, h3")).find(Boolean);
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  };
  const watch = new MutationObserver(() => queueMicrotask(look));
  root.addEventListener("focusin", remember);
  watch.observe(root, { subtree: true, childList: true });
  return () => {
    root.removeEventListener("focusin", remember);
    watch.disconnect();
  };
}
