// How rows and findings of a file are shown.
import type { Look } from "../../components/State.svelte";
import type { Kind, RowFate, Severity } from "../../generated/commands";
import { imports as text } from "../../messages/imports";

export const kinds = Object.keys(text.kinds) as Kind[];

const looks: Record<RowFate, Look> = {
  new: "good",
  changed: "active",
  unchanged: "off",
  asks: "attention",
  refused: "bad",
  leftOut: "off",
};
export const fates = Object.keys(looks) as RowFate[];

export const fateOf = (fate: RowFate, kind: Kind) => ({
  look: looks[fate],
  word: fate === "new" && kind !== "purchase-orders" ? text.taken : text.fates[fate],
});

/** A finding as the window says it: what the command line would be told to do is done here by a tick. */
export const said = (message: string) =>
  message
    .replace(/, or add new (products|facilities) with --create/, ", or let new ones be added")
    .replace(/ (Name the one to use|Say which one): --map.*$/, "");

export const severityOf = (severity: Severity): { look: Look; word: string } =>
  severity === "asks"
    ? { look: "attention", word: text.fates.asks }
    : severity === "note"
      ? { look: "waiting", word: text.note }
      : { look: "bad", word: text.fates.refused };
