// A shop on its way to be connected: which, with which access, and whether that works.
import type { AddShop, ShopAnswers, ShopLinked } from "../../generated/commands";
import { shops } from "../../messages/shops";
import { failure } from "../../platform";
import { call } from "../../state/changes";

export interface Field {
  name: string;
  message: string;
}
export type Wrong = Partial<Record<"name" | "address" | "folder" | "clientId" | "secret", string>>;

/** How a shop lets Presell in. */
export interface Access {
  kind: "token" | "app";
  clientId: string;
  secret: string;
}

/** What an access lacks. */
export function missing({ kind, clientId, secret }: Access): Wrong {
  const wrong: Wrong = {};
  if (kind === "app" && !clientId.trim()) wrong.clientId = shops.form.neededHere;
  if (!secret.trim()) wrong.secret = shops.form.neededHere;
  return wrong;
}

/** What people copy from the address bar, as the domain alone. */
export const domain = (typed: string) =>
  typed
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .replace(/\/.*$/, "");

/** A shop to add; what is not said is as usual. */
export const adding = (shop: Pick<AddShop, "name" | "platform"> & Partial<AddShop>) => shop as AddShop;

type Step = "which" | "access" | "test";

export class Connection {
  step = $state<Step>("which");
  fields = $state({
    platform: "shopify" as "shopify" | "file",
    name: "",
    address: "",
    folder: "",
    kind: "token" as "token" | "app",
    clientId: "",
    secret: "",
  });
  wrong = $state.raw<Wrong>({});
  busy = $state(false);
  failed = $state<string | null>(null);
  answers = $state.raw<ShopAnswers | null>(null);
  linked = $state.raw<ShopLinked | null>(null);
  #added = false;

  /** A folder needs no access. */
  get steps(): readonly Step[] {
    return this.fields.platform === "file" ? ["which", "test"] : ["which", "access", "test"];
  }

  async next() {
    const { platform, name, address, folder } = this.fields;
    const wrong: Wrong = this.step === "access" ? missing(this.fields) : {};
    if (this.step === "which") {
      if (!name.trim()) wrong.name = shops.needed;
      if (platform === "file") {
        if (!folder.trim()) wrong.folder = shops.form.neededHere;
      } else if (!/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/.test(domain(address))) wrong.address = shops.form.addressWrong;
    }
    this.wrong = wrong;
    if (Object.keys(wrong).length > 0) return;
    if (this.step === "which" && platform === "shopify") this.step = "access";
    else await this.#add();
  }

  async #add() {
    this.busy = true;
    try {
      await call("add_shop", this.#typed());
      this.#added = true;
      this.step = "test";
    } catch (thrown) {
      this.#refused(thrown);
    }
    this.busy = false;
    if (this.step === "test") await this.test();
  }

  #typed() {
    const { platform, address, folder, kind, clientId, secret } = this.fields;
    const name = this.fields.name.trim();
    if (platform === "file") return adding({ name, platform, address: folder.trim() });
    const shop = adding({ name, platform, address: domain(address), secret: secret.trim() });
    return kind === "app" ? { ...shop, clientId: clientId.trim() } : shop;
  }

  /** Each field hears what is wrong with it, at the step where it stands. */
  #refused(thrown: unknown) {
    const refused = failure(thrown);
    const fields = (refused.fields ?? []) as Field[];
    const files = this.fields.platform === "file";
    const at = (name: string) => (files && name === "address" ? "folder" : name);
    this.wrong = Object.fromEntries(fields.map(({ name, message }) => [at(name), message])) as Wrong;
    if (this.wrong.name ?? this.wrong.address) this.step = "which";
    else if (fields.length === 0) this.wrong = { [files ? "folder" : "secret"]: refused.message };
  }

  test = async () => {
    this.failed = null;
    this.busy = true;
    try {
      this.answers = (await call("test_shop", { name: this.fields.name.trim() })).answers;
    } catch (thrown) {
      this.failed = failure(thrown).message;
    }
    this.busy = false;
  };

  link = async () => {
    this.failed = null;
    this.busy = true;
    try {
      this.linked = await call("link_shop", { name: this.fields.name.trim() });
    } catch (thrown) {
      this.failed = failure(thrown).message;
    }
    this.busy = false;
  };

  /** The access is given anew: what was added with the old one is taken back. */
  async back() {
    this.failed = null;
    if (this.#added) {
      this.busy = true;
      await call("remove_shop", { name: this.fields.name.trim() }).catch(() => undefined);
      this.#added = this.busy = false;
    }
    this.step = this.steps[this.steps.indexOf(this.step) - 1] ?? "which";
  }
}
