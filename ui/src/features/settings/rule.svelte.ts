// One rule that is being changed: what is typed, what is saved, and what the change would do.
import type { Setting, SettingPreview } from "../../generated/commands";
import { settings } from "../../messages/settings";
import { failure, type Failure } from "../../platform";
import { call } from "../../state/changes";

/** Between the last letter and the look at what it would do. */
const PAUSE = 300;

/** A value as people read it. */
export function shown(setting: Pick<Setting, "kind" | "unit">, value: string): string {
  if (value === "off" && setting.kind === "number") return settings.limit.toLowerCase();
  const known = settings.choices[value];
  if (known !== undefined && setting.kind !== "number") return known.toLowerCase();
  const unit = setting.unit ? settings.units[setting.unit] : undefined;
  return unit ? `${value} ${unit}` : value;
}

/** What is wrong with a typed value; the core says the rest. */
export function wrong(
  setting: Pick<Setting, "kind" | "range" | "allowed" | "canBeOff">,
  value: string,
): string | undefined {
  if (setting.kind !== "number" || !setting.range) return undefined;
  if (setting.canBeOff && value === "off") return undefined;
  const [least, most] = setting.range;
  const number = Number(value);
  const whole = /^\d+$/.test(value.trim()) && number >= least && number <= most;
  return whole ? undefined : `Give ${setting.allowed}`;
}

export class Draft {
  /** What is typed; none: nothing differs from what is saved. */
  value = $state<string | null>(null);
  preview = $state.raw<SettingPreview | null>(null);
  failed = $state.raw<Failure | null>(null);
  looking = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #round = 0;

  /** Takes what was typed, and soon looks at what it would do. */
  type(setting: Setting, value: string) {
    this.#forget();
    this.value = value === setting.value ? null : value;
    if (this.value === null || wrong(setting, value)) return;
    this.looking = true;
    const round = this.#round;
    this.#timer = setTimeout(() => void this.#look(setting.key, value, round), PAUSE);
  }

  discard() {
    this.#forget();
    this.value = null;
  }

  #forget() {
    clearTimeout(this.#timer);
    this.#round++;
    this.preview = this.failed = null;
    this.looking = false;
  }

  async #look(key: string, value: string, round: number) {
    try {
      const preview = await call("preview_setting", { key, value });
      if (round === this.#round) this.preview = preview;
    } catch (thrown) {
      if (round === this.#round) this.failed = failure(thrown);
    }
    if (round === this.#round) this.looking = false;
  }
}
