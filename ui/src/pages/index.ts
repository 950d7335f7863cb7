// The pages, in the order of the navigation. A new page is one line here.
import type { Component } from "svelte";
import type { IconName } from "../components/icons";
import { shell } from "../messages/shell";
import { start } from "../messages/start";

export interface Page {
  /** Its part of the address. */
  id: string;
  label: string;
  icon: IconName;
  /** Loaded when somebody goes there; the window is usable before the rest of it is. */
  load: () => Promise<{ default: Component }>;
  /** Not in the navigation; the palette finds it. */
  aside?: boolean;
}

export const pages: readonly Page[] = [
  { id: "pipeline", label: shell.pipeline, icon: "workflow", load: () => import("./Pipeline.svelte") },
  { id: "pre-order", label: shell.preOrder, icon: "list-checks", load: () => import("./PreOrder.svelte") },
  { id: "catalog", label: shell.catalog, icon: "layers", load: () => import("./Catalog.svelte") },
  {
    id: "purchase-orders",
    label: shell.purchaseOrders,
    icon: "package",
    load: () => import("./PurchaseOrders.svelte"),
  },
  { id: "shops", label: shell.shops, icon: "shopping-bag", load: () => import("./Shops.svelte") },
  { id: "import", label: shell.import, icon: "upload", load: () => import("./Import.svelte") },
  { id: "health", label: shell.health, icon: "heart-pulse", load: () => import("./Health.svelte") },
  { id: "settings", label: shell.settings, icon: "settings", load: () => import("./Settings.svelte") },
  { id: "start", label: start.title, icon: "list-checks", load: () => import("./Start.svelte"), aside: true },
];
