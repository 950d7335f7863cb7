// What a screen shows of the program's data: loaded by a reading command, and again when a topic it reads changes.
import { untrack } from "svelte";
import { TOPICS, type Topic } from "../generated/commands";
import { failure, type Answer, type Failure, type Name, type Request } from "../platform";
import { call, onChange } from "./changes";
import { page } from "./together.svelte";

/** Changes come in bursts; within this time they are one. */
const BURST = 150;
/** Shorter waits are not shown. */
const PATIENCE = 500;
const KEPT = 40;

/** The last answers, so that a page that was left shows at once what it showed. */
const answers = new Map<string, unknown>();

function keep(key: string, answer: unknown) {
  answers.delete(key);
  answers.set(key, answer);
  const oldest = answers.keys().next().value;
  if (answers.size > KEPT && oldest !== undefined) answers.delete(oldest);
}

export class Resource<T> {
  /** The last answer; while another loads, it stays. */
  data = $state.raw<T | undefined>();
  error = $state.raw<Failure | undefined>();
  loading = $state(false);
  /** It loads for so long that somebody may wonder. */
  slow = $state(false);
  #load: () => Promise<T>;
  #round = 0;
  /** A load is on its way, and its answer will be shown. */
  #asked = false;
  /** Something changed since it was asked. */
  #stale = false;
  #key = "";
  #patience: ReturnType<typeof setTimeout> | undefined;
  #later: ReturnType<typeof setTimeout> | undefined;
  #last = 0;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  /** Loads from `load` from now on; what `key` showed before is there at once. */
  from(key: string, load: () => Promise<T>) {
    this.#load = load;
    if (key !== this.#key && answers.has(key)) this.data = answers.get(key) as T;
    this.#key = key;
    return this.reload();
  }

  /** Loads again. An answer that is overtaken by a later one is dropped. */
  reload = async (): Promise<void> => {
    const round = ++this.#round;
    this.#last = Date.now();
    this.#asked = true;
    this.#stale = false;
    this.loading = true;
    this.#patience ??= setTimeout(() => (this.slow = true), PATIENCE);
    try {
      const data = await this.#load();
      if (round !== this.#round) return;
      this.#show(data);
      this.error = undefined;
    } catch (thrown) {
      if (round !== this.#round) return;
      this.error = failure(thrown);
    }
    this.loading = this.slow = false;
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#over();
  };

  /** Loads again soon, once for all that happens until then. Where changes come faster than answers, answers still show. */
  soon() {
    if (this.#asked) return void (this.#stale = true);
    this.#later ??= setTimeout(
      () => {
        this.#later = undefined;
        void this.reload();
      },
      Math.max(0, this.#last + BURST - Date.now()),
    );
  }

  /** Shows what is expected before it is known. Returns how to take it back; an answer in between is kept. */
  patch(change: (data: T) => T): () => void {
    const before = this.data;
    if (before === undefined) return () => {};
    // What is on its way was asked for before the change.
    this.#round++;
    this.#over();
    const after = change(before);
    this.#show(after);
    return () => {
      if (this.data !== after) return;
      this.#show(before);
      // What was on its way was dropped.
      void this.reload();
    };
  }

  #show(data: T) {
    this.data = data;
    keep(this.#key, data);
  }

  #over() {
    this.#asked = false;
    if (this.#stale) this.soon();
    this.#stale = false;
  }

  stop() {
    this.#round++;
    this.#asked = this.#stale = false;
    clearTimeout(this.#later);
    clearTimeout(this.#patience);
    this.#later = this.#patience = undefined;
  }
}

/** Reads a command while the component lives. `args` null: there is nothing to read. */
export function resource<K extends Name>(name: K, args: () => Request<K> | null): Resource<Answer<K>> {
  const made = new Resource<Answer<K>>(() => Promise.reject(failure("Nothing was asked for.")));
  const reads: readonly Topic[] = TOPICS[name].reads;
  const on = page();
  on?.wait(made);
  // The same words ask the same thing, whatever object holds them.
  const wanted = $derived(JSON.stringify(args()));
  $effect(() => {
    const request = JSON.parse(wanted) as Request<K> | null;
    untrack(() => {
      if (request === null) made.data = undefined;
      const loaded = request === null ? Promise.resolve() : made.from(name + wanted, () => call(name, request));
      void loaded.then(() => on?.done(made));
    });
    if (request === null) return;
    const stop = onChange((topics) => {
      if (topics === null || topics.some((topic) => reads.includes(topic))) made.soon();
    });
    return () => {
      stop();
      made.stop();
    };
  });
  return made;
}
