// The list of products: what the address asks for, and the reasons that are still to be worked out.
import { untrack } from "svelte";
import type { CatalogList, CatalogRow, CatalogSort, CatalogView } from "../../generated/commands";
import { call } from "../../state/changes";
import { pages } from "../../state/pages.svelte";
import { ORDER } from "../shops/words";

export interface Filter {
  list: CatalogList;
  /** None: whatever the reason. */
  reason?: string;
  /** Only products in this state in at least one shop. */
  inShops?: string;
  search: string;
  sort: CatalogSort;
  descending: boolean;
}

/** The lists by their names in an address; those of the program are understood too. */
const LISTS: Readonly<Record<string, CatalogList>> = {
  preOrder: "preOrder",
  PRE_ORDER: "preOrder",
  backorder: "backorder",
  BACKORDER: "backorder",
  notListed: "notListed",
};
const SORTS: readonly string[] = ["sku", "promiseDate", "left", "since"] satisfies CatalogSort[];

/** The filter that an address says; what it does not know is left out. */
export function filterOf(query: Readonly<Record<string, string>>): Filter {
  const { reason = "", shops = "", q = "", sort = "" } = query;
  const list = LISTS[query.list ?? ""] ?? "all";
  const first: CatalogSort = list === "preOrder" || list === "backorder" ? "promiseDate" : "sku";
  return {
    list,
    ...(/^[A-Z_]+$/.test(reason) && { reason }),
    ...(ORDER.includes(shops) && { inShops: shops }),
    search: q,
    sort: SORTS.includes(sort) ? (sort as CatalogSort) : first,
    descending: query.down === "1",
  };
}

/** The part of the address that sorts by a column: once more, the other way round. */
export const sorted = (filter: Filter, by: string) => ({
  sort: by,
  down: filter.sort === by && !filter.descending ? "1" : null,
});

/** How far a product is in one shop. */
export interface InOne {
  shop: string;
  state: string;
}
export type Product = CatalogRow & { shops: readonly InOne[] };

/** The rows of a page, each with its state in the shops; without a shop there is none. */
export const products = ({ rows, shops }: CatalogView): Product[] =>
  rows.map((row, at) => ({
    ...row,
    shops: shops.map(({ name, states }) => ({ shop: name, state: states[at] ?? "unknown" })),
  }));

/** The products that match, a page at a time; all follow what changes. */
export const productList = (filter: () => Filter) =>
  pages<"browse_catalog", CatalogView, Product>(
    "browse_catalog",
    filter,
    { rows: products, total: (page) => page.total, key: (row) => row.sku, size: 100 },
    true,
  );

/** Calls between two looks at what they came to. */
const LOOK = 5;

/** Works out the reasons that are due, a bit at a time, while the page is open. */
export class Reasons {
  /** Products still to be looked at. */
  left = $state(0);
  #working = false;
  /** More became due meanwhile. */
  #again = false;
  #stopped = false;
  #looked: () => unknown;

  constructor(due: () => number, looked: () => unknown) {
    this.#looked = looked;
    $effect(() => {
      const now = due();
      untrack(() => {
        this.left = now;
        if (now > 0) void this.#workOut();
      });
    });
    $effect(() => () => (this.#stopped = true));
  }

  /** A pass that gets nowhere is not repeated before something changes. */
  async #workOut() {
    if (this.#working) return void (this.#again = true);
    this.#working = true;
    this.#again = false;
    let after: number | null = 0;
    let done = 0;
    try {
      for (let calls = 1; after !== null && !this.#stopped; calls++) {
        const progress: { done: number; after: number | null } = await call("work_out_reasons", { after });
        after = progress.after;
        done += progress.done;
        this.left = Math.max(0, this.left - progress.done);
        if (calls % LOOK === 0) this.#looked();
      }
    } catch {
      // Reasons stay those of before; the next change tries again.
    }
    this.#working = false;
    if (this.#again && !this.#stopped) void this.#workOut();
    if (done > 0 && !this.#stopped) this.#looked();
  }
}
