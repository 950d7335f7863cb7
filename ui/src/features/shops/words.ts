// States of shops and of products in them: word, colour and drawing.
import type { IconName } from "../../components/icons";
import type { Look } from "../../components/State.svelte";
import type { ShopListing, ShopRow, ShopState, ShopSynced, ShopView } from "../../generated/commands";
import { shops } from "../../messages/shops";

export const shopLook: Record<ShopState, Look> = {
  new: "waiting",
  connected: "good",
  disconnected: "bad",
  blocked: "bad",
};

/** How Presell and a shop get on, in a word. */
export const shopWord = ({ platform, state }: Pick<ShopView, "platform" | "state">) =>
  (platform === "file" ? shops.folderStates[state] : undefined) ?? shops.states[state];

const looks: Record<string, Look | undefined> = {
  listed: "good",
  notListed: "off",
  pending: "waiting",
  failed: "bad",
  drifted: "attention",
  notLinked: "attention",
  ambiguous: "attention",
  unknown: "off",
};
/** States in the order in which they ask for somebody. */
export const ORDER = ["failed", "drifted", "ambiguous", "notLinked", "unknown", "pending", "listed", "notListed"];

/** What is not known has a drawing of its own. */
export const rowIcon = (state: string): IconName | undefined => (state === "unknown" ? "circle-help" : undefined);
export const rowLook = (state: string): Look => looks[state] ?? "waiting";
export const rowWord = (state: string) => shops.rows[state] ?? state;

/** Chips of the states that occur, and of the one that is chosen. */
export const stateChips = (states: readonly { state: string; count: number }[], chosen: string | undefined) =>
  ORDER.filter((state) => state === chosen || states.some((one) => one.state === state)).map((state) => ({
    value: state,
    label: rowWord(state),
    count: states.find((one) => one.state === state)?.count ?? 0,
  }));

/** A listing in a few words. */
export const listing = (one: ShopListing | null) =>
  one ? `${shops.classes[one.class]}, ${shops.listing(one.promiseDate, one.cap)}` : shops.notListedHere;

/** Why a row is as it is, in words. */
export function reason(row: ShopRow): string {
  const still = row.state === "failed" && row.action === "delist" ? shops.stillSells : "";
  const waits = row.state === "pending" ? shops.waits[row.action ?? ""] : "";
  return [still, row.reason ?? waits].filter(Boolean).join(" ");
}

/** What a sync came to, as parts of a sentence; zeros are left out, but for what was confirmed. */
export function outcome(synced: ShopSynced): { word: string; look: Look }[] {
  const parts: [count: number, word: (n: number) => string, look: Look][] = [
    [synced.failed, shops.failed, "bad"],
    [synced.unknown, shops.unknown, "attention"],
    [synced.waiting, shops.waiting, "waiting"],
    [synced.refusedBefore, shops.refusedBefore, "bad"],
    [synced.notLinked, shops.notLinked, "attention"],
    [synced.unchanged, shops.unchanged, "off"],
  ];
  const rest = parts.filter(([count]) => count > 0).map(([count, word, look]) => ({ word: word(count), look }));
  return [{ word: shops.confirmed(synced.confirmed), look: "good" }, ...rest];
}

/** The first free name of a demo shop. */
export function demoName(taken: readonly string[]): string {
  for (let n = 1; ; n++) if (!taken.includes(shops.demoName(n))) return shops.demoName(n);
}
