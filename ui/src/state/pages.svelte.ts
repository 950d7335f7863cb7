// A long list, a page at a time. What changes while somebody reads does not move it: rows are patched where they stand,
// and new ones wait until they are asked for.
import { untrack } from "svelte";
import { TOPICS, type Topic } from "../generated/commands";
import { failure, type Failure, type Name, type Request } from "../platform";
import { call, onChange } from "./changes";

const BURST = 250;
const PATIENCE = 500;
const nothing = () => {};

interface Way<P, R> {
  /** The rows of an answer, and how many there are in all. */
  rows: (page: P) => readonly R[];
  total: (page: P) => number;
  key: (row: R) => string | number;
  size: number;
}

export class Pages<P, R> {
  rows = $state.raw<readonly R[]>([]);
  /** The last answer, for what it says beside its rows. */
  last = $state.raw<P | undefined>();
  total = $state(0);
  /** Rows that came since, and wait. */
  waiting = $state(0);
  loading = $state(false);
  slow = $state(false);
  error = $state.raw<Failure | undefined>();
  #round = 0;
  /** What to do once the answer that is on its way is here. */
  #then: () => void = nothing;
  #ask: (limit: number, offset: number) => Promise<P>;
  #way: Way<P, R>;

  constructor(way: Way<P, R>, ask: (limit: number, offset: number) => Promise<P>) {
    this.#way = way;
    this.#ask = ask;
  }

  /** The first page, new ones included. */
  first = () =>
    this.#load(Math.max(this.#way.size, 0), 0, (page) => {
      this.rows = this.#way.rows(page);
      this.waiting = 0;
    });

  /** The page after those that are here. */
  more = () =>
    this.#load(this.#way.size, this.rows.length + this.waiting, (page) => {
      const known = new Set(this.rows.map(this.#way.key));
      this.rows = [...this.rows, ...this.#way.rows(page).filter((row) => !known.has(this.#way.key(row)))];
    });

  /** What is here as it is now, where it stands. Rows that left stay until the list is loaded anew. */
  refresh = (atOnce: boolean) =>
    this.#load(Math.max(this.rows.length, this.#way.size) + this.waiting, 0, (page) => {
      const fresh = this.#way.rows(page);
      if (atOnce || this.rows.length === 0) {
        this.rows = fresh;
        this.waiting = 0;
        return;
      }
      const now = new Map(fresh.map((row) => [this.#way.key(row), row]));
      const here = new Set(this.rows.map(this.#way.key));
      this.rows = this.rows.map((row) => now.get(this.#way.key(row)) ?? row);
      this.waiting = Math.max(
        0,
        this.#way.total(page) - this.total + this.waiting,
        fresh.findIndex((row) => here.has(this.#way.key(row))),
      );
    });

  /** The same, but it never overtakes: where changes come faster than answers, answers still show. */
  soon = (atOnce: boolean) => {
    const go = () => void this.refresh(atOnce);
    if (this.loading) this.#then = go;
    else go();
  };

  async #load(limit: number, offset: number, take: (page: P) => void) {
    const round = ++this.#round;
    this.#then = nothing;
    this.loading = true;
    const patience = setTimeout(() => (this.slow = true), PATIENCE);
    try {
      const page = await this.#ask(limit, offset);
      if (round !== this.#round) return;
      take(page);
      this.last = page;
      this.total = this.#way.total(page);
      this.error = undefined;
    } catch (thrown) {
      if (round === this.#round) this.error = failure(thrown);
    } finally {
      clearTimeout(patience);
      if (round === this.#round) {
        this.loading = this.slow = false;
        this.#then();
      }
    }
  }
}

/** Reads a paged command while the component lives. `live`: new rows show at once, as in a list of what runs. */
export function pages<K extends Name, P, R>(
  name: K,
  args: () => Request<K>,
  way: Way<P, R>,
  live = false,
): Pages<P, R> {
  let wanted = $state.raw<Request<K>>(untrack(args));
  const made = new Pages<P, R>(
    way,
    (limit, offset) => call(name, { ...wanted, limit, offset } as Request<K>) as unknown as Promise<P>,
  );
  const text = $derived(JSON.stringify(args()));
  const reads: readonly Topic[] = TOPICS[name].reads;
  $effect(() => {
    const request = JSON.parse(text) as Request<K>;
    untrack(() => {
      wanted = request;
      void made.first();
    });
    let later: ReturnType<typeof setTimeout> | undefined;
    const stop = onChange((topics) => {
      if (topics !== null && !topics.some((topic) => reads.includes(topic))) return;
      later ??= setTimeout(() => {
        later = undefined;
        made.soon(live);
      }, BURST);
    });
    return () => {
      stop();
      clearTimeout(later);
    };
  });
  return made;
}
