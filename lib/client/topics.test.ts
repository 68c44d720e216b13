import { expect, it } from "vitest";
import { keysOfTopics } from "./topics";

it("refreshes the run of the hint and the lists, but no other run", () => {
  const keys = keysOfTopics(["run:4f2"]);

  expect(keys).toContainEqual(["runs", "4f2"]);
  expect(keys).toContainEqual(["runs", "list"]);
  expect(keys).toContainEqual(["executions"]);
  expect(keys).not.toContainEqual(["runs"]);
});

it("refreshes every run when many changed at once", () => {
  expect(keysOfTopics(["*"])).toContainEqual(["runs"]);
});

it("leaves runs alone when only a worker reported", () => {
  expect(keysOfTopics(["workers"])).toEqual([["workers"], ["system"], ["overview"]]);
});

it("refreshes schedules when one was changed or a run of one ended, and nothing else for the first", () => {
  expect(keysOfTopics(["schedules"])).toEqual([["schedules"]]);
  expect(keysOfTopics(["run:4f2"])).toContainEqual(["schedules"]);
});

it("reads on in a log that grew, and in nothing else", () => {
  expect(keysOfTopics(["log:4f2"])).toEqual([["logs", "4f2"]]);
});

it("names each key once", () => {
  const keys = keysOfTopics(["run:4f2", "executions", "workers"]).map((key) => JSON.stringify(key));

  expect(new Set(keys).size).toBe(keys.length);
});

it.each(["constructor", "toString", ""])(
  "makes nothing stale for the unknown topic %j",
  (topic) => {
    expect(keysOfTopics([topic])).toEqual([]);
  },
);
