// What a customer sees of a product, in words. What it is was worked out by the program; nothing is guessed here.
import type { ShopSight } from "../../generated/commands";
import { shops } from "../../messages/shops";

type Tone = "preorder" | "backorder" | "good" | "attention" | "plain";

const TONES: Record<ShopSight["offer"], Tone> = {
  preOrder: "preorder",
  backorder: "backorder",
  inStock: "good",
  soldOut: "plain",
  unpromised: "attention",
  unknown: "plain",
};

export interface Words {
  badge: string;
  tone: Tone;
  /** "ships by 14 Dec 2026"; empty: no date is told. */
  date: string;
  /** "40 left"; empty: nobody is told. */
  left: string;
  /** What the button says; none: there is none, or nobody knows. */
  button: string | null;
}

export const sightWords = ({ offer, promiseDate, left }: ShopSight): Words => ({
  badge: shops.badge[offer],
  tone: TONES[offer],
  date: promiseDate === null ? "" : shops.shipsBy(promiseDate),
  left: left === null ? "" : shops.left(left),
  button: shops.button[offer],
});

/** All of it in one line. */
export function inOneLine(sight: ShopSight): string {
  const { badge, date, left } = sightWords(sight);
  return [badge, date, left].filter(Boolean).join(" · ");
}
