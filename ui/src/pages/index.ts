// The pages, in the order of the navigation. A new page is one line here.
import type { Component } from "svelte";
import type { IconName } from "../components/icons";
import { shell } from "../messages/shell";
import { start } from "../messages/start";
import Catalog from "./Catalog.svelte";
import Health from "./Health.svelte";
import Import from "./Import.svelte";
import Pipeline from "./Pipeline.svelte";
import PreOrder from "./PreOrder.svelte";
import PurchaseOrders from "./PurchaseOrders.svelte";
import Settings from "./Settings.svelte";
import Start from "./Start.svelte";

export interface Page {
  /** Its part of the address. */
  id: string;
  label: string;
  icon: IconName;
  component: Component;
  /** Not in the navigation; the palette finds it. */
  aside?: boolean;
}

export const pages: readonly Page[] = [
  { id: "pipeline", label: shell.pipeline, icon: "workflow", component: Pipeline },
  { id: "pre-order", label: shell.preOrder, icon: "list-checks", component: PreOrder },
  { id: "catalog", label: shell.catalog, icon: "layers", component: Catalog },
  { id: "purchase-orders", label: shell.purchaseOrders, icon: "package", component: PurchaseOrders },
  { id: "import", label: shell.import, icon: "upload", component: Import },
  { id: "health", label: shell.health, icon: "heart-pulse", component: Health },
  { id: "settings", label: shell.settings, icon: "settings", component: Settings },
  { id: "start", label: start.title, icon: "list-checks", component: Start, aside: true },
];
