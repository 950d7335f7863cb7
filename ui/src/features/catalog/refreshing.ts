// What a refresh would do, or did.
import type { Changed, Refreshed } from "../../generated/commands";
import { catalog } from "../../messages/catalog";
import { failure } from "../../platform";
import { call } from "../../state/changes";
import { toasts } from "../../state/toasts.svelte";

export type Kind = "ADD" | "MOVE" | "UPDATE" | "REMOVE";
export const KINDS: readonly Kind[] = ["REMOVE", "ADD", "MOVE", "UPDATE"];
/** Changes of each kind that are shown. */
export const SHOWN = 100;

export const countOf = (refreshed: Refreshed, kind: Kind) =>
  ({ ADD: refreshed.added, MOVE: refreshed.moved, UPDATE: refreshed.updated, REMOVE: refreshed.removed })[kind];

/** "A refresh would add 12 and remove 3." */
export function would(refreshed: Refreshed): string {
  const say = {
    ADD: catalog.trial.add,
    MOVE: catalog.trial.move,
    UPDATE: catalog.trial.update,
    REMOVE: catalog.trial.remove,
  };
  const parts = (["ADD", "MOVE", "UPDATE", "REMOVE"] as const)
    .filter((kind) => countOf(refreshed, kind) > 0)
    .map((kind) => say[kind](countOf(refreshed, kind)));
  return parts.length === 0 ? catalog.trial.nothing : catalog.trial.would(parts);
}

export const done = ({ added, moved, updated, removed }: Refreshed) =>
  catalog.trial.done(added, moved, updated, removed);

export const changesOf = (refreshed: Refreshed, kind: Kind): readonly Changed[] =>
  refreshed.changes.filter((change) => change.change === kind);

/** Brings the lists up to date, and says what that came to; the brake's question has a place of its own. */
export async function refreshNow(onbrake: () => void) {
  try {
    toasts.done(done(await call("refresh_catalog", {})));
  } catch (thrown) {
    if (failure(thrown).code === "confirmationNeeded") onbrake();
    else toasts.failed(thrown);
  }
}
