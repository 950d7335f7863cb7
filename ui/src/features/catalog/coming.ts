// The picture of what is coming: bars from numbers.
import type { Coming, Incoming } from "../../generated/commands";
import { catalog } from "../../messages/catalog";
import { date } from "../../state/words";

export interface Picture {
  coming: Coming;
  /** Pieces in all. */
  all: number;
  presold: number;
  overdue: number;
  /** Monday of the week that brings the most. */
  peak: string;
  most: number;
  /** The highest bar. */
  top: number;
  /** Pieces that have no bar: they come after the weeks, or nobody knows when. */
  later: number;
  undated: number;
}

export interface Bar {
  key: string;
  label: string;
  short: string;
  monday: string | null;
  incoming: Incoming;
  /** From the top, in hundredths of the height; what is nothing has no part. */
  parts: { what: "presold" | "left" | "buffer"; from: number; size: number }[];
}

const sum = (all: readonly Incoming[], of: (incoming: Incoming) => number) =>
  all.reduce((total, incoming) => total + of(incoming), 0);

export function picture(coming: Coming): Picture {
  const everything = [coming.overdue, ...coming.weeks, coming.later, coming.undated];
  const first = coming.weeks[0];
  const peak = coming.weeks.reduce((best, week) => (week.pieces > best.pieces ? week : best), first ?? emptyWeek);
  return {
    coming,
    all: sum(everything, (incoming) => incoming.pieces),
    presold: sum(everything, (incoming) => incoming.presold),
    overdue: coming.overdue.pieces,
    peak: peak.monday,
    most: peak.pieces,
    top: Math.max(1, coming.overdue.pieces, ...coming.weeks.map((week) => week.pieces)),
    later: coming.later.pieces,
    undated: coming.undated.pieces,
  };
}

const emptyWeek = { monday: "1970-01-01", pieces: 0, presold: 0, left: 0, products: 0, purchaseOrders: 0 };

interface Line {
  key: string;
  label: string;
  monday: string | null;
  incoming: Incoming;
}

const aside = (key: string, label: string, incoming: Incoming): Line[] =>
  incoming.pieces > 0 ? [{ key, label, monday: null, incoming }] : [];

/** What is overdue, if anything is, and the weeks. */
const barred = (coming: Coming): Line[] => [
  ...aside("overdue", catalog.coming.overdue, coming.overdue),
  ...coming.weeks.map((week) => ({ key: week.monday, label: date(week.monday), monday: week.monday, incoming: week })),
];

/** All of it, for the table. */
export const lines = ({ coming }: Picture): Line[] => [
  ...barred(coming),
  ...aside("later", catalog.coming.later, coming.later),
  ...aside("undated", catalog.coming.undated, coming.undated),
];

/** One bar for each, as high as its pieces are many; what is sold stands at the bottom. */
export function bars({ coming, top }: Picture): Bar[] {
  let month = "";
  return barred(coming).map(({ key, label, monday, incoming }) => {
    const buffer = Math.max(0, incoming.pieces - incoming.presold - incoming.left);
    const heights = [
      { what: "presold" as const, n: incoming.presold },
      { what: "left" as const, n: incoming.left },
      { what: "buffer" as const, n: buffer },
    ];
    let from = 100;
    const parts = heights
      .filter(({ n }) => n > 0)
      .map(({ what, n }) => {
        const size = (100 * n) / top;
        from -= size;
        return { what, from, size };
      });
    // "23 Nov", "30", "7 Dec": the month where it begins, the year in the table.
    const [day = "", of = ""] = label.split(" ");
    const short = !monday ? label : of === month ? day : `${day} ${of}`;
    month = monday ? of : month;
    return { key, label, short, monday, incoming, parts };
  });
}
