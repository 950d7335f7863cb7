// Shops on the real core, with the demo shop: from an empty page to listed products, and back to what others changed there.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessible, expect, fits, test, type Host, type Page } from "../../ui/e2e/host";

test.use({ own: "shops" });
test.describe.configure({ mode: "serial" });

const NAME = "Demo shop";
interface Row {
  sku: string;
  state: string;
  expected: unknown;
}
interface Matrix {
  total: number;
  rows: Row[];
}

/** So many products on their way that taking them off is more than a few. */
async function many(host: Host) {
  const folder = mkdtempSync(join(tmpdir(), "presell-files-"));
  const skus = Array.from({ length: 30 }, (_, at) => `M-${String(at).padStart(2, "0")}`);
  const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  const files = {
    products: ["sku,title", ...skus.map((sku) => `${sku},Coat ${sku}`)],
    "purchase-orders": [
      "po_id,line_no,sku,quantity,arrival_date,facility,is_new,status",
      ...skus.map((sku, at) => `PO-M,${at + 1},${sku},10,${day},WH,Y,APPROVED`),
    ],
    inventory: ["sku,quantity,facility", ...skus.map((sku) => `${sku},0,WH`)],
  };
  for (const [kind, lines] of Object.entries(files)) {
    const path = join(folder, `${kind}.csv`);
    writeFileSync(path, `${lines.join("\n")}\n`);
    await host.rpc("import_file", { kind, path, confirm: true, create: true });
  }
  await host.rpc("refresh_catalog", {});
  await host.rpc("sync_shop", { name: NAME });
}

/** The demo shop's own interface, as other apps use it. */
async function inTheShop<T>(belongings: string, query: string, variables: Record<string, unknown>): Promise<T> {
  const url = readFileSync(join(belongings, "demo-shops", "Demo-shop.port"), "utf8");
  const answer = await fetch(`${url}/admin/api/2026-10/graphql.json`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-shopify-access-token": "shpat_demo" },
    body: JSON.stringify({ query, variables }),
  });
  return ((await answer.json()) as { data: T }).data;
}

/** What goes wrong in the demo shop from now on. */
async function trouble(belongings: string, faults: object[]) {
  const url = readFileSync(join(belongings, "demo-shops", "Demo-shop.port"), "utf8");
  const answer = await fetch(`${url}/simulator/faults`, { method: "PUT", body: JSON.stringify({ faults }) });
  expect(answer.ok, "the plan of faults is understood").toBe(true);
}

/** Somebody switches "continue selling when out of stock" off by hand. */
async function stopByHand(belongings: string, sku: string) {
  const { productVariants } = await inTheShop<{
    productVariants: { nodes: { id: string; product: { id: string } }[] };
  }>(belongings, "query($q: String!) { productVariants(first: 5, query: $q) { nodes { id product { id } } } }", {
    q: `sku:"${sku}"`,
  });
  const [variant] = productVariants.nodes;
  expect(variant, "the demo shop sells what was listed").toBeTruthy();
  await inTheShop(
    belongings,
    `mutation($productId: ID!, $variants: [ProductVariantsBulkInput!]!) {
       productVariantsBulkUpdate(productId: $productId, variants: $variants) { userErrors { message } } }`,
    { productId: variant?.product.id, variants: [{ id: variant?.id, inventoryPolicy: "DENY" }] },
  );
}

const table = (app: Page, name: string) => app.getByRole("table", { name });
const tab = (app: Page, name: string) => app.getByRole("tab", { name: new RegExp(`^${name}`) });

test.beforeEach(async ({ app, host }) => {
  await app.goto(`${host.url}/#/shops`);
  await expect(app.getByRole("heading", { level: 1, name: "Shops" })).toBeVisible();
});

test("an empty page says what a shop is, and a demo shop is one click away", async ({ app }) => {
  await expect(app.getByText("No shop is connected"), "it says what is missing").toBeVisible();
  await accessible(app, "Shops without a shop");
  await fits(app, "Shops without a shop");
  await app.getByRole("button", { name: "Try the demo shop" }).click();
  await expect(app.getByRole("heading", { level: 2, name: NAME }), "it is there").toBeVisible();
  await expect(app.getByText("Connected", { exact: true }), "and answers").toBeVisible();
  await expect(app.getByText("Nothing to show in the shop yet"), "nothing is on the lists").toBeVisible();
  await expect(
    app.getByRole("main").getByRole("link", { name: "Go to the catalog" }),
    "and the page leads to them",
  ).toBeVisible();
});

test("the difference is told before it is sent, a sync sends it, and rows say what customers see", async ({
  app,
  host,
}) => {
  await host.rpc("add_sample_data", { refresh: true });
  await tab(app, "Difference").click();
  await expect(app.getByText(/are not linked/), "what was not looked up is not taken for equal").toBeVisible();
  await app.getByRole("button", { name: "Look the products up" }).click();
  await expect(app.getByText(/^A sync would change \d+ products?/), "it says how much").toBeVisible();
  const first = table(app, "Difference").getByRole("row").nth(1);
  await expect(first, "each row says what is done").toContainText("List");
  await expect(first, "with which operations").toContainText("mark as");
  await expect(first, "and why").toContainText("It is on the lists");
  await accessible(app, "the difference");
  await fits(app, "the difference");
  await app.getByRole("button", { name: "Sync now" }).focus();
  await app.keyboard.press("Enter");
  await expect(app.getByText(/^\d+ confirmed$/), "it says what was confirmed").toBeVisible();
  await expect(app.getByText("The shop shows what the lists say"), "nothing is left to do").toBeVisible();
  await tab(app, "Products").click();
  const { total } = await host.rpc<Matrix>("browse_shop", { name: NAME, search: "", state: "listed" });
  expect(total, "the sample lists hold something").toBeGreaterThan(3);
  await app.getByRole("button", { name: /^Listed/ }).click();
  await expect(app.getByRole("button", { name: /^Listed/ }), "the chip counts them").toContainText(String(total));
  const row = table(app, "Products in the shop").getByRole("row").nth(1);
  await expect(row, "it is listed").toContainText("Listed");
  await expect(row, "the customer sees the list and a date").toContainText(
    /(Pre-order|Backorder)\s*ships by \d+ \w+ \d{4}/,
  );
  await accessible(app, "Shops with rows");
  await fits(app, "Shops with rows");
});

test("what others change in the shop is found, set beside ours, and written again", async ({
  app,
  host,
  belongings,
}) => {
  const { rows } = await host.rpc<Matrix>("browse_shop", { name: NAME, search: "", state: "listed" });
  const sku = rows[0]?.sku ?? "";
  await stopByHand(belongings, sku);
  await app.getByRole("button", { name: "Read back" }).first().click();
  await expect(app.getByText(/^1 of \d+ variants differ$/), "one is found").toBeVisible();
  const row = table(app, "What differs in the shop").getByRole("row").nth(1);
  await expect(row, "the one that was changed").toContainText(sku);
  await expect(row, "in words").toContainText("it does not sell without stock any more");
  await accessible(app, "drift");
  await fits(app, "drift");
  await tab(app, "Products").click();
  await app.getByRole("button", { name: /^Drifted/ }).click();
  await expect(table(app, "Products in the shop"), "customers see it sold out").toContainText("Sold out");
  await app.getByRole("button", { name: "Sync now" }).click();
  await expect(app.getByText(/^1 confirmed$/), "ours is written again").toBeVisible();
  const { total } = await host.rpc<Matrix>("browse_shop", { name: NAME, search: "", state: "drifted" });
  expect(total, "nothing differs any more").toBe(0);
});

test("what the shop refuses is named with its reason, and tried again on request", async ({
  app,
  host,
  belongings,
}) => {
  const { rows } = await host.rpc<Matrix>("browse_shop", { name: NAME, search: "", state: "listed" });
  const sku = rows[0]?.sku ?? "";
  await stopByHand(belongings, sku);
  await host.rpc("check_drift", { name: NAME });
  const refuse = { kind: "refuse", code: "INVALID", message: "A rule of the shop forbids it.", items: 1 };
  await trouble(belongings, [{ ...refuse, operation: "productVariantsBulkUpdate" }]);
  await app.getByRole("button", { name: "Sync now" }).click();
  await expect(app.getByText(/^1 failed$/), "it is counted").toBeVisible();
  const problems = app.getByRole("list", { name: "What failed" });
  await expect(problems, "and named").toContainText(sku);
  await expect(problems, "with the shop's reason").toContainText("A rule of the shop forbids it");
  await accessible(app, "a sync with a failure");
  await tab(app, "Products").click();
  await app.getByRole("button", { name: /^Failed/ }).click();
  await expect(table(app, "Products in the shop").getByRole("row").nth(1), "its row says so, too").toContainText(
    "Failed",
  );
  await trouble(belongings, []);
  await tab(app, "Difference").click();
  await app.getByRole("button", { name: "Try the failed ones again" }).click();
  await expect(app.getByText(/^1 confirmed$/), "it is done").toBeVisible();
});

test("a sync that would empty the shop stops and asks", async ({ app, host }) => {
  await many(host);
  const listed = await host.rpc<Matrix>("browse_shop", { name: NAME, search: "", state: "listed", limit: 1000 });
  expect(listed.total, "so many are listed that taking them off is more than a few").toBeGreaterThan(30);
  await host.rpc("exclude_products", { skus: listed.rows.map(({ sku }) => sku), excluded: true });
  await host.rpc("refresh_catalog", { confirm: true });
  await app.getByRole("button", { name: "Sync now" }).click();
  await expect(app.getByRole("tabpanel").getByRole("alert"), "it says how much would go").toContainText(
    "would be taken off the shop",
  );
  await app.getByRole("button", { name: "Look at what goes" }).click();
  await expect(table(app, "Difference").getByRole("row").nth(1), "what goes is shown").toContainText("Take off");
  await accessible(app, "the brake");
  await app.getByRole("button", { name: "Take them off" }).click();
  await expect(app.getByText(/^\d+ confirmed$/), "with a yes it goes on").toBeVisible();
});

test("settings are saved by key, and a second editor overwrites nothing", async ({ app, host }) => {
  await app.getByRole("button", { name: "Settings", exact: true }).click();
  const buffer = app.getByRole("textbox", { name: "Pieces held back" });
  await buffer.fill("many");
  await expect(app.getByText(/Give a whole number/), "a word is no number").toBeVisible();
  await buffer.fill("2");
  await app.keyboard.press("Control+s");
  await expect(app.getByRole("status").getByText("Saved."), "the key saves").toBeVisible();
  await buffer.fill("3");
  interface Shop {
    name: string;
    version: number;
    settings: Record<string, unknown>;
  }
  const [shop] = await host.rpc<Shop[]>("list_shops", {});
  await host.rpc("change_shop", { name: NAME, settings: { ...shop?.settings, maxDelistPercent: 40 } });
  await expect(app.getByText("Somebody else changed these settings meanwhile"), "it is said at once").toBeVisible();
  await accessible(app, "the settings of a shop");
  await app.getByRole("button", { name: "Save mine" }).click();
  await expect(app.getByRole("button", { name: "Save mine" }), "it is saved").toBeHidden();
  const [after] = await host.rpc<Shop[]>("list_shops", {});
  expect(after?.settings, "both changes stand").toMatchObject({ buffer: 3, maxDelistPercent: 40 });
  await fits(app, "the settings of a shop");
});

test("connecting takes three steps, and an access that fails says so", async ({ app }) => {
  await app.getByRole("button", { name: "Connect a shop" }).click();
  const dialog = app.getByRole("dialog", { name: "Connect a shop" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Spain");
  await dialog.getByRole("textbox", { name: "Domain" }).fill("shop.example.com");
  await dialog.getByRole("button", { name: "Next" }).click();
  await expect(dialog, "a domain that is none is refused").toContainText("ends in .myshopify.com");
  await dialog.getByRole("textbox", { name: "Domain" }).fill("https://no-such-shop.myshopify.com/admin");
  await dialog.getByRole("textbox", { name: "Domain" }).press("Enter");
  const token = dialog.getByLabel("Access token");
  await expect(token, "nobody reads the token over a shoulder").toHaveAttribute("type", "password");
  await expect(dialog, "it says where it is kept").toContainText("keyring of this computer");
  await accessible(app, "the dialog of connecting");
  await app.keyboard.press("Escape");
  await expect(dialog, "Esc leaves, and nothing was added").toBeHidden();
});

test("a shop of Shopify gets another access without being forgotten", async ({ app, host }) => {
  const shop = {
    name: "Italy",
    platform: "shopify",
    address: "no-such-shop.myshopify.com",
    secretPlace: "env:NO_TOKEN",
  };
  await host.rpc("add_shop", shop);
  await app.goto(`${host.url}/#/shops?shop=Italy&tab=settings`);
  await expect(app.getByText("a variable of this computer"), "its secret is where it was said to be").toBeVisible();
  await app.getByRole("button", { name: "Change", exact: true }).click();
  await expect(app.getByText("It cannot be empty"), "an access is something").toBeVisible();
  await app.getByLabel("Kind of access").selectOption({ label: "Client id and secret" });
  await app.getByRole("textbox", { name: "Client id" }).fill("an-app");
  await app.getByLabel(/^Secret/).fill("shpss_made_up");
  await accessible(app, "the access of a shop");
  await app.getByRole("button", { name: "Change", exact: true }).click();
  await expect(app.getByText("Changed. Test whether the shop answers."), "it is kept").toBeVisible();
  await expect(app.getByText("a variable of this computer"), "in a place of this computer").toBeHidden();
  await expect(app.getByLabel("Access token"), "and nothing of it is left on the page").toHaveValue("");
  await host.rpc("remove_shop", { name: "Italy" });
});

test("a shop of files takes a folder, and shows what its import finds there", async ({ app, host }) => {
  const folder = mkdtempSync(join(tmpdir(), "presell-shop-"));
  await app.getByRole("button", { name: "Connect a shop" }).click();
  const dialog = app.getByRole("dialog", { name: "Connect a shop" });
  await dialog.getByLabel("Kind of shop").selectOption({ label: "Another shop, by files" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("By files");
  const where = dialog.getByRole("textbox", { name: "Folder" });
  await where.fill(join(folder, "nowhere"));
  await dialog.getByRole("button", { name: "Test the folder" }).click();
  await expect(dialog, "a folder that is not there is refused where it was typed").toContainText("There is no folder");
  await accessible(app, "the dialog of connecting a folder");
  await fits(app, "the dialog of connecting a folder");
  await where.fill(folder);
  await where.press("Enter");
  await expect(dialog.getByText("The folder is ready"), "it is tested at once").toBeVisible();
  await expect(dialog, "it says what is there").toContainText("There is no products.csv");
  await accessible(app, "a folder that was tested");
  await dialog.getByRole("button", { name: "Look the products up" }).click();
  await dialog.getByRole("button", { name: "Go to the shop" }).click();
  await expect(app.getByRole("heading", { level: 2, name: "By files" }), "it is there").toBeVisible();
  await expect(app.getByText(folder), "with its folder").toBeVisible();
  await host.rpc("exclude_products", { skus: ["M-01", "M-02"], excluded: false });
  await host.rpc("refresh_catalog", {});
  await app.getByRole("button", { name: "Sync now" }).click();
  await expect(app.getByText(/^\d+ confirmed$/), "a sync writes the files").toBeVisible();
  expect(readFileSync(join(folder, "listings.csv"), "utf8"), "with what is on the lists").toContain(
    "M-01,M-01,PRE_ORDER,",
  );
  await tab(app, "Products").click();
  const row = table(app, "Products in the shop").getByRole("row").filter({ hasText: "M-01" });
  await expect(row, "customers of the shop see the list and a date").toContainText(
    /Pre-order\s*ships by \d+ \w+ \d{4}/,
  );
  await app.getByRole("button", { name: "Settings", exact: true }).click();
  await expect(
    app.getByRole("textbox", { name: "Pieces held back" }),
    "what counts for files can be set",
  ).toBeVisible();
  await expect(app.getByText("Namespace of the mark"), "what only Shopify has is not there").toBeHidden();
  await accessible(app, "a shop of files");
  await fits(app, "a shop of files");
  const moved = mkdtempSync(join(tmpdir(), "presell-shop-"));
  await app.getByRole("textbox", { name: "Folder" }).fill(moved);
  await app.getByRole("button", { name: "Change", exact: true }).click();
  await expect(app.getByText(moved), "it has another folder").toBeVisible();
  await app.getByRole("button", { name: "Sync now" }).click();
  await expect.poll(() => existsSync(join(moved, "listings.csv")), "a sync fills that").toBe(true);
  expect(readFileSync(join(moved, "listings.csv"), "utf8"), "with all there is").toContain("M-01,M-01,PRE_ORDER,");
  await host.rpc("remove_shop", { name: "By files" });
  [folder, moved].forEach((gone) => rmSync(gone, { recursive: true, force: true }));
});

test("whoever connects a shop hears of systems that forbid negative stock, and can read it again", async ({ app }) => {
  // A shop that lets us in; nothing of it is kept.
  const answers = { name: "Spain", zone: "Europe/Madrid", plan: "Plus", missingScopes: [], warnings: [] };
  await app.route("**/rpc/add_shop", (route) => route.fulfill({ json: { name: "Spain" } }));
  await app.route("**/rpc/test_shop", (route) => route.fulfill({ json: { answers, shop: { name: "Spain" } } }));
  await app.getByRole("button", { name: "Connect a shop" }).click();
  const dialog = app.getByRole("dialog", { name: "Connect a shop" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Spain");
  await dialog.getByRole("textbox", { name: "Domain" }).fill("spain.myshopify.com");
  await dialog.getByRole("button", { name: "Next" }).click();
  await expect(dialog.getByText("negative stock"), "not before it matters").toBeHidden();
  await dialog.getByLabel("Access token").fill("not-a-token");
  await dialog.getByRole("button", { name: "Test the access" }).click();
  await expect(dialog.getByText("Spain answers"), "the shop lets us in").toBeVisible();
  await expect(
    dialog.getByText(/ERP or POS forbid negative stock/),
    "what will go wrong elsewhere is said",
  ).toBeVisible();
  await accessible(app, "the last step of connecting");
  await app.keyboard.press("Escape");
  await app.getByRole("button", { name: "Settings", exact: true }).click();
  await expect(app.getByText(/ERP or POS forbid negative stock/), "and stands in the settings").toBeVisible();
});

test("a shop is forgotten only with a yes", async ({ app }) => {
  await app.getByRole("button", { name: "Forget" }).click();
  const dialog = app.getByRole("dialog", { name: `Forget ${NAME}?` });
  await expect(dialog, "it says what stays").toContainText("The shop itself stays as it is");
  await dialog.getByRole("button", { name: "Forget" }).click();
  await expect(app.getByText("No shop is connected"), "the page is as at first").toBeVisible();
});
