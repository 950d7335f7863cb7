// A page whose parts load by themselves is shown when all are there, so that nothing moves while somebody reads it.
import { getContext, setContext } from "svelte";

const KEY = Symbol("together");
/** After a second people wonder: a part that takes longer does not hold the others up. */
const PATIENCE = 1000;

export class Together {
  /** From here on the page stays on the screen. */
  shown = $state(false);
  #waiting = new Set<object>();
  #begun = false;

  /** A part that is there from the beginning, and has nothing to show yet. */
  wait(part: object) {
    if (!this.#begun) this.#waiting.add(part);
  }

  /** It has something to show now, or says why not. */
  done(part: object) {
    this.#waiting.delete(part);
    this.#look();
  }

  /** All parts are known. Returns what to do when the page goes. */
  begin(): () => void {
    this.#begun = true;
    this.#look();
    const patience = setTimeout(() => (this.shown = true), PATIENCE);
    return () => clearTimeout(patience);
  }

  #look() {
    if (this.#begun && this.#waiting.size === 0) this.shown = true;
  }
}

/** For a page: what its parts wait for. */
export const together = () => setContext(KEY, new Together());
/** For a part: the page it is on, if that waits. */
export const page = () => getContext<Together | undefined>(KEY);
