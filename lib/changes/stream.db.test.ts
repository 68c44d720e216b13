import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { channels } from "@/lib/db/channels";
import { announceShutdown } from "@/lib/shutdown";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { ChangeHub } from "./hub";
import { openChangeStream } from "./stream";

const RUN = "01a20828-80ed-7386-98d5-53d00d501d51";

let database: TestDatabase;
let hub: ChangeHub;
beforeAll(async () => {
  database = await createTestDatabase();
  hub = new ChangeHub(database.sql);
});
afterAll(() => database.close());

/** Opens a stream and gathers its events; comments and the retry time are left out. */
function open() {
  const aborted = new AbortController();
  const events: { event: string; data: unknown }[] = [];
  const state = { ended: false };
  void readAll(openChangeStream(hub, aborted.signal), events).then(() => {
    state.ended = true;
  });
  return { events, state, abort: () => aborted.abort() };
}

async function readAll(
  stream: ReadableStream<Uint8Array>,
  events: { event: string; data: unknown }[],
): Promise<void> {
  const decoder = new TextDecoder();
  for await (const bytes of stream) {
    const [, event, data] = decoder.decode(bytes).match(/^event: (\w+)\ndata: (.*)\n\n$/) ?? [];
    if (event && data) events.push({ event, data: JSON.parse(data) });
  }
}

function notify(payload: string) {
  return database.sql.notify(channels.changes, payload);
}

describe("a stream of changes", () => {
  it("says that it is ready first, and then what has changed", async () => {
    const { events, abort } = open();
    await vi.waitFor(() => expect(events).toEqual([{ event: "ready", data: {} }]), 5_000);

    await notify(RUN);
    await notify("graphs");

    await vi.waitFor(
      () => expect(topicsOf(events)).toEqual([`run:${RUN}`, "executions", "graphs"]),
      5_000,
    );
    abort();
  });

  it("gathers what happens at once into few messages", async () => {
    const { events, abort } = open();
    await vi.waitFor(() => expect(events).toHaveLength(1), 5_000);

    const startedAt = Date.now();
    for (let i = 0; i < 300; i++) await notify(`topic-${i % 3}`);
    await notify("last");
    await vi.waitFor(() => expect(topicsOf(events)).toContain("last"), 5_000);

    expect(events.length - 1).toBeLessThanOrEqual((Date.now() - startedAt) / 200 + 1);
    abort();
  });

  it("says that anything may have changed when too much has", async () => {
    const { events, abort } = open();
    await vi.waitFor(() => expect(events).toHaveLength(1), 5_000);

    await Promise.all(Array.from({ length: 60 }, (_, i) => notify(`topic-${i}`)));
    await notify("*");

    await vi.waitFor(() => expect(topicsOf(events)).toContain("*"), 5_000);
    abort();
  });

  it("is ready again by itself when its connection was lost", async () => {
    const { events, abort } = open();
    await vi.waitFor(() => expect(events).toHaveLength(1), 5_000);

    await database.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`;

    await vi.waitFor(
      () => expect(events.filter(({ event }) => event === "ready")).toHaveLength(2),
      15_000,
    );
    await notify("graphs");
    await vi.waitFor(() => expect(topicsOf(events)).toContain("graphs"), 5_000);
    abort();
  });

  it("ends when its client goes", async () => {
    const { state, abort } = open();

    abort();

    await vi.waitFor(() => expect(state.ended).toBe(true), 5_000);
  });

  it("ends when the server stops", async () => {
    const streams = [open(), open()];

    announceShutdown();

    await vi.waitFor(() => expect(streams.every(({ state }) => state.ended)).toBe(true), 5_000);
  });

  it("cuts off a client that takes nothing", async () => {
    const listeners: Parameters<ChangeHub["subscribe"]>[0][] = [];
    const stream = openChangeStream(
      Object.assign(Object.create(hub), {
        subscribe: (listener: Parameters<ChangeHub["subscribe"]>[0]) => {
          listeners.push(listener);
          return () => listeners.pop();
        },
      }),
      new AbortController().signal,
    );

    for (let i = 0; i < 100; i++) listeners[0]?.onReady();

    expect(listeners).toEqual([]);
    const events: { event: string; data: unknown }[] = [];
    await readAll(stream, events);
    expect(events.length).toBeLessThan(70);
  });
});

function topicsOf(events: { event: string; data: unknown }[]): string[] {
  return events.flatMap(({ event, data }) =>
    event === "change" && typeof data === "object" && data !== null && "topics" in data
      ? (data.topics as string[]) // what the stream has just written
      : [],
  );
}
