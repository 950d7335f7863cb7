// Where the window is: the page and what it shows, kept in the URL (`#/pipeline?tab=history&job=X`).

export type Query = Readonly<Record<string, string>>;
export interface Place {
  readonly page: string;
  readonly query: Query;
}

const home = "pipeline";

export function parse(hash: string): Place {
  const [path = "", search = ""] = hash.replace(/^#?\/?/, "").split(/\?(.*)/s);
  return { page: path || home, query: Object.fromEntries(new URLSearchParams(search)) };
}

export function href(page: string, query: Record<string, string | null | undefined> = {}): string {
  const kept = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const search = new URLSearchParams(kept).toString();
  return `#/${page}${search && `?${search}`}`;
}

class Router {
  #place = $state.raw<Place>(parse(location.hash));
  /** Asked before the window goes elsewhere; false: stay, `resume` may be called later. */
  mayLeave: (next: Place, resume: () => void) => boolean = () => true;

  constructor() {
    addEventListener("hashchange", () => {
      if (href(this.#place.page, this.#place.query) !== location.hash) this.#arrive(location.hash);
    });
  }

  get page() {
    return this.#place.page;
  }
  get query() {
    return this.#place.query;
  }

  /** Goes to a page; a step that "back" undoes. */
  go(page: string, query: Record<string, string | null | undefined> = {}) {
    this.#arrive(href(page, query));
  }

  /** Changes a part of the query. `keep`: in place, so that "back" does not stop at every letter typed. */
  set(part: Record<string, string | null | undefined>, keep = false) {
    const next = href(this.#place.page, { ...this.#place.query, ...part });
    if (next === href(this.#place.page, this.#place.query)) return;
    if (keep) history.replaceState(history.state, "", next);
    this.#arrive(next);
  }

  /** Address of this page with a part of the query changed, for links. */
  with(part: Record<string, string | null | undefined>) {
    return href(this.#place.page, { ...this.#place.query, ...part });
  }

  #arrive(hash: string) {
    const next = parse(hash);
    const settle = () => {
      this.#place = next;
      if (location.hash !== hash) history.pushState(null, "", hash);
    };
    if (this.mayLeave(next, settle)) settle();
    else history.replaceState(history.state, "", href(this.#place.page, this.#place.query));
  }
}

export const router = new Router();
