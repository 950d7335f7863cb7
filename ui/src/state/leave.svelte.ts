// Edits that are not saved: whatever would lose them asks first.
import { untrack } from "svelte";
import { platform } from "../platform";
import { router, type Place } from "./router.svelte";

interface Guard {
  /** What would be lost, e.g. the job's name. */
  what: string;
  /** Whether it would be, by going there. */
  loses: (next: Place) => boolean;
}

class Leaving {
  #guards: readonly Guard[] = [];
  /** The question that is open, and how to go on when it is answered with yes. */
  question = $state.raw<{ what: string; leave: () => void } | null>(null);

  constructor() {
    router.mayLeave = (next, resume) => {
      const guard = this.#guards.find((guard) => guard.loses(next));
      if (guard) this.#ask(guard.what, resume);
      return !guard;
    };
  }

  /** While the effect around it lives, `guard` is asked before anything is lost. */
  guard(guard: Guard) {
    // Who registers a guard must not depend on the others.
    untrack(() => (this.#guards = [...this.#guards, guard]));
    platform.unsaved(true);
    return () => {
      this.#guards = this.#guards.filter((other) => other !== guard);
      platform.unsaved(this.#guards.length > 0);
    };
  }

  /** Leaves everything, e.g. with the window, if nothing is lost or somebody says that it may. */
  all(leave: () => void) {
    const [guard] = this.#guards;
    if (guard) this.#ask(guard.what, leave);
    else leave();
  }

  #ask(what: string, resume: () => void) {
    this.question = {
      what,
      leave: () => {
        this.question = null;
        resume();
      },
    };
  }
}

export const leaving = new Leaving();
