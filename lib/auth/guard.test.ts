import { describe, expect, it } from "vitest";
import { EngineError } from "@/lib/domain/errors";
import { guard } from "./guard";
import { isPermitted, type Permission, permissions, roles } from "./permissions";

const LOCAL = { host: "127.0.0.1", port: 3000, appUrl: "http://127.0.0.1:3000", allowedHosts: [] };
const OPEN = { ...LOCAL, host: "0.0.0.0" };
const all = Object.keys(permissions) as Permission[]; // the keys of an object of this type

function codeOf(permission: Permission, config: typeof LOCAL): string {
  try {
    const headers = new Headers({ host: "127.0.0.1:3000" });
    return guard({ method: "POST", headers }, permission, config).actor.id;
  } catch (error) {
    return error instanceof EngineError ? error.code : "fault";
  }
}

describe("the guard", () => {
  it.each(all)("lets whoever works on this machine do %s", (permission) => {
    expect(codeOf(permission, LOCAL)).toBe("local");
  });

  it.each(all.filter((permission) => permission !== "health.read"))(
    "lets nobody do %s on a server that others reach",
    (permission) => {
      expect(codeOf(permission, OPEN)).toBe("unauthorized");
    },
  );
});

describe("the table of permissions", () => {
  it("gives each role everything that the role before it has", () => {
    for (const permission of all) {
      const granted = roles.map((role) => isPermitted(role, permission));

      expect(granted).toEqual([...granted].sort());
      expect(isPermitted("admin", permission)).toBe(true);
    }
  });

  it("lets a viewer write nothing, and an operator define nothing", () => {
    const granted = (role: "viewer" | "operator") => all.filter((p) => isPermitted(role, p));

    expect(granted("viewer").filter((permission) => !permission.endsWith(".read"))).toEqual([]);
    expect(granted("operator").filter((permission) => permission.endsWith(".write"))).toEqual([]);
    expect(all.filter((permission) => isPermitted("anonymous", permission))).toEqual([
      "health.read",
    ]);
  });
});
