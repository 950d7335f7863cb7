import { accessible, expect, fits, test } from "../../ui/e2e/host";

test.use({ own: "shell" });

const pages = ["Pipeline", "Pre-order", "Catalog", "Purchase orders", "Shops", "Import", "Health", "Settings"];

for (const name of pages)
  test(`${name} is reached from the rail, has one heading, and shuts nobody out`, async ({ app }) => {
    await app.getByRole("navigation", { name: "Pages" }).getByRole("link", { name }).click();
    await expect(app.getByRole("heading", { level: 1 }), "a page has one heading: its name").toHaveText(name);
    await expect(app, "the window is named after the page").toHaveTitle(`${name} · Presell`);
    await accessible(app, name);
    await fits(app, name);
  });

test("what changes while the window still connects is not missed", async ({ page, host }) => {
  let connect = () => {};
  const connected = new Promise<void>((resolve) => (connect = resolve));
  await page.route("**/events", (route) => connected.then(() => route.continue()));
  await page.goto(host.url);
  await expect(page.getByText("No job is on", { exact: true }).first(), "the page is there").toBeVisible();
  await host.rpc("enable_job", { id: "PS_PURGE", setting: { every: "EVERYDAY" } });
  connect();
  await expect(page.getByRole("link", { name: "Purge history" }), "what others did meanwhile shows").toBeVisible();
  await host.rpc("disable_job", { id: "PS_PURGE" });
});

test("the palette opens with a key, finds a page by a few letters, and gives focus back", async ({ app }) => {
  await app.keyboard.press("Control+k");
  const field = app.getByRole("combobox", {
    name: "Find pages, jobs and actions",
  });
  await expect(field, "one can type at once").toBeFocused();
  await accessible(app, "the palette");
  await field.fill("purch");
  await app.keyboard.press("Enter");
  await expect(app.getByRole("heading", { level: 1 }), "Enter goes to what was found").toHaveText("Purchase orders");
});

test("a search that is typed before its page is there is not lost", async ({ app }) => {
  // The page comes only after the keys.
  let release = () => {};
  const typed = new Promise<void>((resolve) => (release = resolve));
  await app.route(/\/assets\/Catalog-.*\.js$/, async (route) => {
    await typed;
    await route.continue();
  });
  await app.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Catalog" }).click();
  await expect(app.getByRole("heading", { level: 1 }), "the page is on its way").toBeHidden();
  await app.keyboard.press("/");
  await app.keyboard.type("boot");
  release();
  const search = app.getByRole("searchbox");
  await expect(search, "what was typed is searched for").toHaveValue("boot");
  await expect(search, "and one can go on typing").toBeFocused();
  await expect(app, "the search is in the address, as any").toHaveURL(/q=boot/);
});

test("the sheet of shortcuts opens with ?, and single keys can be switched off", async ({ app }) => {
  await app.keyboard.press("?");
  const sheet = app.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(sheet, "? shows the keys").toBeVisible();
  await accessible(app, "the sheet of shortcuts");
  await sheet.getByRole("switch").uncheck();
  await app.keyboard.press("Escape");
  await expect(sheet, "Esc closes it").toBeHidden();
  await app.keyboard.press("?");
  await expect(sheet, "a key that is switched off does nothing").toBeHidden();
});
