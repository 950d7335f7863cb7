// What this person likes on this computer: looks, density, keys, and how lists were last seen.

export type Theme = "system" | "light" | "dark";
export type Density = "comfortable" | "compact";

const KEY = "presell";
const initial = {
  theme: "system" as Theme,
  density: "comfortable" as Density,
  /** Keys without Ctrl or Cmd. */
  singleKeys: true,
  /** How each list was last seen, by its name. */
  views: {} as Record<string, string>,
  /** Jobs kept at hand, in the order they were pinned. */
  pins: [] as string[],
};

function stored(): Partial<typeof initial> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<typeof initial>;
  } catch {
    return {};
  }
}

export const preferences = $state({ ...initial, ...stored() });

/** Keeps the preferences and shows the looks, while the effect around it lives. */
export function applyPreferences() {
  $effect(() => {
    const root = document.documentElement;
    root.dataset.theme = preferences.theme;
    root.dataset.density = preferences.density;
  });
  $effect(() => {
    const text = JSON.stringify(preferences);
    try {
      localStorage.setItem(KEY, text);
    } catch {
      // Without storage they last as long as the window.
    }
  });
}
