// The cards of the Pre-order page, in its order, from the groups the jobs name.
import type { JobView } from "../../generated/commands";

export interface Group {
  /** Within a card, e.g. "Catalog"; empty: the card has no groups. */
  name: string;
  jobs: JobView[];
}
export interface Card {
  title: string;
  groups: Group[];
}

export const MORE = "More jobs";

/** "Pre-sell on Shopify: Orders" is the group "Orders" of the card "Pre-sell on Shopify". Jobs keep their order. */
export function cards(jobs: readonly JobView[]): Card[] {
  const made: Card[] = [];
  for (const job of jobs) {
    if (job.page !== "PRE_ORDER" || job.group === MORE) continue;
    const [title = "", name = ""] = job.group.split(": ");
    let card = made.find((card) => card.title === title);
    if (!card) made.push((card = { title, groups: [] }));
    const group = card.groups.find((group) => group.name === name);
    if (group) group.jobs.push(job);
    else card.groups.push({ name, jobs: [job] });
  }
  return made;
}

export const more = (jobs: readonly JobView[]) => jobs.filter((job) => job.page === "PRE_ORDER" && job.group === MORE);

/** Ticked: a recurring schedule is enabled. A dash: it is paused. A job that runs on demand only is neither. */
export const ticked = (job: JobView) => job.state === "ENABLED" && job.frequency !== "ON_DEMAND";
export const dashed = (job: JobView) => job.state === "PAUSED";
