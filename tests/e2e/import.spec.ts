// A file on its way in: dropped, mapped, reviewed, adjusted, confirmed, undone; on the real core.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Page, accessible, expect, fits, test } from "../../ui/e2e/host";

test.use({ own: "import" });

const HEADER = "po_id,line_no,sku,quantity,arrival_date,facility,is_new\n";
const folder = mkdtempSync(join(tmpdir(), "presell-e2e-files-"));
const day = (away: number) => new Date(Date.now() + away * 86_400_000).toISOString().slice(0, 10);

function file(name: string, text: string) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function choose(app: Page, path: string) {
  const chooser = app.waitForEvent("filechooser");
  await app.getByRole("button", { name: "Choose a file" }).click();
  await (await chooser).setFiles(path);
  await expect(app.getByRole("heading", { name: "Which column is which" })).toBeVisible();
}

const row = (app: Page, number: number) =>
  app.getByRole("row").filter({ has: app.getByLabel(`Select row ${number}`, { exact: true }) });

test.beforeAll(async ({ host }) => {
  const path = file("known.csv", `${HEADER}PO-1,1,COAT,40,${day(30)},EAST,Y\nPO-1,2,SCARF,10,${day(30)},EAST,N\n`);
  await host.rpc("import_file", { kind: "purchase-orders", path });
});

test.beforeEach(async ({ app, host }) => {
  // Colours on their way from dark to light are nobody's contrast.
  await app.emulateMedia({ reducedMotion: "reduce" });
  await app.goto(`${host.url}/#/import`);
  await expect(app.getByRole("heading", { level: 1, name: "Import" })).toBeVisible();
});

test("a file is dropped, its columns are chosen, and kept by name for the next one", async ({ app }) => {
  const text = `Bestellung;Artikel;Menge;Ankunft\nPO-7;COAT;12;${day(40)}\n`;
  const transfer = await app.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "atelier.csv"));
    return transfer;
  }, text);
  await app.locator("main").dispatchEvent("dragover", { dataTransfer: transfer });
  await expect(app.getByText("Let go to look at this file")).toBeVisible();
  await app.locator("main").dispatchEvent("drop", { dataTransfer: transfer });
  await expect(app.getByText("atelier.csv")).toBeVisible();
  await expect(app.getByText(/No column holds the purchase order/), "what is missing is said").toBeVisible();
  const review = app.getByRole("button", { name: "Review the rows" });
  await expect(review, "nothing can be reviewed before it is there").toHaveAttribute("aria-disabled", "true");
  await app.getByLabel(/^purchase order \(needed\)/).selectOption("Bestellung");
  await app.getByLabel(/^product \(needed\)/).selectOption("Artikel");
  await app.getByLabel(/^quantity \(needed\)/).selectOption("Menge");
  await app.getByLabel(/^arrival date \(needed\)/).selectOption("Ankunft");
  await app.getByLabel("facility of every row").fill("EAST");
  await app.getByLabel("Name", { exact: true }).fill("Atelier");
  await app.getByRole("button", { name: "Save these columns" }).click();
  await expect(app.getByRole("status").filter({ hasText: "saved as Atelier" })).toBeVisible();
  await accessible(app, "choosing columns");
  await review.click();
  await expect(row(app, 2), "the row takes what every row is given").toContainText("EAST");
  await app.getByRole("button", { name: "Start with another file" }).click();

  await choose(app, file("atelier-2.csv", `Bestellung;Artikel;Stück;Ankunft\nPO-8;COAT;12;${day(40)}\n`));
  await app.getByLabel("Saved columns").selectOption("Atelier");
  await expect(app.getByText(/has no column Menge/), "a saved mapping that lacks a column says which").toBeVisible();
});

test("rows are reviewed, adjusted, confirmed as reviewed, and taken back", async ({ app, host }) => {
  const lines = [
    `PO-1,1,COAT,55,${day(30)},EAST,Y`,
    `PO-2,1,COAT,5,${day(60)},EAST,Y`,
    `PO-2,2,SCARF,many,${day(60)},EAST,N`,
    `PO-2,3,COAT,9,${day(60)},Main,N`,
    `PO-3,1,SCARF,4,${day(-5)},EAST,N`,
    `"<img src=x onerror=alert(1)>",1,COAT,1,${day(60)},EAST,N`,
  ];
  await choose(app, file("summer.csv", HEADER + lines.join("\n")));
  await app.getByRole("button", { name: "Review the rows" }).click();
  await expect(row(app, 2), "a known line shows old and new").toContainText("Quantity 40 → 55");
  await expect(row(app, 4)).toContainText("This is not a number of pieces");
  await expect(row(app, 7), "markup stays text").toContainText("<img src=x onerror=alert(1)>");
  await accessible(app, "the review");

  await app.getByRole("button", { name: "Change row 4" }).click();
  const dialog = app.getByRole("dialog", { name: "Row 4" });
  await dialog.getByLabel("Quantity").fill("8");
  await accessible(app, "the dialog of a row");
  await dialog.getByRole("button", { name: "Apply" }).click();
  await expect(row(app, 4), "the change is checked like the file").toContainText("the file says many");

  await app.getByRole("button", { name: "Change all rows" }).click();
  const bulk = app.getByRole("dialog", { name: "Change all rows" });
  await bulk.getByLabel("Field").selectOption("Facility");
  await bulk.getByLabel("Only where it says").fill("Main");
  await bulk.getByLabel("New value").fill("EAST");
  await bulk.getByRole("button", { name: "Apply" }).click();
  await expect(row(app, 5)).toContainText("New");
  await app.getByRole("button", { name: "Leave out: Row 7" }).click();
  await expect(row(app, 7)).toContainText("Left out");
  await app.getByRole("button", { name: "Undo last change" }).click();
  await expect(row(app, 7), "a change of mind costs nothing").toContainText("New");
  await app.getByRole("button", { name: "Leave out: Row 7" }).click();
  await expect(row(app, 7)).toContainText("Left out");

  await app.getByLabel("Take this row").first().check();
  await expect(app.getByRole("button", { name: "Import 4 rows" })).toBeVisible();
  await app.getByRole("searchbox", { name: "Order or SKU" }).fill("PO-2");
  await expect(app.getByLabel(/^Select row/), "rows are found by their order").toHaveCount(3);
  await app.goto(`${host.url}/#/health`);
  await expect(app.getByRole("dialog", { name: "Leave without saving?" }), "leaving with edits asks").toBeVisible();
  await app.getByRole("button", { name: "Stay" }).click();

  await app.getByRole("button", { name: "Import 4 rows" }).click();
  await expect(app.getByRole("heading", { name: "4 rows imported" })).toBeVisible();
  await accessible(app, "the result");
  const { lines: taken } = await host.rpc<{ lines: { ordered: number; facility: string }[] }>("show_purchase_order", {
    code: "PO-2",
    limit: 9,
  });
  expect(taken, "what was reviewed is what is there").toMatchObject([
    { ordered: 5 },
    { ordered: 8 },
    { ordered: 9, facility: "EAST" },
  ]);
  await app.getByRole("button", { name: "Undo the import" }).click();
  await expect(app.getByRole("status").filter({ hasText: "The import is taken back" })).toBeVisible();
  await expect(app.getByRole("table", { name: "Past imports" })).toContainText("Taken back");
});

test("the same file again asks, and rows left out can be looked up later", async ({ app }) => {
  await choose(app, join(folder, "known.csv"));
  await app.getByRole("button", { name: "Review the rows" }).click();
  await expect(app.getByText(/This file was imported before/)).toBeVisible();
  await expect(app.getByText("Answer the questions about the whole file first.")).toBeVisible();
  await app.getByLabel("Yes, go on").check();
  await expect(app.getByText("Answer the questions about the whole file first.")).toBeHidden();
});

test("a hundred thousand rows are reviewed while the page stays alive", async ({ app }) => {
  let text = HEADER;
  for (let i = 0; i < 100_000; i++)
    text += `PO-${i % 4000},${1000 + i},${i % 7 ? "COAT" : "GONE"},${1 + (i % 50)},${day(30)},EAST,Y\n`;
  await choose(app, file("huge.csv", text));
  await app.getByRole("button", { name: "Review the rows" }).click();
  await expect(app.getByText("1 to 50 of 100,000")).toBeVisible({ timeout: 90_000 });
  await expect(app.getByRole("button", { name: "Import 85,714 rows" })).toBeVisible();
  await app.getByRole("button", { name: "Next" }).click();
  await expect(app.getByText("51 to 100 of 100,000")).toBeVisible();
  await app.getByRole("searchbox", { name: "Order or SKU" }).fill("GONE");
  await expect(app.getByText("1 to 50 of 14,286")).toBeVisible();
  await expect(
    app.getByLabel(/^Select row/),
    "the page holds what it shows, whatever the size of the file",
  ).toHaveCount(50);
});

test("nobody is shut out, and nothing scrolls sideways", async ({ app }) => {
  await accessible(app, "the page without a file");
  await choose(app, file("small.csv", `${HEADER}PO-9,1,COAT,5,${day(60)},EAST,Y\n`));
  await fits(app, "choosing columns");
  await app.getByRole("button", { name: "Review the rows" }).click();
  await expect(row(app, 2)).toBeVisible();
  await fits(app, "the review");
});
