// The pages, in the order of the navigation. A new page is one line here. The first one is here at once; the others are
// fetched when somebody goes there.
import type { Component } from "svelte";
import type { IconName } from "../components/icons";
import { shell } from "../messages/shell";
import Pipeline from "./Pipeline.svelte";

export interface Page {
  /** Its part of the address. */
  id: string;
  label: string;
  icon: IconName;
  load: () => Component | Promise<{ default: Component }>;
}

export const pages: readonly Page[] = [
  { id: "pipeline", label: shell.pipeline, icon: "workflow", load: () => Pipeline },
  { id: "pre-order", label: shell.preOrder, icon: "list-checks", load: () => import("./PreOrder.svelte") },
  { id: "catalog", label: shell.catalog, icon: "layers", load: () => import("./Catalog.svelte") },
  {
    id: "purchase-orders",
    label: shell.purchaseOrders,
    icon: "package",
    load: () => import("./PurchaseOrders.svelte"),
  },
  { id: "import", label: shell.import, icon: "upload", load: () => import("./Import.svelte") },
  { id: "health", label: shell.health, icon: "heart-pulse", load: () => import("./Health.svelte") },
  { id: "settings", label: shell.settings, icon: "settings", load: () => import("./Settings.svelte") },
];
