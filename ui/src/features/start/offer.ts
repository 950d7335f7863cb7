// The first steps come by themselves, once: into a window that was opened without a page in its address.
import { platform } from "../../platform";
import { href } from "../../state/router.svelte";

export function offerFirstStart() {
  if (location.hash) return;
  platform.call("show_first_start", {}).then(
    ({ needed }) => {
      // Somebody may have gone elsewhere meanwhile.
      if (needed && !location.hash) location.replace(href("start"));
    },
    // The page that is shown says what is wrong.
    () => {},
  );
}
