import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { FAST } from "@/worker/testing/worker-process";
import { checkEachMinute, checkInvariants } from "./check-invariants";
import { checkRecords, countFigures, measureBounds } from "./count-figures";
import { finishDiamonds } from "./diamonds";
import { openWorld, type Undo, undoAll } from "./open-world";
import { resumeAll } from "./operate";
import { makePlan, type Plan } from "./plan";
import { makeReport, type Report, toMarkdown } from "./report";
import { runFaults } from "./run-faults";
import { parseSoakOptions } from "./soak-options";
import { storeJournal } from "./store-journal";
import { createTasks, submitLoad } from "./submit-load";
import { targetOf } from "./targets";
import { untilAnswered } from "./until-answered";
import { findCommands, watchProcesses } from "./watch-processes";
import type { World } from "./world";

const COMES_TO_REST_WITHIN_MS = 150_000;
const DIAMONDS = "diamonds";

/** Progress goes to standard error, the report to standard output. */
const tell = (line: string) => process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const options = parseSoakOptions(process.argv.slice(2));
  const plan = makePlan(options);
  tell(`Soak of ${options.minutes} minutes, seed ${options.seed}, plan ${plan.digest}.`);
  const undo: Undo = [];
  endInOrder(undo);
  let report: Report;
  try {
    report = await soak(await openWorld(options, undo), plan);
  } finally {
    await undoAll(undo);
  }
  process.stdout.write(`${toMarkdown(report)}\n`);
  if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  process.exit(exitCodeOf(report));
}

/** Nothing may be left behind when the soak is ended early, least of all a mounted disk. */
function endInOrder(undo: Undo): void {
  const end = (code: number) => void undoAll(undo).finally(() => process.exit(code));
  process.once("SIGINT", () => end(130));
  process.once("SIGTERM", () => end(143));
  process.once("uncaughtException", (error) => {
    tell(error.stack ?? error.message);
    end(1);
  });
}

/** 1 after a violation, 2 when too little was done to prove anything. */
function exitCodeOf({ violations, short }: Report): number {
  if (violations.length > 0) return 1;
  return short.length > 0 ? 2 : 0;
}

async function soak(world: World, plan: Plan): Promise<Report> {
  const { journal, options, sql, fleet, mark } = world;
  const over = new AbortController();
  const watching = watchProcesses(world, over.signal);
  const checking = checkEachMinute(world, over.signal, () => tellProgress(world));

  const tasks = await createTasks(world);
  await Promise.all([submitLoad(world, tasks, plan.graphs), runFaults(world, plan)]);
  tell("The faults are over; everything comes to rest.");
  const [diamonds] = await Promise.all([makeDiamonds(world), comeToRest(world)]);
  over.abort();
  await Promise.all([watching, checking]);
  await fleet.drain();
  for (const { pid, commandLine } of findCommands(mark))
    journal.violate("a process survived everything", String(pid), commandLine);

  await storeJournal(sql, journal, world.ledger.read());
  await checkInvariants(world, { resting: true });
  await checkRecords(sql, journal);
  const figures = await countFigures(sql, Number(FAST.LEASE_DURATION));
  const bounds = await measureBounds(sql);
  return makeReport({ options, plan: plan.digest, journal, figures, bounds, diamonds });
}

async function makeDiamonds({ options, server, journal }: World) {
  const count = targetOf("diamonds", options);
  if (count === 0) return { finished: 0, released: 0 };
  await server.createDatabase(DIAMONDS, null);
  return finishDiamonds({
    databaseUrl: server.urlOf(DIAMONDS),
    count,
    seed: options.seed,
    journal,
  });
}

/** Waits until nothing waits or runs any more; what does after the limit is found by the invariants. */
async function comeToRest(world: World): Promise<void> {
  const { sql } = world;
  await resumeAll(world);
  for (const end = Date.now() + COMES_TO_REST_WITHIN_MS; Date.now() < end; await sleep(250)) {
    const [row] = await untilAnswered(
      () =>
        sql<
          { open: number }[]
        >`select count(*)::int as open from executions where finished_at is null`,
    );
    if (row?.open === 0) return;
  }
}

function tellProgress({ journal }: World): void {
  const { kills, stops, crashes, lostCommits, cancelled, accepted, violations } = journal;
  tell(
    `minute ${journal.minute()}: ${accepted.length} runs, ${kills.length} kills, ${stops.length} stops, ${crashes.length} crashes, ` +
      `${lostCommits.length} lost COMMITs, ${cancelled.length} cancels, ${violations.length} violations`,
  );
}

main().catch((error: unknown) => {
  tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
});
