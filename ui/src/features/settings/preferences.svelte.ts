// Preferences live in two places that always agree: the program keeps them, and the window has a copy at hand, so that it
// is drawn right from the first moment.
import { untrack } from "svelte";
import { call } from "../../state/changes";
import { preferences } from "../../state/preferences.svelte";
import { resource } from "../../state/resource.svelte";
import { toasts } from "../../state/toasts.svelte";

const here = () => ({
  appearance: preferences.theme,
  density: preferences.density,
  singleKeys: preferences.singleKeys,
});

const keys = ["appearance", "density", "singleKeys"] as const;

/** Keeps both in step, while the effect around it lives. */
export function keepPreferences() {
  const kept = resource("list_preferences", () => ({}));
  let known = here();
  /** What the program is being told: until it knows, what it says of these is old. */
  const telling = new Set<string>();

  $effect(() => {
    const data = kept.data;
    if (!data) return;
    untrack(() => {
      const { appearance, density, singleKeys } = data;
      const mine = Object.fromEntries(Object.entries(here()).filter(([key]) => telling.has(key)));
      known = { appearance, density, singleKeys, ...mine };
      preferences.theme = known.appearance;
      preferences.density = known.density;
      preferences.singleKeys = known.singleKeys;
    });
  });
  $effect(() => {
    const now = here();
    for (const key of keys) {
      if (now[key] === known[key]) continue;
      known = { ...known, [key]: now[key] };
      telling.add(key);
      call("change_preference", { key, value: now[key] })
        .catch((thrown: unknown) => toasts.failed(thrown))
        .finally(() => telling.delete(key));
    }
  });
}
