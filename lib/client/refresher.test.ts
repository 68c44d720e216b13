import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { createRefresher } from "./refresher";

/** A mounted query whose answers come when the test says so. */
function watchedQuery(client: QueryClient) {
  const answers: (() => void)[] = [];
  const queryFn = vi.fn(() => new Promise<number>((resolve) => answers.push(() => resolve(0))));
  const observer = new QueryObserver(client, { queryKey: ["runs", "4f2"], queryFn });
  const stop = observer.subscribe(() => undefined);
  return { queryFn, stop, answer: () => answers.shift()?.() };
}

it("asks once more, and only once, when hints come while it is being fetched", async () => {
  const client = new QueryClient();
  const query = watchedQuery(client);
  const refresh = createRefresher(client);
  query.answer();
  await vi.waitUntil(() => client.isFetching() === 0);

  refresh([["runs", "4f2"]]);
  refresh([["runs", "4f2"]]);
  refresh([["runs", "4f2"]]);
  expect(query.queryFn).toHaveBeenCalledTimes(2);
  query.answer();
  await vi.waitUntil(() => query.queryFn.mock.calls.length === 3);
  query.answer();
  await vi.waitUntil(() => client.isFetching() === 0);

  expect(query.queryFn).toHaveBeenCalledTimes(3);
  query.stop();
  client.clear();
});
