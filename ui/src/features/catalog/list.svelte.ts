// The list of products: its first rows are a resource, further ones are added as somebody scrolls, and all follow what
// changes. Reasons that are due are worked out meanwhile.
import { untrack } from "svelte";
import type { CatalogList, CatalogRow, CatalogSort } from "../../generated/commands";
import { call } from "../../state/changes";
import { resource } from "../../state/resource.svelte";

export interface Filter {
  list: CatalogList;
  reason: string | null;
  search: string;
  sort: CatalogSort;
  descending: boolean;
}

const LISTS: readonly string[] = ["all", "preOrder", "backorder", "notListed"] satisfies CatalogList[];
const SORTS: readonly string[] = ["sku", "promiseDate", "left", "since"] satisfies CatalogSort[];

/** The filter that an address says; what it does not know is left out. */
export function filterOf(query: Readonly<Record<string, string>>): Filter {
  const { list = "", reason = null, q = "", sort = "" } = query;
  return {
    list: (LISTS.includes(list) ? list : "all") as CatalogList,
    reason: reason && /^[A-Z_]+$/.test(reason) ? reason : null,
    search: q,
    sort: (SORTS.includes(sort) ? sort : list === "preOrder" || list === "backorder" ? "promiseDate" : "sku") as CatalogSort,
    descending: query.down === "1",
  };
}

/** The part of the address that sorts by a column: once more, the other way round. */
export const sorted = (filter: Filter, by: string) => ({
  sort: by,
  down: filter.sort === by && !filter.descending ? "1" : null,
});

const STEP = 100;

export class ProductList {
  #filter: () => Filter;
  #rest = $state.raw<readonly CatalogRow[]>([]);
  #loading = $state(false);
  #chunks = 0;
  #round = 0;
  /** Products whose reasons are still to be worked out. */
  left = $state(0);
  #head;

  constructor(filter: () => Filter) {
    this.#filter = filter;
    this.#head = resource("browse_catalog", () => ({ ...filter(), limit: STEP, offset: 0 }));
    // Another filter: what was added belongs to the one before.
    const wanted = $derived(JSON.stringify(filter()));
    $effect(() => {
      void wanted;
      untrack(() => {
        this.#round++;
        this.#chunks = 0;
        this.#rest = [];
        this.#loading = false;
      });
    });
    // The first rows came anew: so must the others.
    $effect(() => {
      if (this.#head.data) untrack(() => void this.#again());
    });
    $effect(() => {
      const due = this.#head.data?.due ?? 0;
      untrack(() => {
        this.left = due;
        if (due > 0) void this.#workOut();
      });
    });
    $effect(() => () => (this.#stopped = true));
  }

  get page() {
    return this.#head.data;
  }
  get error() {
    return this.#head.error;
  }
  get slow() {
    return this.#head.slow;
  }
  get loading() {
    return this.#loading;
  }
  get rows(): readonly CatalogRow[] {
    const head = this.#head.data?.rows ?? [];
    return this.#rest.length === 0 ? head : once([...head, ...this.#rest]);
  }
  reload = () => this.#head.reload();

  more = async () => {
    if (this.#loading) return;
    this.#loading = true;
    this.#chunks++;
    await this.#load(this.#chunks, this.#chunks);
  };

  async #again() {
    if (this.#chunks > 0) await this.#load(1, this.#chunks);
  }

  /** Loads these steps; the first of all is the head's. */
  async #load(from: number, to: number) {
    const round = this.#round;
    const filter = this.#filter();
    const rows: CatalogRow[] = [...this.#rest.slice(0, (from - 1) * STEP)];
    try {
      for (let chunk = from; chunk <= to; chunk++) {
        const page = await call("browse_catalog", { ...filter, limit: STEP, offset: chunk * STEP });
        if (round !== this.#round) return;
        rows.push(...page.rows);
      }
      this.#rest = rows;
    } catch {
      // The head says what is wrong; scrolling tries again.
      if (round === this.#round) this.#chunks = Math.max(0, from - 1);
    }
    if (round === this.#round) this.#loading = false;
  }

  #working = false;
  #stopped = false;

  /** Works out what is due, a bit at a time. A pass that gets nowhere is not repeated before something changes. */
  async #workOut() {
    if (this.#working) return;
    this.#working = true;
    let after: number | null = 0;
    let since = 0;
    let all = 0;
    try {
      while (after !== null && !this.#stopped) {
        const progress: { done: number; after: number | null } = await call("work_out_reasons", { after });
        after = progress.after;
        all += progress.done;
        this.left = Math.max(0, this.left - progress.done);
        if (++since === 5) {
          since = 0;
          void this.#head.reload();
        }
      }
    } catch {
      // Reasons stay those of before; the next change tries again.
    }
    this.#working = false;
    if (all > 0 && !this.#stopped) void this.#head.reload();
  }
}

/** Rows that moved between two loads come once. */
export function once(rows: readonly CatalogRow[]): readonly CatalogRow[] {
  const seen = new Set<string>();
  return rows.filter((row) => !seen.has(row.sku) && seen.add(row.sku));
}
