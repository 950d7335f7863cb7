// Words of the first start.
import { counted, list, number } from "../state/words";

const steps = ["Where your data lives", "Something to work with", "Let it run"] as const;

export const start = {
  title: "First steps",
  intro: "Three short steps. Each can be skipped, and all of it is found in Settings later.",
  steps,
  stepOf: (step: number) => `Step ${number(step)} of ${number(steps.length)}`,
  done: "done",
  back: "Back",
  next: "Next",
  skip: "Skip this step",
  skipAll: "Skip all steps",
  finish: "Finish",

  place: "Your data is here:",
  placeFile:
    "One file on this computer. Nothing leaves it. That is right for one person, and can be changed at any time.",
  placeServer: "A database that your team shares.",
  placeOther: "Choose another place",
  placeNext: (place: string) => `From the next start on: ${place}`,

  fill: "Bring in your purchase orders and stock, or look around with sample data first.",
  importTitle: "Your own files",
  importText: "Purchase orders, stock, receipts and customer orders, as spreadsheets or text.",
  importGo: "Import a file",
  sampleTitle: "Sample data",
  sampleText: "A small clothes shop. It goes as it came, with one click.",
  sampleAdd: "Add sample data",
  sampleIs: "Sample data is in",
  ownIs: "Your own data is in",

  run: "This job decides for every product whether it can be sold before it arrives, and keeps the two lists right by itself.",
  runLabel: "Auto refresh pre-sell catalog",
  runFrequency: "Every 15 minutes, and at once when something changes",
  counting: "Looking what it would do…",
  nothingToDo: "There is nothing to decide yet. Once there are purchase orders and stock, it fills the lists.",
  upToDate: "The lists are up to date: right now it would change nothing.",
  would: (added: number, removed: number, other: number, undetermined: number) => {
    const parts = [
      added > 0 && `add ${counted(added, "product")}`,
      removed > 0 && `remove ${counted(removed, "product")}`,
      other > 0 && `change ${counted(other, "product")}`,
    ].filter((part) => part !== false);
    const unknown =
      undetermined > 0 ? ` ${counted(undetermined, "product")} cannot be decided, because the stock is unknown.` : "";
    return `Right now it would ${list(parts)}.${unknown}`;
  },
  switchOn: "Switch it on",
  isOn: "It is on",
  switchedOn: "Every 15 minutes from now on",
} as const;
