import { describe, expect, it } from "vitest";
import { findHostVariableProblem, LOADER_VARIABLES } from "./environment";

describe("findHostVariableProblem", () => {
  it.each(["GREETING", "_x", "DATABASE_URL", "HOME", "LDAP_HOST", "a".repeat(128)])(
    "lets a command have %s",
    (name) => {
      expect(findHostVariableProblem(name)).toBeNull();
    },
  );

  it.each([
    ...LOADER_VARIABLES,
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
    "LD_AUDIT",
    "DYLD_INSERT_LIBRARIES",
  ])("refuses %s, which loads code", (name) => {
    expect(findHostVariableProblem(name)).toContain(name);
  });

  it.each(["PATH", "TASK_OUTPUT"])("refuses %s, which is ours", (name) => {
    expect(findHostVariableProblem(name)).toContain("itself");
  });

  it.each(["", "A=B", "1A", "A B", "A\n", "$(id)", "a".repeat(129)])(
    "refuses %j, which is not a name",
    (name) => {
      expect(findHostVariableProblem(name)).toContain("not a name");
    },
  );
});
