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

/** Keeps both in step, while the effect around it lives. */
export function keepPreferences() {
  const kept = resource("list_preferences", () => ({}));
  let known: ReturnType<typeof here> | undefined;

  $effect(() => {
    const data = kept.data;
    if (!data) return;
    untrack(() => {
      known = { appearance: data.appearance, density: data.density, singleKeys: data.singleKeys };
      preferences.theme = known.appearance;
      preferences.density = known.density;
      preferences.singleKeys = known.singleKeys;
    });
  });
  $effect(() => {
    const now = here();
    if (!known) return;
    for (const key of ["appearance", "density", "singleKeys"] as const) {
      if (now[key] === known[key]) continue;
      known = { ...known, [key]: now[key] };
      call("change_preference", { key, value: now[key] }).catch((thrown: unknown) => toasts.failed(thrown));
    }
  });
}
