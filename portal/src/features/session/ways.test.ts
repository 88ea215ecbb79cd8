import { describe, expect, it } from "vitest";
import { addressOf, faultIn, type Way } from "./ways";

const okta: Way = {
  Name: "Okta",
  IdentityType: "OAuth",
  FormsLoginEnabled: false,
  CSSLinks: [],
  JavascriptLinks: [],
  Links: { Authenticate: "/api/users/authenticate/Okta{?returnUrl}" },
};

describe("the button of a provider", () => {
  it("leads to the provider and back to where one wanted to go", () => {
    expect(addressOf(okta, undefined)).toBe("/api/users/authenticate/Okta");
    expect(addressOf(okta, "/app/Spaces-1?a=b&c")).toBe(
      "/api/users/authenticate/Okta?returnUrl=%2Fapp%2FSpaces-1%3Fa%3Db%26c",
    );
  });

  it("is none for the form and for the guest, and none that leads elsewhere", () => {
    expect(addressOf({ ...okta, IdentityType: "ActiveDirectory" }, undefined)).toBeNull();
    expect(addressOf({ ...okta, IdentityType: "Guest" }, undefined)).toBeNull();
    expect(addressOf({ ...okta, Links: { Authenticate: "https://evil.example" } }, undefined)).toBeNull();
    expect(addressOf({ ...okta, Links: {} }, undefined)).toBeNull();
  });
});

describe("why a sign-in was refused", () => {
  it("is read from its cookie", () => {
    expect(faultIn("a=b; OctopusSignInFault=No%20user%20%27ada%27%3B%20ask.")).toBe("No user 'ada'; ask.");
    expect(faultIn('OctopusSignInFault="Denied."')).toBe("Denied.");
  });

  it("is nothing where there is no cookie, or none that can be read", () => {
    expect(faultIn("")).toBeNull();
    expect(faultIn("OctopusSignInFault=%E0%A4%A")).toBeNull();
    expect(faultIn("NotOctopusSignInFault=x")).toBeNull();
  });
});
