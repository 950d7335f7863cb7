import { describe, expect, it } from "vitest";
import { Connection, domain } from "../src/features/shops/connect.svelte";
import { Draft, groups, wrong } from "../src/features/shops/draft.svelte";
import { seen, sight, today } from "../src/features/shops/storefront";
import { demoName, outcome, reason, shopWord, stateChips } from "../src/features/shops/words";
import type { ShopListing, ShopRow, ShopSynced, ShopView } from "../src/generated/commands";

const DAY = "2026-11-25";
const listing = (part: Partial<ShopListing> = {}): ShopListing => ({
  class: "PRE_ORDER",
  promiseDate: "2026-12-24",
  cap: 5,
  ...part,
});
const row = (part: Partial<ShopRow> = {}): ShopRow => ({
  sku: "A-1",
  title: "Parka",
  state: "listed",
  expected: listing(),
  confirmed: listing(),
  observed: listing(),
  sells: true,
  quantity: 0,
  action: null,
  reason: null,
  seenAt: null,
  ...part,
});

describe("what a customer sees", () => {
  const badge = (part: Partial<ShopRow>) => {
    const { observed, sells, quantity } = row(part);
    return sight({ listing: observed, sells, quantity }, DAY).badge;
  };

  it("is the list with its date only where mark, policy and empty stock agree", () => {
    expect(sight({ listing: listing(), sells: true, quantity: 0 }, DAY)).toMatchObject({
      badge: "Pre-order",
      date: "by 24 Dec 2026",
    });
    expect(badge({ observed: listing({ class: "BACKORDER" }) }), "each list has its word").toBe("Backorder");
    expect(badge({ quantity: 3 }), "stock goes before the mark").toBe("In stock");
    expect(badge({ quantity: null }), "what is not counted always sells").toBe("In stock");
    expect(badge({ sells: false }), "a mark alone sells nothing").toBe("Sold out");
    expect(badge({ observed: null }), "selling on without a mark tells no date").toBe("In stock, no date");
    expect(badge({ sells: null }), "what was never seen is not guessed").toBe("Not known");
  });

  it("never is a date that has passed, and today has not passed", () => {
    const on = (promiseDate: string) =>
      sight({ listing: listing({ promiseDate }), sells: true, quantity: -2 }, DAY).date;
    expect(on("2026-11-24")).toBe("its date has passed and is not shown");
    expect(on(DAY)).toBe("by 25 Nov 2026");
  });

  it("is told for after the sync where that is something else", () => {
    expect(seen(row(), DAY).then, "a listed row stays as it is").toBeNull();
    const pending = row({ state: "pending", observed: null, sells: false });
    expect(seen(pending, DAY).then?.badge, "it will be listed").toBe("Pre-order");
    const leaving = row({ state: "pending", expected: null });
    expect(seen(leaving, DAY).then?.badge, "it will stop").toBe("Sold out");
  });

  it("goes by the shop's own day", () => {
    const late = Date.parse("2026-11-25T23:30:00Z");
    expect(today(late, "Europe/Madrid")).toBe("2026-11-26");
    expect(today(late, "America/New_York")).toBe("2026-11-25");
  });
});

describe("words of a shop", () => {
  it("count the states that ask for somebody first", () => {
    const states = [
      { state: "listed", count: 7 },
      { state: "failed", count: 1 },
    ];
    expect(stateChips(states, "drifted").map(({ value, count }) => [value, count])).toEqual([
      ["failed", 1],
      ["drifted", 0],
      ["listed", 7],
    ]);
  });

  it("say that what could not be taken off still sells", () => {
    const failed = row({ state: "failed", action: "delist", reason: "The shop refused it." });
    expect(reason(failed)).toBe("It could not be taken off and still sells. The shop refused it.");
    expect(reason(row({ state: "pending", action: "list" }))).toBe("To be listed");
    expect(reason(row()), "a listed row needs no reason").toBe("");
  });

  it("leave out what did not happen in a sync, but for what was confirmed", () => {
    const none = { sent: 0, confirmed: 0, failed: 0, unknown: 0, waiting: 0, unchanged: 0, notLinked: 0, planned: 0 };
    const synced: ShopSynced = { ...none, runId: 1, problems: [], failed: 2 };
    expect(outcome(synced).map(({ word }) => word)).toEqual(["0 confirmed", "2 failed"]);
  });

  it("give a demo shop a name that is free, and take a domain as it is copied", () => {
    expect(demoName(["Demo shop"])).toBe("Demo shop 2");
    expect(domain(" https://My-Shop.myshopify.com/admin?x=1 ")).toBe("my-shop.myshopify.com");
  });
});

describe("settings of a shop that are changed", () => {
  const shop = {
    version: 3,
    settings: { buffer: 0, maxDelistPercent: 30, quantityKey: "Q", restorePolicy: false },
  } as ShopView;

  it("are told from those that are saved, and numbers are numbers again", () => {
    const draft = new Draft();
    draft.type(shop, "buffer", "2");
    expect(draft.settings(shop).buffer).toBe(2);
    draft.type(shop, "buffer", "0");
    expect(draft.dirty, "typed back is not changed").toBe(false);
  });

  it("have a list as words with commas between, and none is all of the catalog", () => {
    const some = { ...shop, settings: { ...shop.settings, products: ["MEN-*", "S-1"] } } as ShopView;
    const draft = new Draft();
    expect(draft.value(some, "products"), "as it stands in the field").toBe("MEN-*, S-1");
    draft.type(some, "products", "MEN-*, S-1");
    expect(draft.dirty, "the same words are no change").toBe(false);
    draft.type(some, "products", " KIDS-*,, S-2 ");
    expect(draft.settings(some).products).toEqual(["KIDS-*", "S-2"]);
    draft.type(some, "products", "");
    expect(draft.settings(some).products).toEqual([]);
    expect(draft.changes(some)[0]?.after).toBe("all of the catalog");
    expect(wrong("products", "")).toBeUndefined();
  });

  it("notice that somebody else was faster", () => {
    const draft = new Draft();
    draft.type(shop, "restorePolicy", true);
    expect(draft.overtaken(shop)).toBe(false);
    expect(draft.overtaken({ ...shop, version: 4 })).toBe(true);
  });

  it("are refused where they make no sense", () => {
    expect(wrong("maxDelistPercent", "101")).toBe("Give a whole number from 0 to 100");
    expect(wrong("quantityKey", ""), "this one may be empty").toBeUndefined();
    expect(wrong("namespace", " ")).toBe("Give a name");
  });
});

describe("a shop of files", () => {
  it("has no access to give, so it is connected in two steps", () => {
    const connection = new Connection();
    expect(connection.steps, "Shopify asks for a key").toEqual(["which", "access", "test"]);
    connection.fields.platform = "file";
    expect(connection.steps, "a folder does not").toEqual(["which", "test"]);
  });

  it("is set by what counts for files alone", () => {
    const keys = (platform: ShopView["platform"]) => groups({ platform }).flatMap(([, keys]) => keys);
    expect(keys("shopify"), "Shopify has it all").toContain("namespace");
    const gone = keys("shopify").filter((key) => !keys("file").includes(key));
    expect(gone, "columns have names of their own").toEqual(["namespace", "markKey", "quantityKey", "apiVersion"]);
  });

  it("is not closed but a folder that cannot be used", () => {
    expect(shopWord({ platform: "file", state: "blocked" })).toBe("Folder not usable");
    expect(shopWord({ platform: "shopify", state: "blocked" })).toBe("Shop closed");
    expect(shopWord({ platform: "file", state: "connected" })).toBe("Connected");
  });
});
