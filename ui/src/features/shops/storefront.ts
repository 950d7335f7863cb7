// What a customer sees of a variant, by the rule that themes follow: it can be bought before it arrives if its mark says so,
// it is out of stock, and the shop goes on selling it. A date that has passed is not shown.
import type { ShopListing, ShopRow } from "../../generated/commands";
import { shops } from "../../messages/shops";

interface Sight {
  badge: string;
  /** The date, or why none is told. */
  date: string;
  tone: "preorder" | "backorder" | "good" | "attention" | "plain";
}

interface Shown {
  listing: ShopListing | null;
  sells: boolean | null;
  quantity: number | null;
}

/** The calendar date of an instant in a zone, as 2026-12-24. */
export function today(now: number, zone: string | null | undefined): string {
  try {
    return new Intl.DateTimeFormat("en-CA", { timeZone: zone ?? undefined }).format(now);
  } catch {
    return new Intl.DateTimeFormat("en-CA").format(now);
  }
}

export function sight({ listing, sells, quantity }: Shown, day: string): Sight {
  if (sells === null) return { badge: shops.badge.unknown, date: "", tone: "plain" };
  // What the shop does not count, it always sells.
  if (quantity === null || quantity > 0) return { badge: shops.badge.stock, date: "", tone: "good" };
  if (!sells) return { badge: shops.badge.out, date: "", tone: "plain" };
  if (!listing) return { badge: shops.badge.bare, date: shops.bareHint, tone: "attention" };
  return {
    badge: shops.classes[listing.class],
    date: listing.promiseDate < day ? shops.noDate : shops.arrives(listing.promiseDate),
    tone: listing.class === "PRE_ORDER" ? "preorder" : "backorder",
  };
}

/** What they see now, and what they will see once the shop shows what is wanted, if that is something else. */
export function seen(row: ShopRow, day: string): { now: Sight; then: Sight | null } {
  const now = sight({ listing: row.observed, sells: row.sells, quantity: row.quantity }, day);
  if (row.state !== "pending" && row.state !== "drifted") return { now, then: null };
  const wanted = { listing: row.expected, sells: row.expected !== null, quantity: row.quantity ?? 0 };
  const then = sight(wanted, day);
  return { now, then: then.badge === now.badge && then.date === now.date ? null : then };
}
