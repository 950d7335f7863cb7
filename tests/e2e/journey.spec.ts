// The way of a merchandiser through the whole house: a job, its settings, a file, the lists, the reasons, goods that arrive.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, type Page } from "../../ui/e2e/host";

test.use({ own: "journey" });

const NAME = "Auto refresh pre-sell catalog";
const SKU = "COAT-M";
const day = (away: number) => new Date(Date.now() + away * 86_400_000).toISOString().slice(0, 10);
const notice = (app: Page, text: string | RegExp) => app.getByRole("status").filter({ hasText: text });

test("from a job that is set up to goods that arrive and a product that leaves", async ({ app, host }) => {
  const folder = mkdtempSync(join(tmpdir(), "presell-journey-"));
  const file = join(folder, "orders.csv");
  writeFileSync(file, `po_id,line_no,sku,quantity,arrival_date,facility,is_new\nPO-77,1,${SKU},40,${day(30)},EAST,Y\n`);

  // Pipeline: search, open, run time, frequency, a parameter, save; the next run moves.
  await app.goto(`${host.url}/#/pipeline`);
  await expect(app.getByRole("searchbox"), "the page is there").toBeVisible();
  await app.keyboard.press("/");
  await app.keyboard.type("refresh");
  await app.getByRole("link", { name: NAME, exact: true }).click();
  const pane = app.getByRole("complementary", { name: "Selected job" });
  await pane.getByRole("button", { name: "Switch on" }).click();
  await expect(pane.getByText(/^On, next/), "it is on").toBeVisible();
  const before = (await host.rpc<{ nextRun: string }>("show_job", { id: "JOB_REL_PREODR_CAT" })).nextRun;
  await pane.getByLabel("Run time").selectOption({ label: "In an hour" });
  await pane.getByLabel("Frequency", { exact: true }).selectOption({ label: "Hourly" });
  await pane.getByLabel(/^Max change percent/).fill("40");
  await pane.getByRole("button", { name: "Save changes" }).click();
  await expect(notice(app, "Saved"), "it says that it is saved").toBeVisible();
  const job = await host.rpc<{ nextRun: string; frequency: string }>("show_job", { id: "JOB_REL_PREODR_CAT" });
  expect(job.frequency, "the new frequency counts").toBe("HOURLY");
  expect(job.nextRun > before, "the next run moves").toBe(true);

  // Cancel and undo, then off.
  await pane.getByRole("button", { name: "Cancel job" }).click();
  await notice(app, "Cancelled").getByRole("button", { name: "Undo" }).last().click();
  await expect(pane.getByText(/^On, next/), "undo brings it back").toBeVisible();
  await pane.getByRole("button", { name: "Cancel job" }).click();
  await expect(pane.getByText("Draft"), "it is off").toBeVisible();
  await expect(notice(app, "Cancelled"), "and the program has it").toBeVisible();

  // Pre-order: the box.
  await app.getByRole("link", { name: "Pre-order", exact: true }).click();
  await expect(app.getByRole("checkbox", { name: NAME }), "what was just cancelled is not ticked").not.toBeChecked();
  await app.getByRole("checkbox", { name: NAME }).check();
  await expect(notice(app, /first run/), "it says when it runs first").toBeVisible();

  // A file: chosen, mapped, reviewed, confirmed.
  await app.getByRole("link", { name: "Import", exact: true }).click();
  const chooser = app.waitForEvent("filechooser");
  await app.getByRole("button", { name: "Choose a file" }).click();
  await (await chooser).setFiles(file);
  await app.getByRole("button", { name: "Review the rows" }).click();
  await app.getByRole("button", { name: /^Import 1 row/ }).click();

  // The lists follow by themselves, and say why.
  await app
    .getByRole("link", { name: /^Catalog/ })
    .first()
    .click();
  await app.getByRole("table", { name: "Products" }).getByRole("link", { name: SKU }).first().click();
  const why = app.getByRole("complementary");
  await expect(why.getByText("Purchase order is open"), "each check is told").toBeVisible();
  await expect(why.getByText("Can be pre-ordered"), "a new style on its way is a pre-order").toBeVisible();

  // The goods arrive.
  await app.goto(`${host.url}/#/purchase-orders?po=PO-77&line=1`);
  const order = app.getByRole("complementary", { name: "Purchase order" });
  await order.getByLabel("Pieces that arrived").fill("40");
  await order.getByRole("button", { name: "Post the receipt" }).click();
  await expect(order.getByText("All here"), "the line is closed").toBeVisible();
  await app.goto(`${host.url}/#/catalog?sku=${SKU}`);
  await expect(why.getByText("Taken off the list"), "the product leaves, and says why").toBeVisible();
  const listed = await host.rpc<unknown[]>("list_catalog", {});
  expect(listed, "nothing is promised that has come").toEqual([]);
});
