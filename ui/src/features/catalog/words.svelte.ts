// The words of the rules, by their codes: loaded once, they never change while the program runs.
import type { Code, LeftOut, Rule, TermName } from "../../generated/commands";
import { resource } from "../../state/resource.svelte";

export class RuleWords {
  #loaded = resource("catalog_words", () => ({}));

  /** "In stock". */
  reason = (code: Code | string) => this.#loaded.data?.reasons.find((words) => words.code === code)?.label ?? code;
  /** "The product is in stock, so it sells from stock and needs no pre-order." */
  sentence = (code: Code | string) => this.#loaded.data?.reasons.find((words) => words.code === code)?.sentence ?? code;
  /** "Promise date still to come". */
  check = (check: Rule) => this.#loaded.data?.checks.find((words) => words.check === check)?.label ?? check;
  /** "kept back as order buffer". */
  term = (term: TermName) => this.#loaded.data?.terms.find((words) => words.term === term)?.label ?? term;
  /** "the record is too old". */
  leftOut = (left: LeftOut) => this.#loaded.data?.leftOut.find((words) => words.leftOut === left)?.label ?? left;
}
