import { MantineProvider } from "@mantine/core";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeAll, expect, test } from "vitest";
import type { Shape } from "@/api/client";
import { SecretField } from "./secret-field";

beforeAll(() => {
  window.matchMedia ??= ((query: string) => ({
    matches: false,
    media: query,
    addEventListener: () => {},
    removeEventListener: () => {},
  })) as never;
});
afterEach(cleanup);

type Secret = Shape<"SensitiveValue"> | null;

function Held({ first }: { first: Secret }) {
  const [value, setValue] = useState(first);
  return (
    <MantineProvider env="test">
      <SecretField label="Password" value={value} onChange={setValue} />
      <output>{JSON.stringify(value)}</output>
    </MantineProvider>
  );
}

test.each<[string, Secret]>([
  ["none", { HasValue: false, NewValue: null, Hint: null }],
  ["nothing", null],
  ["one that is set", { HasValue: true, NewValue: null, Hint: null }],
])("who takes back what was typed leaves %s as it was", (_, first) => {
  render(<Held first={first} />);
  const field = screen.getByLabelText("Password");
  fireEvent.change(field, { target: { value: "s" } });
  expect(screen.getByRole("status").textContent).toContain('"NewValue":"s"');
  fireEvent.change(field, { target: { value: "" } });
  expect(screen.getByRole("status").textContent).toBe(JSON.stringify(first));
});
