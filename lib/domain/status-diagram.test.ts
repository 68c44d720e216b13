import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { executionStatuses, isFinal, transitions } from "./status";

/** The diagram of the README, made from the table that the code uses. */
function drawDiagram(): string {
  const arrows = executionStatuses.flatMap((from) =>
    transitions[from].map(
      (to) => `  ${from} --> ${to}${isFinal(from) ? ": retried by a person" : ""}`,
    ),
  );
  return ["stateDiagram-v2", "  [*] --> PENDING", "  [*] --> SCHEDULED", ...arrows].join("\n");
}

it("shows in the README the transitions that the code allows", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  expect(readme).toContain(drawDiagram());
});
