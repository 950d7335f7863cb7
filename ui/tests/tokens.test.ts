import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("src/styles/tokens.css", "utf8");

type Colour = [red: number, green: number, blue: number];

/** sRGB of an oklch colour, by the matrices of CSS Color 4, cut to the gamut. */
function srgb(lightness: number, chroma: number, hue: number): Colour {
  const angle = (hue * Math.PI) / 180;
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear: Colour = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return linear.map((value) => Math.min(1, Math.max(0, value))) as Colour;
}

const tokens = new Map<string, [light: Colour, dark: Colour]>();
const oklch = /oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)/g;
for (const [, name, value] of css.matchAll(/--([\w-]+):\s*([^;]*oklch[^;]*);/g)) {
  const colours = [...(value ?? "").matchAll(oklch)].map(([, l, c, h]) => srgb(Number(l) / 100, Number(c), Number(h)));
  const light = colours[0];
  if (name && light) tokens.set(name, [light, colours[1] ?? light]);
}

const luminance = ([red, green, blue]: Colour) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;

function contrast(one: string, other: string, theme: 0 | 1): number {
  const [a, b] = [one, other].map((name) => {
    const colours = tokens.get(name);
    if (!colours) throw new Error(`There is no colour --${name}.`);
    return luminance(colours[theme]);
  }) as [number, number];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const surfaces = ["ground", "panel", "rail", "hover", "chosen"];
const words = ["text", "soft", "accent", "good", "attention", "bad"];
const text: [string, string][] = [
  ...surfaces.flatMap((surface) => words.map((word): [string, string] => [word, surface])),
  ...["good", "attention", "bad", "preorder", "backorder"].map((tone): [string, string] => [tone, `${tone}-tint`]),
  ["on-accent", "accent-fill"],
  ["on-toast", "toast"],
  ["toast-accent", "toast"],
];
const controls: [string, string][] = [
  ...["ground", "panel", "rail"].flatMap((surface): [string, string][] => [
    ["edge", surface],
    ["accent", surface],
    ["accent-fill", surface],
    ["bad", surface],
  ]),
];

describe.each([
  ["light", 0],
  ["dark", 1],
] as const)("in the %s theme", (_, theme) => {
  it.each(text)("--%s is readable on --%s", (front, back) => {
    expect(contrast(front, back, theme), "text needs a contrast of 4.5 to 1").toBeGreaterThanOrEqual(4.5);
  });

  it.each(controls)("--%s stands out from --%s", (front, back) => {
    expect(contrast(front, back, theme), "what can be operated needs a contrast of 3 to 1").toBeGreaterThanOrEqual(3);
  });
});
