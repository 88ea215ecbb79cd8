import { describe, expect, it } from "vitest";
import { ApiError } from "@/api/errors";
import { faultsOf } from "./faults";

const CASES: [string, string | null, string][] = [
  ["Name: the account needs a name.", "Name", "The account needs a name."],
  ["Endpoint.Host: it is missing.", "Endpoint.Host", "It is missing."],
  ["Phases[1].Name: it is taken.", "Phases[1].Name", "It is taken."],
  ["Filter.StartTime is missing; say when.", "Filter.StartTime", "It is missing; say when."],
  ["End must be later than Start.", "End", "It must be later than Start."],
  ["Action.ChannelId names 'Channels-9', which is none.", "Action.ChannelId", "It names 'Channels-9', which is none."],
  ["AccountType cannot be changed; it is a Token.", "AccountType", "It cannot be changed; it is a Token."],
  ["The target cannot be saved.", null, "The target cannot be saved."],
  ["There is no enabled machine.", null, "There is no enabled machine."],
  ["It must not be so.", null, "It must not be so."],
  ["Rule 1 names no package.", null, "Rule 1 names no package."],
  ["The channel 'Default' must stay.", null, "The channel 'Default' must stay."],
];

describe("faults of a refusal", () => {
  it.each(CASES)("%s", (said, field, sentence) => {
    expect(faultsOf(new ApiError(400, said))).toEqual([{ field, sentence, whole: said }]);
  });
});
