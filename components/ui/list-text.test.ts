import { describe, expect, it } from "vitest";
import { entriesFromText, moveItem } from "./list-text";

describe("entriesFromText", () => {
  it("reads the lines of an .env file", () => {
    const text = '# database\nexport HOST=localhost\n\nPORT=5432\r\nURL="http://a/?b=c"\nEMPTY=';

    expect(entriesFromText(text)).toEqual([
      { key: "HOST", value: "localhost" },
      { key: "PORT", value: "5432" },
      { key: "URL", value: "http://a/?b=c" },
      { key: "EMPTY", value: "" },
    ]);
  });

  it.each(["", "HOST", "HOST=a\nand then some words", "9LIVES=cat"])("refuses %j", (text) => {
    expect(entriesFromText(text)).toBeNull();
  });
});

describe("moveItem", () => {
  it("moves an item by one place", () => {
    expect(moveItem(["a", "b", "c"], 1, 1)).toEqual(["a", "c", "b"]);
    expect(moveItem(["a", "b", "c"], 1, -1)).toEqual(["b", "a", "c"]);
  });

  it("leaves the list alone at its ends", () => {
    expect(moveItem(["a", "b"], 0, -1)).toEqual(["a", "b"]);
    expect(moveItem(["a", "b"], 1, 1)).toEqual(["a", "b"]);
  });
});
