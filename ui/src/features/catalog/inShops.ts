// How far a product is in all shops, in one mark and a few words.
import type { IconName } from "../../components/icons";
import type { Look } from "../../components/State.svelte";
import { catalog } from "../../messages/catalog";
import { ORDER, rowIcon, rowLook, rowWord } from "../shops/words";
import type { InOne } from "./list.svelte";

interface Summary {
  look: Look;
  icon: IconName | undefined;
  word: string;
  /** "2 of 3 show it"; empty where one shop says it all, or none should. */
  more: string;
  /** Shop by shop, for the pointer and the screen reader. */
  each: string;
}

/** The state that asks for somebody first speaks for all. */
export function summary(shops: readonly InOne[]): Summary {
  const worst = ORDER.find((state) => shops.some((one) => one.state === state)) ?? "unknown";
  const showing = shops.filter((one) => one.state === "listed").length;
  const several = shops.length > 1;
  return {
    look: rowLook(worst),
    icon: rowIcon(worst),
    word: rowWord(worst),
    more: several && worst !== "notListed" ? catalog.shopsShow(showing, shops.length) : "",
    each: several ? shops.map(({ shop, state }) => `${shop}: ${rowWord(state).toLowerCase()}`).join(", ") : "",
  };
}
