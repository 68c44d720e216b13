import { beforeEach, expect, it } from "vitest";
import { PgConversation } from "./pg-conversation";

const frame = (type: string, text: string) => {
  const body = Buffer.from(text, "latin1");
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
};
const ready = (status: "I" | "T" | "E") => frame("Z", status);
const query = (text: string) => frame("Q", text);
/** A prepared statement: its parameters, and the end of the request. */
const bound = (text: string) => Buffer.concat([frame("B", text), frame("E", ""), frame("S", "")]);

let talk: PgConversation;
beforeEach(() => {
  talk = new PgConversation();
  talk.request(frame("", "user\0me\0"));
  talk.answer(ready("I"));
});

it("tells what was sent in a transaction when it is committed, not before", () => {
  talk.request(query("BEGIN"));
  const answers = [talk.answer(ready("T"))];
  talk.request(bound("insert"));
  answers.push(talk.answer(ready("T")));
  talk.request(query("COMMIT"));
  answers.push(talk.answer(Buffer.concat([frame("C", "COMMIT\0"), ready("I")])));

  expect(answers).toEqual([[], [], ["BEGINinsertCOMMIT"]]);
});

it("takes each statement outside a transaction for one, also when several are under way", () => {
  talk.request(Buffer.concat([bound("first"), bound("second")]));

  expect(talk.answer(ready("I"))).toEqual(["first"]);
  expect(talk.answer(ready("I"))).toEqual(["second"]);
});

it("passes over what was rolled back or refused", () => {
  talk.request(bound("refused"));
  talk.request(query("BEGIN"));
  talk.request(query("ROLLBACK"));
  const answers = [frame("E", "SERROR\0"), ready("I"), ready("T")];

  expect(talk.answer(Buffer.concat(answers))).toEqual([]);
  expect(talk.answer(Buffer.concat([frame("C", "ROLLBACK\0"), ready("I")]))).toEqual([]);
});

it("understands messages that arrive byte by byte", () => {
  for (const byte of bound("split")) talk.request(Buffer.from([byte]));
  const answers = [...ready("I")].flatMap((byte) => talk.answer(Buffer.from([byte])));

  expect(answers).toEqual(["split"]);
});
