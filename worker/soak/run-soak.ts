import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FAST } from "@/worker/testing/worker-process";
import { checkEachMinute, checkInvariants } from "./check-invariants";
import { checkRecords, countFigures, measureBounds } from "./count-figures";
import { describeStandstill } from "./describe-standstill";
import { finishDiamonds } from "./diamonds";
import { Ending } from "./ending";
import { openWorld, type Undo, undoAll } from "./open-world";
import { resumeAll } from "./operate";
import { makePlan, type Plan } from "./plan";
import { makeReport, type Report } from "./report";
import { toMarkdown } from "./report-markdown";
import { runFaults } from "./run-faults";
import { parseSoakOptions } from "./soak-options";
import { storeJournal } from "./store-journal";
import { createTasks, submitLoad } from "./submit-load";
import { targetOf } from "./targets";
import { untilAnswered } from "./until-answered";
import { findCommands, watchProcesses } from "./watch-processes";
import type { World } from "./world";

/** While nothing comes to its end for so long, nothing will any more. */
const AT_REST_AFTER_MS = 60_000;
const DIAMONDS = "diamonds";
const NO_DIAMONDS = { finished: 0, released: 0 };

/** Progress goes to standard error, the report to standard output. */
const tell = (line: string) => process.stderr.write(`${line}\n`);
// A terminal that has closed takes no more; whoever reads through a pipe may have gone.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

async function main(): Promise<void> {
  const options = parseSoakOptions(process.argv.slice(2));
  const plan = makePlan(options);
  tell(`Soak of ${options.minutes} minutes, seed ${options.seed}, plan ${plan.digest}.`);
  const orphan = join(tmpdir(), `dagline-soak-${options.seed}.md`);
  tell(`Ctrl+C ends it with a report; should this terminal close, the report goes to ${orphan}.`);
  const undo: Undo = [];
  const ending = new Ending();
  endInOrder(ending, undo);
  let report: Report;
  try {
    report = await soak(await openWorld(options, { ending, undo }), plan);
  } finally {
    await undoAll(undo);
  }
  const text = `${toMarkdown(report)}\n`;
  if (ending.reason === "SIGHUP") writeFileSync(orphan, text);
  if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(text, () => process.exit(exitCodeOf(report, ending)));
}

/** Nothing may be left behind when the soak is ended early, least of all a mounted disk. */
function endInOrder(ending: Ending, undo: Undo): void {
  const end = (code: number) => void undoAll(undo).finally(() => process.exit(code));
  ending.listen(end);
  ending.signal.addEventListener("abort", () => tell("It ends early: no more is done."));
  process.once("uncaughtException", (error) => {
    tell(error.stack ?? error.message);
    end(1);
  });
}

/** 1 after a violation, that of the signal when one has ended it, 2 when too little was done to prove anything. */
function exitCodeOf({ violations, short }: Report, ending: Ending): number {
  if (violations.length > 0) return 1;
  return ending.exitCode ?? (short.length > 0 ? 2 : 0);
}

async function soak(world: World, plan: Plan): Promise<Report> {
  const { journal, options, ending, sql, fleet, mark } = world;
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
  const resting = !ending.signal.aborted;
  await checkInvariants(world, { resting });
  await checkRecords(sql, journal, { resting });
  const figures = await countFigures(sql, Number(FAST.LEASE_DURATION));
  const bounds = await measureBounds(sql);
  const endedBy = ending.reason;
  return makeReport({ options, plan: plan.digest, endedBy, journal, figures, bounds, diamonds });
}

async function makeDiamonds({ options, server, journal, ending }: World) {
  const count = targetOf("diamonds", options);
  if (count === 0 || ending.signal.aborted) return NO_DIAMONDS;
  await server.createDatabase(DIAMONDS, null);
  return finishDiamonds({
    databaseUrl: server.urlOf(DIAMONDS),
    count,
    seed: options.seed,
    journal,
    signal: ending.signal,
  });
}

/** Waits until nothing waits or runs any more, or nothing moves; what does not is found by the invariants. */
async function comeToRest(world: World): Promise<void> {
  const { sql, ending } = world;
  if (ending.signal.aborted) return;
  await resumeAll(world);
  let fewest = Number.POSITIVE_INFINITY;
  let end = Date.now() + AT_REST_AFTER_MS;
  for (; Date.now() < end && !ending.signal.aborted; await ending.sleep(250)) {
    const [row] = await untilAnswered(
      () =>
        sql<
          { open: number }[]
        >`select count(*)::int as open from executions where finished_at is null`,
    );
    const open = row?.open ?? 0;
    if (open === 0) return;
    if (open < fewest) end = Date.now() + AT_REST_AFTER_MS;
    fewest = Math.min(fewest, open);
  }
  if (ending.signal.aborted) return;
  const evidence = await untilAnswered(() => describeStandstill(sql));
  world.journal.violate("nothing moves any more, though not all has ended", "", evidence);
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
