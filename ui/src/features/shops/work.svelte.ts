// What is asked of one shop, one thing at a time, and what it came to. It stays while the page is open.
import type { DriftReport, ShopSynced } from "../../generated/commands";
import { shops } from "../../messages/shops";
import { failure } from "../../platform";
import { act } from "../../state/act";
import { call } from "../../state/changes";
import { router } from "../../state/router.svelte";
import { adding } from "./connect.svelte";
import { demoName } from "./words";

type Doing = "test" | "sync" | "drift" | "link";

export class Work {
  readonly name: string;
  busy = $state<Doing | null>(null);
  synced = $state.raw<ShopSynced | null>(null);
  /** A sync would take so much off that somebody has to look first. */
  brake = $state<string | null>(null);
  /** Why the last sync or look did not happen. */
  trouble = $state<string | null>(null);
  drift = $state.raw<DriftReport | null>(null);

  constructor(name: string) {
    this.name = name;
  }

  async #alone(what: Doing, run: () => Promise<unknown>) {
    if (this.busy) return;
    this.busy = what;
    await run();
    this.busy = null;
  }

  test = () =>
    this.#alone("test", () =>
      act(
        "test_shop",
        { name: this.name },
        {
          done: ({ answers }) =>
            answers.missingScopes.length > 0
              ? shops.testedBut(this.name, answers.missingScopes.length)
              : shops.tested(this.name),
        },
      ),
    );

  link = () =>
    this.#alone("link", () =>
      act("link_shop", { name: this.name }, { done: ({ linked, lookedFor }) => shops.form.linked(linked, lookedFor) }),
    );

  sync = (how: { confirm?: boolean; retry?: boolean } = {}) =>
    this.#alone("sync", async () => {
      router.set({ tab: "changes" });
      this.brake = this.trouble = this.synced = null;
      try {
        this.synced = await call("sync_shop", { name: this.name, dryRun: false, confirm: false, retry: false, ...how });
      } catch (thrown) {
        const { code, message } = failure(thrown);
        if (code === "questions") this.brake = message;
        else this.trouble = message;
      }
    });

  look = () =>
    this.#alone("drift", async () => {
      router.set({ tab: "drift" });
      this.trouble = null;
      try {
        this.drift = await call("check_drift", { name: this.name });
      } catch (thrown) {
        this.trouble = failure(thrown).message;
      }
    });
}

/** A demo shop, added, tested and linked at once. */
export async function tryDemo(taken: readonly string[]) {
  const name = demoName(taken);
  const added = await act("add_shop", adding({ name, platform: "demo" }));
  if (!added) return;
  const ready = (await act("test_shop", { name })) && (await act("link_shop", { name }));
  router.set({ shop: name, tab: null, q: null, state: null });
  if (ready) await act("list_shops", {}, { done: () => shops.demoReady(name) });
}
