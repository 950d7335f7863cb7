// Settings of a shop that are being changed: what is typed, what is saved, and what somebody else saved meanwhile.
import type { ShopSettings, ShopView } from "../../generated/commands";
import { shops } from "../../messages/shops";

export type Key = keyof ShopSettings;
export const NUMBERS: Partial<Record<Key, { most: number; unit: string }>> = {
  buffer: { most: 1_000_000, unit: shops.units.pieces },
  maxDelistPercent: { most: 100, unit: shops.units.percent },
  maxCatalogAgeHours: { most: 8_760, unit: shops.units.hours },
};
const MARKS: readonly Key[] = ["preOrderTag", "backorderTag", "namespace", "markKey", "quantityKey"];
const CARE: readonly Key[] = [
  "products",
  "buffer",
  "maxDelistPercent",
  "maxCatalogAgeHours",
  "drift",
  "restorePolicy",
  "apiVersion",
];

/** As it stands in a field: a list with commas. */
const written = (value: ShopSettings[Key]) => (Array.isArray(value) ? value.join(", ") : value);
const listed = (text: string) =>
  text
    .split(/[,\n]/)
    .map((word) => word.trim())
    .filter(Boolean);

/** Files have columns of their own, and no interface. */
const NOT_OF_FILES: readonly Key[] = ["namespace", "markKey", "quantityKey", "apiVersion"];

/** What can be set of a shop, in groups. */
export const groups = ({ platform }: Pick<ShopView, "platform">): readonly [title: string, keys: readonly Key[]][] => {
  const of = (keys: readonly Key[]) => keys.filter((key) => platform !== "file" || !NOT_OF_FILES.includes(key));
  return [
    [shops.groups.marks, of(MARKS)],
    [shops.groups.care, of(CARE)],
  ];
};

/** A value as people read it. */
function shown(key: Key, value: ShopSettings[Key]): string {
  if (key === "products") return String(written(value)) || shops.allProducts;
  if (key === "drift") return shops.drifts[value as ShopSettings["drift"]];
  if (typeof value === "boolean") return value ? shops.on : shops.off;
  const unit = NUMBERS[key]?.unit;
  return unit ? `${value} ${unit}` : String(value);
}

const MAY_BE_EMPTY: readonly Key[] = ["quantityKey", "products"];

/** What is wrong with a typed value. */
export function wrong(key: Key, value: unknown): string | undefined {
  const range = NUMBERS[key];
  if (range) {
    const whole = /^\d+$/.test(String(value)) && Number(value) <= range.most;
    return whole ? undefined : shops.whole(range.most);
  }
  return typeof value === "string" && value.trim() === "" && !MAY_BE_EMPTY.includes(key) ? shops.needed : undefined;
}

/** Numbers stay as they are typed until they are saved. */
type Typed = Partial<Record<Key, string | boolean>>;

export class Draft {
  typed = $state<Typed>({});
  /** The version that was read when the first key was pressed. */
  version = $state<number | null>(null);

  type(shop: ShopView, key: Key, value: string | boolean) {
    if (this.version === null) this.version = shop.version;
    if (String(written(shop.settings[key])) === String(value)) delete this.typed[key];
    else this.typed[key] = value;
    if (!this.dirty) this.version = null;
  }
  value = (shop: ShopView, key: Key) => this.typed[key] ?? written(shop.settings[key]);
  get dirty() {
    return Object.keys(this.typed).length > 0;
  }
  /** Somebody saved since the first key was pressed. */
  overtaken = (shop: ShopView) => this.version !== null && this.version !== shop.version;
  changes = (shop: ShopView) =>
    (Object.keys(this.typed) as Key[])
      .filter((key) => String(written(shop.settings[key])) !== String(this.typed[key]))
      .map((key) => ({ key, before: shown(key, shop.settings[key]), after: shown(key, this.typed[key] ?? "") }));
  wrong = () => (Object.keys(this.typed) as Key[]).some((key) => wrong(key, this.typed[key]) !== undefined);

  /** All settings, with what is typed. */
  settings(shop: ShopView): ShopSettings {
    const typed = Object.entries(this.typed).map(([key, value]) => {
      if (key in NUMBERS) return [key, Number(value)];
      if (typeof value !== "string") return [key, value];
      return [key, key === "products" ? listed(value) : value.trim()];
    });
    return { ...shop.settings, ...(Object.fromEntries(typed) as Partial<ShopSettings>) };
  }
  discard() {
    this.typed = {};
    this.version = null;
  }
}
