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

const sent = (text: string) => ({ sent: text, answered: "" });

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

  expect(answers).toEqual([[], [], [sent("BEGINinsertCOMMIT")]]);
});

it("takes each statement outside a transaction for one, also when several are under way", () => {
  talk.request(Buffer.concat([bound("first"), bound("second")]));

  expect(talk.answer(ready("I"))).toEqual([sent("first")]);
  expect(talk.answer(ready("I"))).toEqual([sent("second")]);
});

it("tells of a prepared statement outside a transaction when the server is ready again, not with its rows", () => {
  talk.request(Buffer.concat([frame("P", "completion"), frame("D", ""), frame("H", "")]));
  const answers = [talk.answer(frame("1", ""))];
  talk.request(bound("result"));
  answers.push(talk.answer(frame("D", "row")), talk.answer(frame("C", "SELECT 1\0")));

  expect(answers).toEqual([[], [], []]);
  expect(talk.answer(ready("I"))).toEqual([{ sent: "completionresult", answered: "row" }]);
});

it("passes over what was rolled back or refused", () => {
  talk.request(bound("refused"));
  talk.request(query("BEGIN"));
  talk.request(query("ROLLBACK"));
  const answers = [frame("E", "SERROR\0"), ready("I"), ready("T")];

  expect(talk.answer(Buffer.concat(answers))).toEqual([]);
  expect(talk.answer(Buffer.concat([frame("C", "ROLLBACK\0"), ready("I")]))).toEqual([]);
});

it("tells which rows were answered", () => {
  talk.request(Buffer.concat([bound("first"), bound("second")]));
  const answers = [frame("D", "one"), frame("D", "two"), ready("I"), ready("I")];

  expect(talk.answer(Buffer.concat(answers))).toEqual([
    { sent: "first", answered: "onetwo" },
    sent("second"),
  ]);
});

it("understands messages that arrive byte by byte", () => {
  for (const byte of bound("split")) talk.request(Buffer.from([byte]));
  const answers = [...ready("I")].flatMap((byte) => talk.answer(Buffer.from([byte])));

  expect(answers).toEqual([sent("split")]);
});
