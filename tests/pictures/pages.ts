// Every page with data, in light and in dark, for the documentation. Made by `cargo xtask pictures`; looked at by people.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type Host, type Page } from "../../ui/e2e/host";

/** npm works in `ui/`. */
const folder = "../docs/pictures";

test("pictures of every page", async ({ app, host, belongings }) => {
  test.setTimeout(300_000);
  await host.rpc("add_sample_data", {});
  await host.rpc("finish_first_start", {});
  await host.rpc("refresh_catalog", {});
  const on = ["JOB_REL_PREODR_CAT", "PS_UPD_CAT_ARRIVAL", "PS_PURGE", "PS_PO_RECEIPT_FEED"];
  for (const id of on) await host.rpc("enable_job", { id, setting: { every: "EVERY_15_MIN" } }).catch(() => null);
  for (let run = 0; run < 6; run++) await host.rpc("run_job", { id: "JOB_REL_PREODR_CAT" });
  await host.rpc("add_shop", { name: "Demo shop", platform: "demo" });
  await host.rpc("test_shop", { name: "Demo shop" });
  await host.rpc("sync_shop", { name: "Demo shop" });
  const listed = await host.rpc<{ sku: string }[]>("list_catalog", {});
  const { orders } = await host.rpc<{ orders: { code: string }[] }>("list_purchase_orders", { limit: 1 });
  const pages: [name: string, hash: string][] = [
    ["pipeline", "#/pipeline?job=JOB_REL_PREODR_CAT"],
    ["pipeline-history", "#/pipeline?tab=history"],
    ["pre-order", "#/pre-order"],
    ["catalog", `#/catalog?sku=${encodeURIComponent(listed[0]?.sku ?? "")}`],
    ["purchase-orders", `#/purchase-orders?po=${encodeURIComponent(orders[0]?.code ?? "")}`],
    ["shops", "#/shops"],
    ["import", "#/import"],
    ["health", "#/health"],
    ["settings", "#/settings"],
    ["start", "#/start"],
  ];
  for (const [name, hash] of pages)
    for (const scheme of ["light", "dark"] as const) {
      await app.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await app.goto(`${host.url}/${hash}`);
      await settled(app);
      await app.screenshot({ path: `${folder}/${name}-${scheme}.png` });
    }
  await moreShops(host, belongings);
  for (const scheme of ["light", "dark"] as const) {
    await app.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await app.goto(`${host.url}/#/catalog?list=preOrder&sku=${encodeURIComponent(listed[0]?.sku ?? "")}`);
    await app.getByRole("heading", { name: "In the shops" }).evaluate((one) => one.scrollIntoView());
    await settled(app);
    await app.screenshot({ path: `${folder}/catalog-shops-${scheme}.png` });
  }
});

/** Two more shops: one refused a product, one was not looked at yet. */
async function moreShops(host: Host, belongings: string) {
  for (const name of ["Outlet", "Wholesale"]) {
    await host.rpc("add_shop", { name, platform: "demo" });
    await host.rpc("test_shop", { name });
  }
  const url = readFileSync(join(belongings, "demo-shops", "Outlet.port"), "utf8");
  const refuse = { kind: "refuse", code: "INVALID", message: "A rule of the shop forbids it.", items: 1, times: 2 };
  const faults = [{ ...refuse, operation: "productVariantsBulkUpdate" }];
  await fetch(`${url}/simulator/faults`, { method: "PUT", body: JSON.stringify({ faults }) });
  await host.rpc("sync_shop", { name: "Outlet" });
}

/** The page has its heading, its font, and nothing to load. */
async function settled(page: Page) {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(400);
}
