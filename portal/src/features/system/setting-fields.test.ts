import { describe, expect, test } from "vitest";
import { type Field, fieldsOf, valueAt, withValue } from "./setting-fields";
import { stateOf } from "./settings-api";

function property(Name: string, Type: string, display: object = {}) {
  const DisplayInfo = {
    Label: `The ${Name}`,
    Description: "",
    Required: false,
    ReadOnly: false,
    Sensitive: Type === "SensitiveValue",
    ShowCopyToClipboard: false,
    ListApi: null,
    Options: null,
    PropertyApplicability: null,
    ConnectivityCheck: null,
    ...display,
  };
  return { Name, Type, DisplayInfo };
}

const choices = { Options: { SelectMode: "Single", Values: { None: "None", SSL: "SSL" } } };
const METADATA = {
  Description: "A directory",
  Types: [
    {
      Name: "Directory",
      Properties: [
        property("IsEnabled", "bool"),
        property("Port", "int"),
        property("Server", "string"),
        property("TrustedCertificates", "string"),
        property("Scopes", "string[]"),
        property("Protocol", "string", choices),
        property("Password", "SensitiveValue"),
        property("Referrals", "bool", { ReadOnly: true }),
        property("Mapping", "Names"),
      ],
    },
    { Name: "Names", Properties: [property("Email", "string"), property("Gone", "string", { ReadOnly: true })] },
  ],
};

const told = (fields: Field[]): unknown =>
  fields.map((one) => [one.name, one.kind, ...one.fields.map((inner) => inner.name)]);

test("each setting is shown by its type, and what the server does not act on is not", () => {
  expect(told(fieldsOf(METADATA))).toEqual([
    ["IsEnabled", "switch"],
    ["Port", "number"],
    ["Server", "text"],
    ["TrustedCertificates", "long text"],
    ["Scopes", "lines"],
    ["Protocol", "choice"],
    ["Password", "secret"],
    ["Mapping", "part", "Email"],
  ]);
  const [first] = fieldsOf(METADATA);
  expect(first?.label).toBe("The IsEnabled");
});

describe("values", () => {
  const values = { Port: 389, Mapping: { Email: "mail" } };
  test("are read and changed at their place, and the others stay", () => {
    expect(valueAt(values, ["Mapping", "Email"])).toBe("mail");
    expect(valueAt(values, ["Nothing", "Here"])).toBeUndefined();
    expect(withValue(values, ["Mapping", "Email"], "email")).toEqual({ Port: 389, Mapping: { Email: "email" } });
    expect(withValue({}, ["Mapping", "Email"], "email")).toEqual({ Mapping: { Email: "email" } });
    expect(values.Mapping.Email).toBe("mail");
  });

  test.each([
    [{ IsEnabled: true }, true],
    [{ IsInMaintenanceMode: false }, false],
    [{ SmtpHost: "mail", SendEmailFrom: "a@example.com" }, true],
    [{ SmtpHost: "mail", SendEmailFrom: "" }, false],
    [{ ServerUri: null }, null],
  ])("%j is on, off or neither: %s", (given, state) => {
    expect(stateOf(given)).toBe(state);
  });
});
