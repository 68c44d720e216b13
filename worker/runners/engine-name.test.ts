import { hostname } from "node:os";
import { expect, it } from "vitest";
import { nameDaggerEngine, nameHostEngine } from "./engine-name";

const here = hostname();

it.each([
  [null, `dagger@${here}`],
  ["tcp://10.0.0.5:1234", "tcp://10.0.0.5:1234"],
  ["tcp://user:secret@engine.example:1234", "tcp://user@engine.example:1234"],
  ["kube-pod://dagger?namespace=a", "kube-pod://dagger?namespace=a"],
  ["tcp://127.0.0.1:1234", `tcp://127.0.0.1:1234@${here}`],
  ["tcp://[::1]:1234", `tcp://[::1]:1234@${here}`],
  ["unix:///run/dagger.sock", `unix:///run/dagger.sock@${here}`],
  ["docker-container://dagger", `docker-container://dagger@${here}`],
])("names the engine %s as %s", (runnerHost, expected) => {
  expect(nameDaggerEngine(runnerHost)).toBe(expected);
});

it("has one engine for all processes of a host", () => {
  expect(nameHostEngine("process")).toBe(`process@${here}`);
});
