import { expect, it } from "vitest";
import { isCurrent, NAV_ITEMS } from "./nav-items";

it.each([
  ["/", "Overview"],
  ["/projects", "Projects"],
  ["/projects/4f2", "Projects"],
  ["/graphs/4f2", "Projects"],
  ["/schedules", "Schedules"],
  ["/runs/4f2", "Runs"],
  ["/executions", "Executions"],
  ["/workers", "Workers"],
])("marks only one place as current on %s", (path, label) => {
  const current = NAV_ITEMS.filter((item) => isCurrent(item, path));

  expect(current.map((item) => item.label)).toEqual([label]);
});

it("marks nothing on a path that only begins alike", () => {
  expect(NAV_ITEMS.filter((item) => isCurrent(item, "/runs-of-others"))).toEqual([]);
});
