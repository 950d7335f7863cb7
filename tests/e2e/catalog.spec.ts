// The page Catalog on the real core: what is listed, why, what if, and the questions it asks.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessible, expect, fits, test, type Host, type Page } from "../../ui/e2e/host";

test.use({ own: "catalog" });

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const evil = `<img src=x onerror="document.title='broken'"><script>document.title='broken'</script>`;

async function takes(host: Host, kind: string, lines: string[]) {
  const path = join(mkdtempSync(join(tmpdir(), "presell-files-")), `${kind}.csv`);
  writeFileSync(path, `${lines.join("\n")}\n`);
  const report = await host.rpc<{ refused: number }>("import_file", { kind, path, confirm: true, create: true });
  expect(report.refused, "the file of a test is taken whole").toBe(0);
}
const orders = (host: Host, lines: string[]) =>
  takes(host, "purchase-orders", ["po_id,line_no,sku,quantity,arrival_date,facility,is_new,status", ...lines]);
const stock = (host: Host, lines: string[]) => takes(host, "inventory", ["sku,quantity,facility", ...lines]);

const many = Array.from({ length: 30 }, (_, at) => `M-${String(at).padStart(2, "0")}`);

test.describe.configure({ mode: "serial" });

test("nothing is there yet, and the page says where it comes from", async ({ app }) => {
  await app.goto(`${app.url().split("#")[0]}#/catalog`);
  await expect(app.getByText("No products yet"), "an empty catalog explains itself").toBeVisible();
  await expect(app.getByRole("main").getByRole("link", { name: "Import files" }), "and leads on").toBeVisible();
  await accessible(app, "the empty catalog");
});

test("a trial says what a refresh would do, and the refresh does it", async ({ app, host }) => {
  await takes(host, "products", [
    "sku,title",
    `A-1,"Parka ${evil.replaceAll('"', '""')}"`,
    "B-1,Boot",
    "C-1,Crew",
    "D-1,Dress",
  ]);
  await orders(host, [
    `"PO-7 <img src=x onerror=""document.title='broken'"">",1,A-1,10,${day(20)},WH,Y,APPROVED`,
    `PO-8,1,B-1,5,${day(9)},WH,N,CREATED`,
    `PO-8,2,C-1,5,${day(9)},WH,N,CREATED`,
    `PO-9,1,B-1,7,${day(-3)},WH,N,CREATED`,
  ]);
  await stock(host, ["A-1,0,WH", "B-1,0,WH", "C-1,4,WH", "D-1,0,WH"]);
  await app.goto(`${host.url}/#/catalog`);
  await expect(app.getByText("never been brought up to date"), "the page says that nothing was decided").toBeVisible();
  await app.getByRole("button", { name: "Try a refresh" }).first().click();
  const dialog = app.getByRole("dialog");
  await expect(dialog.getByText("A refresh would add 2."), "the trial counts").toBeVisible();
  await expect(dialog.getByRole("link", { name: "A-1" }), "and names").toBeVisible();
  await accessible(app, "the trial");
  await dialog.getByRole("button", { name: "Refresh now" }).click();
  await expect(app.getByText("Refreshed: 2 added"), "what was done is said").toBeVisible();
  await expect(
    app.getByRole("table", { name: "Products" }).getByText("In stock"),
    "reasons are worked out by themselves",
  ).toBeVisible();
  await expect(app.getByRole("button", { name: /No purchase order/ }), "and counted").toBeVisible();
  expect(await app.title(), "a title is text, whatever it holds").toContain("Presell");
  await expect(app.getByText(`Parka ${evil}`), "and is shown as it is").toBeVisible();
  await accessible(app, "the list");
  await fits(app, "the list");
});

test("by keyboard alone: find a product, see why, try what if, exclude it and undo that", async ({ app, host }) => {
  await app.goto(`${host.url}/#/catalog`);
  await expect(app.getByRole("table", { name: "Products" }), "the list is there").toBeVisible();
  await app.keyboard.press("/");
  await app.keyboard.type("boot");
  await expect(app.getByText("1 of 1"), "the search narrows").toBeVisible();
  await app.keyboard.press("Tab");
  await app.locator("h1").focus();
  await app.keyboard.press("j");
  await expect(app.getByRole("link", { name: /Boot/ }), "j goes to the first row").toBeFocused();
  await app.keyboard.press("Enter");
  const pane = app.getByRole("complementary", { name: "Why" });
  await expect(pane.getByText("Why it is listed"), "Enter opens the reasons").toBeVisible();
  for (const text of [
    "Sold out in the web shop",
    "Purchase order is open",
    "Promise date still to come",
    "Pieces left to pre-sell",
  ])
    await expect(pane.getByText(text).first(), `${text}: every check is shown`).toBeVisible();
  await expect(pane.getByText("does not qualify"), "the line whose date has passed is told apart").toBeVisible();
  await expect(pane.getByText("Added as backorder"), "with what happened").toBeVisible();
  await accessible(app, "the reasons");

  await pane.getByRole("button", { name: "What if…" }).focus();
  await app.keyboard.press("Enter");
  await pane.getByLabel("Pieces in stock").focus();
  await app.keyboard.type("3");
  await expect(
    pane.getByRole("row", { name: /Decision Listed Not listed/ }),
    "what if shows both beside each other",
  ).toBeVisible();
  await expect(pane.getByRole("row", { name: /Reason – In stock/ }), "with the reason").toBeVisible();
  await accessible(app, "what if");

  await pane.getByRole("button", { name: "Exclude" }).focus();
  await app.keyboard.press("Enter");
  await expect(pane.getByRole("button", { name: "Let in again" }), "it is kept out").toBeVisible();
  await expect(pane.getByText("The next refresh takes it off."), "and the pane says what follows").toBeVisible();
  await app.getByRole("button", { name: "Undo" }).focus();
  await app.keyboard.press("Enter");
  await expect(pane.getByRole("button", { name: "Exclude" }), "and let in again").toBeVisible();
  await app.locator("h1").focus();
  await app.keyboard.press("Escape");
  await expect(pane, "Esc closes").toBeHidden();
  await expect(app.getByRole("link", { name: /Boot/ }), "and goes back to the row").toBeFocused();
});

test("an address leads to a list, a reason and a product", async ({ app, host }) => {
  await app.goto(`${host.url}/#/catalog?list=notListed&reason=IN_STOCK&sku=C-1`);
  await expect(app.getByRole("button", { name: /^In stock/ }), "the filter is on").toHaveAttribute(
    "aria-pressed",
    "true",
  );
  await expect(app.getByText("1 of 1"), "and narrows").toBeVisible();
  const pane = app.getByRole("complementary", { name: "Why" });
  await expect(pane.getByText("needs at most 0"), "the failed check says what it takes").toBeVisible();
  const saved = app.waitForEvent("download");
  await app.getByRole("button", { name: "Export" }).click();
  const csv = readFileSync(await (await saved).path(), "utf8")
    .trim()
    .split("\n");
  expect(csv.length, "what the list shows goes to a file, below a header").toBe(2);
  expect(csv[1], "with its reason").toContain("C-1,Crew,,IN_STOCK");
  await app.goto(`${host.url}/#/catalog?sku=A-1`);
  await expect(pane.getByRole("heading", { name: "<script>" }), "a title stays text").toBeVisible();
  await expect(pane.getByRole("link", { name: /Open PO-7 <img/ }), "and so does an order's number").toBeVisible();
  await fits(app, "the reasons");
  await app.goto(`${host.url}/#/catalog?q=nothing-like-this`);
  await expect(app.getByText("No product matches"), "nothing matches is not nothing there").toBeVisible();
  await app.goto(`${host.url}/#/catalog?sku=GONE`);
  await expect(pane.getByText("This product is not here"), "an unknown product is said to be unknown").toBeVisible();
});

test("the brake asks before a shop is emptied, and does what is answered", async ({ app, host }) => {
  await orders(
    host,
    many.map((sku, at) => `PO-M,${at + 1},${sku},10,${day(15)},WH,Y,APPROVED`),
  );
  await stock(
    host,
    many.map((sku) => `${sku},0,WH`),
  );
  await host.rpc("refresh_catalog", {});
  await stock(
    host,
    many.map((sku) => `${sku},5,WH`),
  );
  await host.rpc("refresh_catalog", {}).catch(() => "stopped");
  await app.goto(`${host.url}/#/catalog`);
  await app.getByRole("button", { name: "Look at what would leave" }).click();
  const dialog = app.getByRole("dialog");
  await expect(
    dialog.getByText("30 of 32 listed products would leave the lists."),
    "the question has numbers",
  ).toBeVisible();
  await expect(dialog.getByRole("link", { name: "M-00" }), "and names").toBeVisible();
  await accessible(app, "the brake's question");
  await dialog.getByRole("button", { name: "Keep them listed" }).click();
  await expect(app.getByRole("link", { name: /32 ?pre-order|31 ?pre-order/ }), "kept").toBeVisible();
  await app.getByRole("button", { name: "Look at what would leave" }).click();
  await dialog.getByRole("button", { name: "Remove 30 products" }).click();
  await expect(app.getByText("30 removed"), "confirmed, they go").toBeVisible();
  await expect(app.getByText("A refresh was stopped"), "and the question is gone").toBeHidden();
});

const names = ["One", "Two", "Three"] as const;
const connected = async (host: Host, name: string) => {
  await host.rpc("add_shop", { name, platform: "demo" });
  await host.rpc("test_shop", { name });
};
/** The next write to a variant of this demo shop is refused. */
async function refuses(belongings: string, name: string) {
  const url = readFileSync(join(belongings, "demo-shops", `${name}.port`), "utf8");
  const fault = {
    kind: "refuse",
    code: "INVALID",
    message: "A rule of the shop forbids it.",
    items: 1,
    operation: "productVariantsBulkUpdate",
  };
  const answer = await fetch(`${url}/simulator/faults`, { method: "PUT", body: JSON.stringify({ faults: [fault] }) });
  expect(answer.ok, "the plan of faults is understood").toBe(true);
}
const rowOf = (app: Page, title: RegExp) =>
  app.getByRole("table", { name: "Products" }).getByRole("row").filter({ hasText: title });
const why = (app: Page) => app.getByRole("complementary", { name: "Why" });

test("nothing is said of shops before there is one, and what nobody looked at is unknown", async ({ app, host }) => {
  await app.goto(`${host.url}/#/catalog?list=backorder&sku=B-1`);
  await expect(why(app).getByText("Why it is listed"), "the product is explained").toBeVisible();
  await expect(app.getByRole("columnheader", { name: "Shops" }), "no column without a shop").toBeHidden();
  await expect(app.getByRole("combobox", { name: "Shops" }), "and no filter").toBeHidden();
  await expect(why(app).getByText("In the shops"), "and nothing about it among the reasons").toBeHidden();
  await connected(host, names[0]);
  await expect(app.getByRole("columnheader", { name: "Shops" }), "it comes by itself").toBeVisible();
  await expect(rowOf(app, /Boot/), "what nobody looked at is not said to be listed").toContainText("Unknown");
  const shop = why(app).getByRole("article", { name: names[0] });
  await expect(shop.getByRole("figure"), "nor what customers see").toContainText("Unknown");
  await expect(shop.getByRole("figure"), "but why nobody knows").toContainText("Nobody has looked for it");
  await accessible(app, "a shop of which nothing is known");
});

test("a product says what its shop shows, and what a customer sees there", async ({ app, host }) => {
  await host.rpc("sync_shop", { name: names[0] });
  await app.goto(`${host.url}/#/catalog`);
  await expect(rowOf(app, /Boot/), "it is listed there").toContainText("Listed");
  await expect(rowOf(app, /Crew/), "what is in stock is in line").toContainText("Not listed");
  const filter = app.getByRole("combobox", { name: "Shops" });
  await filter.focus();
  await app.keyboard.type("Listed");
  await expect(app, "the filter is in the address").toHaveURL(/shops=listed/);
  await expect(app.getByText("2 of 2"), "and narrows").toBeVisible();
  await rowOf(app, /Boot/).getByRole("link").focus();
  await app.keyboard.press("Enter");
  const shop = why(app).getByRole("article", { name: names[0] });
  await expect(shop.getByRole("figure"), "the list, the date, the pieces").toContainText(
    /Backorder\s*ships by \d+ \w+ \d{4} · 5 left/,
  );
  await expect(shop.getByRole("figure"), "and the button").toContainText("Backorder");
  await expect(shop, "one line where all say the same").toContainText("Shows what it should");
  await expect(shop, "and whether it sells at zero").toContainText("sells without stock");
  await accessible(app, "what a shop shows");
  await fits(app, "what a shop shows");
  await shop.getByRole("link", { name: "Show it in One" }).focus();
  await app.keyboard.press("Enter");
  await expect(
    app.getByRole("table", { name: "Products in the shop" }).getByRole("row"),
    "the page Shops has it found already, below its header",
  ).toHaveCount(2);
});

test("of several shops the worst speaks, and the navigation says that one needs attention", async ({
  app,
  host,
  belongings,
}) => {
  await app.goto(`${host.url}/#/catalog`);
  await expect(rowOf(app, /Boot/), "all is well").toContainText("Listed");
  const nav = app.getByRole("navigation", { name: "Pages" });
  await expect(nav.getByRole("link", { name: "Shops", exact: true }), "no number while all is well").toBeVisible();
  for (const name of names.slice(1)) await connected(host, name);
  await refuses(belongings, names[1]);
  await host.rpc("sync_shop", { name: names[1] });
  await host.rpc("sync_shop", { name: names[2] });
  await expect(
    nav.getByRole("link", { name: /^Shops 1 shop needs attention$/ }),
    "one shop needs somebody, and whoever listens hears what is counted",
  ).toBeVisible();
  const failed = app.getByRole("table", { name: "Products" }).getByRole("row").filter({ hasText: "Failed" });
  const { total } = await host.rpc<{ total: number }>("browse_shop", { name: names[1], state: "failed" });
  expect(total, "the shop refused something").toBeGreaterThan(0);
  await expect(failed, "the worst gives the word").toHaveCount(total);
  await expect(failed.first(), "beside how many show it").toContainText("2 of 3 show it");
  await expect(failed.first(), "and each is heard").toContainText("One: listed, Three: listed, Two: failed");
  await app.getByRole("combobox", { name: "Shops" }).selectOption("failed");
  await expect(app.getByText(`${total} of ${total}`), "the filter finds what failed").toBeVisible();
  await failed.first().getByRole("link").click();
  const shop = why(app).getByRole("article", { name: "Two" });
  await expect(shop, "with the shop's reason").toContainText("A rule of the shop forbids it");
  await expect(shop.getByRole("figure"), "and customers cannot buy it").toContainText("Sold out");
  await accessible(app, "three shops");
  await fits(app, "three shops");
  await app.getByRole("button", { name: "Clear filters" }).click();
  await expect(app, "and lets go again").not.toHaveURL(/shops=/);
});
