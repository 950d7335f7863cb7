// Settings on the real core: rules with their effect before they are saved, stores, places, looks, samples, changes.
import { type Page, accessible, expect, fits, test } from "../../ui/e2e/host";

test.use({ own: "settings" });

const open = async (app: Page, url: string, section = "") => {
  await app.goto(`${url}/#/settings${section && `?section=${section}`}`);
  await expect(app.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
};

test("the page is reached by keys, section by section, and shuts nobody out", async ({ app, host }) => {
  await open(app, host.url);
  await app.getByRole("navigation", { name: "On this page" }).getByRole("link", { name: "Backup" }).focus();
  await app.keyboard.press("Enter");
  await expect(app.getByRole("heading", { name: "Backup", exact: true }), "reading goes on there").toBeFocused();
  await expect(app.getByText("No backup was ever made"), "never is not long ago").toBeVisible();
  await accessible(app, "Settings");
  await fits(app, "Settings");
});

test("a rule says which products it would change before it is saved, and can be undone", async ({ app, host }) => {
  await host.rpc("add_sample_data", { refresh: true });
  await open(app, host.url, "rules");
  const level = app.getByLabel("Out of stock at", { exact: false });
  await level.fill("1000000");
  await expect(app.getByText(/would come onto the lists/), "the effect is shown first").toBeVisible();
  expect(await host.rpc("list_settings", {}), "and nothing is saved").toContainEqual(
    expect.objectContaining({ key: "out_of_stock_level", value: "0" }),
  );
  await accessible(app, "a rule that is changed");
  await app.getByText("Show the products").click();
  await expect(app.getByRole("list", { name: /^The first/ }), "the products are named").toBeVisible();

  await app.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Health" }).click();
  await expect(app.getByRole("dialog"), "what is not saved is not lost unasked").toBeVisible();
  await app.getByRole("button", { name: "Stay" }).click();

  await level.press("Control+s");
  await expect(app.getByRole("status").getByText("Out of stock at: 0 pieces → 1000000 pieces")).toBeVisible();
  await app.getByRole("button", { name: "Undo" }).click();
  await expect(app.getByText("Out of stock at is 0 pieces again"), "undo brings the value back").toBeVisible();
  await expect(level, "on the screen, too").toHaveValue("0");

  await level.fill("many");
  await expect(app.getByText("Give a whole number from 0 to 1000000"), "what is accepted is said").toBeVisible();
  await app.getByRole("button", { name: "Discard" }).click();
  await app.getByLabel("Search changes").fill("out_of_stock");
  await expect(app.getByText("0 → 1000000"), "the change is on record").toBeVisible();
  await expect(app.getByText("1000000 → 0"), "and so is its way back").toBeVisible();
});

test("sample data goes as it came", async ({ app, host }) => {
  await open(app, host.url, "samples");
  const samples = app.getByRole("region", { name: "Sample data" });
  const remove = samples.getByRole("button", { name: "Remove sample data" });
  const add = samples.getByRole("button", { name: "Add sample data" });
  await expect(remove.or(add)).toBeVisible();
  if (await remove.isVisible()) await remove.click();
  await add.click();
  await expect(samples.getByText("Sample data is in"), "one click away").toBeVisible();
  await remove.click();
  await expect(add, "and one click gone").toBeVisible();
  expect(await host.rpc("list_catalog", {}), "nothing of it stays on the lists").toEqual([]);
});

test("a place is tested before it is chosen, and a password is never shown", async ({ app, host }) => {
  await open(app, host.url, "data");
  const data = app.getByRole("region", { name: "Where the data lives" });
  await data.getByRole("radio", { name: /On a PostgreSQL server/ }).check();
  await data.getByLabel("Address").fill("postgres://ann:geheim@127.0.0.1:1/presell");
  await data.getByRole("button", { name: "Test connection" }).click();
  await expect(data.getByText("It would not work")).toBeVisible();
  await expect(data.getByText(/127\.0\.0\.1 does not answer/), "why it would not").toBeVisible();
  await expect(data.getByRole("status"), "without the password").not.toContainText("geheim");
  await expect(data.getByRole("button", { name: "Use from the next start on" })).toHaveCount(0);
  await accessible(app, "a place that was tested");
  await data.getByRole("radio", { name: /On this computer/ }).check();
  await data.getByRole("button", { name: "Test connection" }).click();
  await expect(data.getByText("It would work", { exact: true }), "the usual place would do").toBeVisible();
});

test("a store is added, shown and has its own rules", async ({ app, host }) => {
  await open(app, host.url, "stores");
  await app.getByRole("button", { name: "Add a store" }).click();
  await app.getByLabel("Name (needed)").fill("paris");
  const zone = app.getByRole("region", { name: "Stores" }).getByRole("combobox", { name: "Time zone" });
  await zone.fill("paris");
  await zone.press("Enter");
  await accessible(app, "a new store");
  await app.getByRole("button", { name: "Add a store" }).click();
  await expect(app.getByText("Added the store paris")).toBeVisible();
  await app.getByRole("button", { name: "Show", exact: true }).click();
  await expect(app.getByText('What decides for the store "paris"'), "its rules are the ones shown").toBeVisible();
  await host.rpc("choose_store", { code: "default" });
});

test("colours change at once, and outlive the window", async ({ app, host }) => {
  await open(app, host.url, "appearance");
  await app.getByLabel("Colours").selectOption("Dark");
  await expect(app.locator("html"), "at once").toHaveAttribute("data-theme", "dark");
  await expect
    .poll(async () => (await host.rpc<{ appearance: string }>("list_preferences", {})).appearance, {
      message: "the program keeps it",
    })
    .toBe("dark");
  await app.evaluate(() => localStorage.clear());
  await app.reload();
  await expect(app.locator("html"), "another window finds it").toHaveAttribute("data-theme", "dark");
  await app.getByLabel("Colours").selectOption("As the system");
});

test("quiet hours and messages are kept", async ({ app, host }) => {
  await open(app, host.url, "notifications");
  await app.getByLabel("Quiet hours").check();
  const region = app.getByRole("region", { name: "Notifications and start" });
  await expect(region.getByLabel("From"), "the night is suggested").toHaveValue("22:00");
  await app.getByLabel("Tell me when a job fails").uncheck();
  await expect
    .poll(() => host.rpc("list_preferences", {}), { message: "the program keeps both" })
    .toMatchObject({ quietHours: { from: "22:00", until: "07:00" }, notifyFailures: false });
});

test("a backup is one click, checked and remembered", async ({ app, host }) => {
  await open(app, host.url, "backup");
  await app.getByRole("button", { name: "Back up now" }).click();
  await expect(app.getByText(/The backup is in .* and is checked/)).toBeVisible();
  await expect(app.getByRole("heading", { name: "Backups" }), "it is on record").toBeVisible();
});
