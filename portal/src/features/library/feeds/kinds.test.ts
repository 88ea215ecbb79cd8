import { describe, expect, it } from "vitest";
import type { Feed, FeedType } from "./api";
import { KINDS, newFeed, type Way, wayOf, withWay } from "./kinds";

const SECRET = { HasValue: true, NewValue: null, Hint: null };

function feed(FeedType: FeedType, more: Partial<Feed> = {}): Feed {
  return { FeedType, Name: "Ours", ...more } as Feed;
}

describe("how a feed signs in", () => {
  it.each<[string, Feed, Way]>([
    ["nothing is said", feed("NuGet"), "nobody"],
    ["a user", feed("NuGet", { Username: "bot" }), "password"],
    ["a token alone", feed("GitHub", { Password: SECRET }), "password"],
    ["an identity", withWay(feed("AzureContainerRegistry"), "identity"), "identity"],
    ["keys", feed("S3", { AccessKey: "AK", SecretKey: SECRET }), "keys"],
    ["the machine", feed("S3", { UseMachineCredentials: true }), "machine"],
    ["a file", feed("GcsStorage", { UseServiceAccountKey: true }), "json"],
  ])("by %s", (_name, given, way) => {
    expect(wayOf(given)).toBe(way);
  });

  const every = Object.entries(KINDS).flatMap(([type, kind]) =>
    kind.ways.map((way) => [type as FeedType, way] as const),
  );
  it.each(every)("%s: %s comes back as it was chosen", (type, way) => {
    const chosen = withWay(feed(type, { Username: "bot", Password: SECRET, AccessKey: "AK", SecretKey: SECRET }), way);
    const signed = way === "password" ? { ...chosen, Username: "bot" } : chosen;
    expect(wayOf(signed)).toBe(way);
  });

  it("leaves no secret of another way behind", () => {
    const chosen = withWay(feed("AzureContainerRegistry", { Username: "bot", Password: SECRET }), "identity");
    expect([chosen.Username, chosen.Password?.HasValue]).toEqual([null, false]);
    expect(withWay(chosen, "password").OidcAuthentication).toBeNull();
  });

  it("keeps what belongs to no way", () => {
    const before = feed("NuGet", { FeedUri: "https://a", EnhancedMode: true, DownloadAttempts: 3 });
    expect(withWay(before, "password")).toMatchObject({
      FeedUri: "https://a",
      EnhancedMode: true,
      DownloadAttempts: 3,
    });
  });
});

describe("a new feed", () => {
  it("has the address that everybody uses", () => {
    expect(newFeed("NuGet").FeedUri).toBe("https://api.nuget.org/v3/index.json");
    expect(newFeed("Helm").FeedUri).toBeNull();
    expect(wayOf(newFeed("S3"))).toBe("keys");
  });
});
