// Sample data in and out again.
import { settings } from "../../messages/settings";
import { shell } from "../../messages/shell";
import { act } from "../../state/act";

export const addSamples = (refresh: boolean) =>
  act(
    "add_sample_data",
    { refresh },
    { done: ({ rows }) => settings.samplesAdded(rows), undo: { label: shell.undo, run: removeSamples } },
  );

export const removeSamples = () =>
  act("remove_sample_data", {}, { done: ({ removed }) => settings.samplesRemoved(removed) });
