// What can be measured of a page that is open: what is cut off, what moves, what can be seen without colours.
import type { Page } from "@playwright/test";

/** The spacing of text that WCAG 1.4.12 lets readers set. */
export const SPACING = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
p { margin-block-end: 2em !important }`;

/** Pixels by which the window would have to be scrolled sideways. */
export const sideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Texts of which a part cannot be seen or reached. One that ends in dots on purpose says the rest elsewhere. */
export const cutOff = (page: Page) =>
  page.evaluate(() => {
    const found: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>("#app *")) {
      const { overflowX, overflowY, textOverflow, clipPath, webkitLineClamp } = getComputedStyle(element);
      const hidden = (value: string) => value === "hidden" || value === "clip";
      if (clipPath !== "none" || textOverflow === "ellipsis" || webkitLineClamp !== "none") continue;
      if (!element.checkVisibility({ contentVisibilityAuto: true }) || !element.textContent?.trim()) continue;
      const wide = hidden(overflowX) && element.scrollWidth > element.clientWidth + 1;
      const high = hidden(overflowY) && element.scrollHeight > element.clientHeight + 1;
      if (wide || high)
        found.push(`${element.tagName}.${element.className}: ${element.textContent.trim().slice(0, 40)}`);
    }
    return found;
  });

/** Texts that lie on one another. */
export const overlapping = (page: Page) =>
  page.evaluate(() => {
    /** What ends in dots goes on where nobody sees it. */
    const ends = (element: Element | null): boolean =>
      element !== null && (getComputedStyle(element).textOverflow === "ellipsis" || ends(element.parentElement));
    const texts = [...document.querySelectorAll<HTMLElement>("#app *")].filter(
      (element) =>
        element.checkVisibility({ contentVisibilityAuto: true }) &&
        getComputedStyle(element).clipPath === "none" &&
        !element.closest(".hidden, svg, select, [role=status], [role=alert]") &&
        !ends(element) &&
        [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim()),
    );
    const boxes = texts.flatMap((element) =>
      [...element.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim())
        .flatMap((node) => {
          const range = document.createRange();
          range.selectNodeContents(node);
          return [...range.getClientRects()].map((box) => ({ element, box }));
        }),
    );
    const found: string[] = [];
    for (const [at, one] of boxes.entries())
      for (const other of boxes.slice(at + 1)) {
        if (one.element === other.element || one.element.contains(other.element) || other.element.contains(one.element))
          continue;
        const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        // Lines may touch; letters may not.
        if (wide > 3 && high > 6) found.push(`${one.element.textContent} | ${other.element.textContent}`.slice(0, 120));
      }
    return found.slice(0, 5);
  });

/** Every word the window shows becomes half as long again, as in a wordier language. */
export const wordy = (page: Page) =>
  page.evaluate(() => {
    const longer = (text: string) =>
      text.replace(/\p{L}[\p{L}'-]{2,}/gu, (word) => word + word.slice(0, Math.ceil(word.length / 2)).toLowerCase());
    const walk = document.createTreeWalker(document.querySelector("#app")!, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const node = walk.currentNode;
      // What people wrote themselves has no language.
      if (!node.parentElement?.closest("td, time, code, kbd")) node.textContent = longer(node.textContent ?? "");
    }
    for (const field of document.querySelectorAll<HTMLInputElement>("[placeholder]"))
      field.placeholder = longer(field.placeholder);
  });

/** Begins to add up how far things move that nobody moved; the answer says how far so far. */
export async function stillness(page: Page) {
  await page.addInitScript(() => {
    const watched = window as unknown as { moved: { by: number; what: string[] } };
    watched.moved = { by: 0, what: [] };
    new PerformanceObserver((list) => {
      type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node: Node | null }[] };
      for (const entry of list.getEntries() as Shift[]) {
        if (entry.hadRecentInput) continue;
        watched.moved.by += entry.value;
        for (const { node } of entry.sources) watched.moved.what.push(node?.textContent?.trim().slice(0, 40) ?? "");
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  return () => page.evaluate(() => (window as unknown as { moved: { by: number; what: string[] } }).moved);
}
