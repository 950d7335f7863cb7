// What can be found with Ctrl+K: pages, things, and what can be done with the one that is selected.

export interface Entry {
  /** Unique. */
  value: string;
  label: string;
  /** What kind of thing it is, or where. */
  hint?: string;
  /** The key that does the same. */
  key?: string;
  run: () => void;
}

const providers = new Set<() => Entry[]>();

class Palette {
  open = $state(false);

  /** These are found while the component lives. */
  use(entries: () => Entry[]) {
    $effect(() => {
      providers.add(entries);
      return () => void providers.delete(entries);
    });
  }

  entries(): Entry[] {
    return [...providers].flatMap((provider) => provider());
  }
}

export const palette = new Palette();

/** Lower case, without accents: what people type and what they look for become alike. */
export const folded = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Whether every word of `search` is somewhere in `text`. */
export function matches(search: string, text: string): boolean {
  const all = folded(text);
  return folded(search)
    .split(/\s+/)
    .every((word) => all.includes(word));
}
