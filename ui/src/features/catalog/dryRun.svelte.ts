// What a refresh would do, asked once when a dialog opens and again when somebody tries again. Nothing is written.
import type { Refreshed } from "../../generated/commands";
import { failure, type Failure } from "../../platform";
import { call } from "../../state/changes";
import { SHOWN } from "./refreshing";

export class DryRun {
  refreshed = $state.raw<Refreshed>();
  failed = $state.raw<Failure>();

  constructor() {
    void this.look();
  }

  look = async () => {
    this.failed = undefined;
    try {
      this.refreshed = await call("refresh_catalog", { dryRun: true, listChanges: SHOWN });
    } catch (thrown) {
      this.failed = failure(thrown);
    }
  };
}
