import { expect, it } from "vitest";
import { cards, dashed, more, ticked } from "../src/features/preorder/cards";
import { job } from "./support";

it("the cards follow the groups the jobs name, in their order", () => {
  const jobs = [
    job({ id: "1", group: "Pre-sell catalog" }),
    job({ id: "2", group: "Pre-sell on Shopify: Catalog" }),
    job({ id: "3", group: "Pre-sell on Shopify: Orders" }),
    job({ id: "4", group: "Pre-sell on Shopify: Catalog" }),
    job({ id: "5", group: "More jobs" }),
    job({ id: "6", group: "Imports", page: "PIPELINE" }),
  ];
  const shown = cards(jobs).map(({ title, groups }) => [
    title,
    groups.map(({ name, jobs }) => [name, jobs.map(({ id }) => id)]),
  ]);
  expect(shown, "a card holds its groups, a group its jobs").toEqual([
    ["Pre-sell catalog", [["", ["1"]]]],
    [
      "Pre-sell on Shopify",
      [
        ["Catalog", ["2", "4"]],
        ["Orders", ["3"]],
      ],
    ],
  ]);
  expect(
    more(jobs).map(({ id }) => id),
    "the rest of this page is a list",
  ).toEqual(["5"]);
});

it("a box is ticked by an enabled recurring schedule alone", () => {
  expect(ticked(job()), "enabled and recurring").toBe(true);
  expect(ticked(job({ frequency: "ON_DEMAND" })), "on demand is no recurrence").toBe(false);
  expect([ticked(job({ state: "PAUSED" })), dashed(job({ state: "PAUSED" }))], "paused is a dash").toEqual([
    false,
    true,
  ]);
  expect(ticked(job({ state: "DRAFT" })), "a draft is off").toBe(false);
});
