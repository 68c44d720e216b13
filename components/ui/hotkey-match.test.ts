import { expect, it } from "vitest";
import { matchesKeys } from "./hotkey-match";

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

it.each([
  ["r", { ...none, key: "r" }, true],
  ["r", { ...none, key: "R", shiftKey: true }, false],
  ["r", { ...none, key: "r", ctrlKey: true }, false],
  ["?", { ...none, key: "?", shiftKey: true }, true],
  ["?", { ...none, key: "?" }, true],
  ["mod+s", { ...none, key: "s", ctrlKey: true }, true],
  ["mod+s", { ...none, key: "s", metaKey: true }, true],
  ["mod+s", { ...none, key: "s" }, false],
  ["mod+z", { ...none, key: "Z", metaKey: true, shiftKey: true }, false],
  ["mod+shift+z", { ...none, key: "Z", metaKey: true, shiftKey: true }, true],
  ["shift+enter", { ...none, key: "Enter" }, false],
  ["space", { ...none, key: " " }, true],
  ["alt+arrowup", { ...none, key: "ArrowUp", altKey: true }, true],
])("takes %s for the keys pressed or not", (keys, pressed, expected) => {
  expect(matchesKeys(pressed, keys)).toBe(expected);
});
