// Keys. Single keys are ignored while somebody types or composes, and can be switched off.
import { preferences } from "./preferences.svelte";

export interface Shortcut {
  /** As `event.key` has it; `mod+` stands for Ctrl, on a Mac Cmd. */
  key: string;
  /** What it does, for the sheet of shortcuts. */
  text: string;
  run: () => void;
  /** Not in the sheet: another name of a key that is. */
  hidden?: boolean;
}

const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);
const groups = new Set<() => Shortcut[]>();

/** These keys count while the component lives; those registered later win. */
export function useShortcuts(shortcuts: () => Shortcut[]) {
  $effect(() => {
    groups.add(shortcuts);
    return () => void groups.delete(shortcuts);
  });
}

export const allShortcuts = (): Shortcut[] => [...groups].flatMap((group) => group());

/** How people write a key. */
export function keyName(key: string): string {
  const known: Record<string, string> = { Escape: "Esc", ArrowDown: "↓", ArrowUp: "↑", " ": "Space" };
  const name = key.replace("mod+", "");
  const shown = known[name] ?? (name.length === 1 && key.startsWith("mod+") ? name.toUpperCase() : name);
  return key.startsWith("mod+") ? `${mac ? "⌘" : "Ctrl+"}${shown}` : shown;
}

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit"].includes(target.type)));

/** Keys that an element in focus uses itself. */
const taken = (event: KeyboardEvent) =>
  event.target instanceof Element &&
  ((["Enter", " "].includes(event.key) && event.target.closest("button, a, summary, input") !== null) ||
    (event.key.startsWith("Arrow") &&
      event.target.closest("[role=tab], [role=menuitem], [role=option], [role=log]") !== null));

/** What is typed from "/" on while the page is still fetched; its search takes it. A page that is there has a heading. */
let early = "";
export function typedEarly() {
  const typed = early;
  early = "";
  return typed;
}

/** Runs what a key stands for. */
export function onKey(event: KeyboardEvent) {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const mod = mac ? event.metaKey : event.ctrlKey;
  if (!mod && (event.ctrlKey || event.metaKey)) return;
  if (!mod && event.key !== "Escape" && (!preferences.singleKeys || typing(event.target) || taken(event))) return;
  if (!mod && event.key === "Escape" && typing(event.target)) return;
  // A dialog or a menu that is open has the keys to itself.
  if (document.querySelector("dialog[open], [popover]:popover-open")) return;
  const wanted = mod ? `mod+${event.key.toLowerCase()}` : event.key;
  const found = allShortcuts().findLast((shortcut) => shortcut.key === wanted);
  if (!found) {
    const fetching = !document.querySelector("h1");
    early = fetching && wanted.length === 1 && (early || wanted === "/") ? early + wanted : "";
    return;
  }
  event.preventDefault();
  found.run();
}
