import { describe, expect, it } from "vitest";
import { adjustments, type Edit } from "../src/features/imports/edits";
import { difference, type Values } from "../src/features/purchasing/draft.svelte";
import { changeWords, valueWord } from "../src/features/purchasing/words";

const values: Values = {
  arrivalDate: "2026-08-01",
  bufferDays: "3",
  quantity: "40",
  buffer: "0",
  isNew: true,
  status: "CREATED",
};

describe("a line that is changed", () => {
  it("sends only what differs", () => {
    expect(difference(values, values), "nothing was changed").toEqual({ change: {}, errors: {} });
    const { change, errors } = difference(values, { ...values, quantity: " 45 ", isNew: false, status: "APPROVED" });
    expect(change, "blanks are no change of the value").toEqual({ quantity: 45, isNew: false, status: "APPROVED" });
    expect(errors).toEqual({});
  });

  it("says what cannot be meant before it is sent", () => {
    const { change, errors } = difference(values, { ...values, quantity: "4.5", buffer: "-1", arrivalDate: "" });
    expect(change, "what is wrong is not sent").toEqual({});
    expect(Object.keys(errors).sort()).toEqual(["arrivalDate", "buffer", "quantity"]);
  });
});

describe("old and new", () => {
  it("are said as people read them", () => {
    const words = changeWords([
      ["arrival_date", "none", "2026-08-09"],
      ["is_new", "Y", "N"],
      ["quantity", "1000", "1200"],
    ]);
    expect(words).toBe("Arrival date none → 9 Aug 2026, New style yes → no, and Quantity 1,000 → 1,200");
    expect(valueWord("sku", "0012"), "an identifier is no number").toBe("0012");
  });
});

describe("changes to the rows of a file", () => {
  const leave: Edit = { do: "leaveOut", rows: [4, 5] };
  it("become one request, in which the last word counts", () => {
    const cells = [{ field: "quantity" as const, value: "8", rows: { rows: [4] } }];
    const edits: Edit[] = [
      leave,
      { do: "takeIn", rows: [4] },
      { do: "set", cells },
      { do: "leaveOrderOut", order: "PO-1" },
    ];
    expect(adjustments(edits)).toEqual({ cells, leftOut: [5], ordersLeftOut: ["PO-1"] });
    expect(adjustments([...edits, { do: "takeOrderIn", order: "PO-1" }]).ordersLeftOut).toEqual([]);
  });
  it("are undone by leaving the last one away", () => {
    expect(adjustments([leave].slice(0, -1))).toEqual({ cells: [], leftOut: [], ordersLeftOut: [] });
  });
});
