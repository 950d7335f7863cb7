import { describe, expect, it } from "vitest";
import { summary } from "../src/features/catalog/inShops";
import { Connection, domain } from "../src/features/shops/connect.svelte";
import { Draft, groups, wrong } from "../src/features/shops/draft.svelte";
import { inOneLine, sightWords } from "../src/features/shops/storefront";
import { demoName, outcome, reason, shopWord, stateChips } from "../src/features/shops/words";
import type { ShopListing, ShopRow, ShopSight, ShopSynced, ShopView } from "../src/generated/commands";

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
  customer: sight(),
  after: null,
  ...part,
});

const sight = (part: Partial<ShopSight> = {}): ShopSight => ({
  offer: "preOrder",
  promiseDate: "2026-12-24",
  left: 40,
  note: null,
  ...part,
});

describe("what a customer sees", () => {
  it("is told in one line, with date and pieces where there are any", () => {
    expect(inOneLine(sight())).toBe("Pre-order · ships by 24 Dec 2026 · 40 left");
    expect(inOneLine(sight({ offer: "backorder", left: null }))).toBe("Backorder · ships by 24 Dec 2026");
    expect(inOneLine(sight({ offer: "soldOut", promiseDate: null, left: null }))).toBe("Sold out");
  });

  it("has no button where nobody knows", () => {
    const unknown = sightWords(sight({ offer: "unknown", promiseDate: null, left: null }));
    expect(unknown, "unknown is a word of its own, and no colour of a list").toEqual({
      badge: "Unknown",
      tone: "plain",
      date: "",
      left: "",
      button: null,
    });
  });

  it("names what nobody intends", () => {
    expect(sightWords(sight({ offer: "unpromised", promiseDate: null, left: null }))).toMatchObject({
      badge: "Out of stock, but can be bought",
      tone: "attention",
      button: "Add to cart",
    });
  });
});

describe("a product in all shops", () => {
  const of = (...states: string[]) => summary(states.map((state, at) => ({ shop: `S${at}`, state })));

  it("is the one shop's state where there is one", () => {
    expect(of("listed")).toMatchObject({ look: "good", word: "Listed", more: "", each: "" });
    expect(of("unknown"), "unknown has its own drawing").toMatchObject({ look: "off", icon: "circle-help" });
  });

  it("has the colour of the worst, and says how many show it", () => {
    expect(of("listed", "failed", "listed")).toMatchObject({
      look: "bad",
      word: "Failed",
      more: "2 of 3 show it",
      each: "S0: listed, S1: failed, S2: listed",
    });
    expect(of("pending", "drifted"), "drift asks for somebody before what waits").toMatchObject({ word: "Drifted" });
    expect(of("listed", "unknown"), "one that nobody knows is not said to be listed").toMatchObject({
      word: "Unknown",
    });
    expect(of("notListed", "notListed"), "what should not be there is in line").toMatchObject({
      look: "off",
      more: "",
    });
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
    const synced: ShopSynced = { ...none, stale: false, runId: 1, problems: [], failed: 2, refusedBefore: 3 };
    expect(outcome(synced).map(({ word }) => word)).toEqual(["0 confirmed", "2 failed", "3 refused before"]);
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
