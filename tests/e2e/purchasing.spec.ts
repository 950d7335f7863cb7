// Purchase orders, as a merchandiser works with them, on the real core.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessible, expect, fits, test, type Host } from "../../ui/e2e/host";

test.use({ own: "purchasing" });

const HEADER = "po_id,line_no,sku,quantity,arrival_date,facility,is_new\n";
const SCRIPT = "PO-<script>document.title='owned'</script>";
const day = (away: number) => new Date(Date.now() + away * 86_400_000).toISOString().slice(0, 10);
const folder = mkdtempSync(join(tmpdir(), "presell-e2e-files-"));

async function bring(host: Host, kind: string, name: string, text: string) {
  const path = join(folder, name);
  writeFileSync(path, text);
  await host.rpc("import_file", { kind, path, confirm: true, create: true });
}

test.beforeAll(async ({ host }) => {
  const lines = [
    `PO-1001,1,COAT-S,40,${day(30)},EAST,Y`,
    `PO-1001,2,COAT-M,60,${day(30)},EAST,Y`,
    `PO-1002,1,SCARF,20,${day(-3)},WEST,N`,
    `"${SCRIPT}",1,HAT,5,${day(3)},EAST,N`,
  ];
  await bring(host, "purchase-orders", "spring.csv", HEADER + lines.join("\n"));
  await bring(host, "products", "products.csv", "sku,title\nCOAT-S,<b>Coat</b> small\nCOAT-M,Coat medium\n");
});

test.beforeEach(async ({ app, host }) => {
  // Colours on their way from dark to light are nobody's contrast.
  await app.emulateMedia({ reducedMotion: "reduce" });
  await app.goto(`${host.url}/#/purchase-orders`);
  await expect(app.getByRole("heading", { level: 1, name: "Purchase orders" })).toBeVisible();
});

test("orders are found, filtered by what is due, and opened with their lines", async ({ app }) => {
  const table = app.getByRole("table", { name: "Purchase orders" });
  await expect(table.getByRole("row").nth(1), "what is overdue stands first").toContainText("PO-1002");
  await app.getByRole("button", { name: /^Overdue/ }).click();
  await expect(app, "the filter is in the address").toHaveURL(/due=overdue/);
  await expect(table.getByRole("row"), "a heading and one order").toHaveCount(2);
  await app.getByRole("button", { name: "Clear filters" }).click();
  await app.getByRole("searchbox", { name: "Order, SKU or product" }).fill("coat-m");
  await expect(table.getByRole("row"), "an order is found by the SKU of a line").toHaveCount(2);
  await app.getByRole("link", { name: "PO-1001" }).click();
  const pane = app.getByRole("complementary", { name: "Purchase order" });
  await expect(pane.getByRole("heading", { name: "PO-1001" })).toBeVisible();
  await pane.getByRole("link", { name: /Coat medium/ }).click();
  await expect(pane.getByRole("link", { name: "Why is it listed or not?" })).toHaveAttribute(
    "href",
    "#/catalog?sku=COAT-M",
  );
  await app.getByRole("searchbox", { name: "Order, SKU or product" }).fill("nothing like it");
  await expect(app.getByText("No purchase order fits the search and the filters.")).toBeVisible();
});

test("a line is changed with the keyboard alone, asks where it is dangerous, and is taken back", async ({
  app,
  host,
}) => {
  await app.goto(`${host.url}/#/purchase-orders?po=PO-1001&line=1`);
  const pane = app.getByRole("complementary", { name: "Purchase order" });
  const quantity = pane.getByLabel("Quantity", { exact: false }).first();
  await quantity.focus();
  await app.keyboard.press("Control+A");
  await app.keyboard.type("45");
  await app.keyboard.press("Control+S");
  const notice = app.getByRole("status").filter({ hasText: "Quantity 40 → 45" });
  await expect(notice, "what changed is said, old and new").toBeVisible();
  await expect(pane.getByText("Quantity 40 → 45"), "and stands in the history").toBeVisible();
  await notice.getByRole("button", { name: "Undo" }).press("Enter");
  await expect(quantity, "undo brings the old value back").toHaveValue("40");

  await pane.getByLabel("Arrival date").fill(day(-10));
  await app.keyboard.press("Control+S");
  const asked = app.getByRole("dialog", { name: "Look at this first" });
  await expect(asked, "a date in the past asks").toContainText("This date has passed");
  await accessible(app, "the question");
  await app.keyboard.press("Escape");
  await expect(asked).toBeHidden();
  await expect(pane.getByLabel("Arrival date"), "nothing typed is lost").toHaveValue(day(-10));
  await app.goto(`${host.url}/#/health`);
  await expect(app.getByRole("dialog", { name: "Leave without saving?" }), "leaving with edits asks").toBeVisible();
  await app.getByRole("button", { name: "Stay" }).click();
  await pane.getByRole("button", { name: "Discard" }).click();
  await expect(pane.getByLabel("Arrival date")).toHaveValue(day(30));
});

test("what somebody else changed meanwhile is shown beside what was typed", async ({ app, host }) => {
  await app.goto(`${host.url}/#/purchase-orders?po=PO-1001&line=2`);
  const pane = app.getByRole("complementary", { name: "Purchase order" });
  const buffer = pane.getByLabel("Order buffer", { exact: false }).first();
  await buffer.fill("7");
  await host.rpc("change_line", { order: "PO-1001", line: 2, change: { quantity: 61 } });
  await expect(pane.getByText(/Somebody else changed this line meanwhile. It says now: Quantity 61/)).toBeVisible();
  await expect(buffer, "what was typed stays").toHaveValue("7");
  await pane.getByRole("button", { name: "Keep mine and save" }).click();
  await expect(pane.getByText("Order buffer 0 → 7").first()).toBeVisible();
  const { lines } = await host.rpc<{ lines: { ordered: number; buffer: number }[] }>("show_purchase_order", {
    code: "PO-1001",
    limit: 5,
  });
  expect(lines[1], "both changes are kept").toMatchObject({ ordered: 61, buffer: 7 });
});

test("goods are received by hand and an order is closed and opened again", async ({ app, host }) => {
  await app.goto(`${host.url}/#/purchase-orders?po=PO-1002&line=1`);
  const pane = app.getByRole("complementary", { name: "Purchase order" });
  await pane.getByLabel("Pieces that arrived").fill("20");
  await pane.getByRole("button", { name: "Post the receipt" }).click();
  await expect(pane.getByText("All here"), "a line with all its goods is closed").toBeVisible();
  await expect(pane.getByText("Received 0 → 20").first(), "the receipt is in the history").toBeVisible();
  await pane.getByLabel("Status of the order").selectOption("Cancelled");
  await expect(app.getByRole("status").filter({ hasText: "PO-1002 is cancelled." })).toBeVisible();
  await app.getByRole("button", { name: "Undo", exact: true }).last().click();
  await expect(pane.getByLabel("Status of the order")).toHaveValue("CREATED");
});

test("a number and a name with a script stay text", async ({ app }) => {
  await app.getByRole("link", { name: SCRIPT }).click();
  const pane = app.getByRole("complementary", { name: "Purchase order" });
  await expect(pane.getByRole("heading", { name: SCRIPT })).toBeVisible();
  await expect(app).toHaveTitle(/Purchase orders/);
  await app.goto(app.url().replace(/po=.*/, "po=PO-1001"));
  await expect(pane.getByText("<b>Coat</b> small"), "markup in a name is shown as it is").toBeVisible();
});

test("nobody is shut out, and nothing scrolls sideways", async ({ app, host }) => {
  await accessible(app, "the list");
  await app.goto(`${host.url}/#/purchase-orders?po=PO-1001&line=1`);
  await expect(app.getByRole("heading", { name: "PO-1001" })).toBeVisible();
  await accessible(app, "an order with an open line");
  await fits(app, "an order with an open line");
});
