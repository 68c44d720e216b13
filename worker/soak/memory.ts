/** The resident memory of a worker at one moment. */
type Sample = { atMs: number; bytes: number };

/** The samples of one worker, in order, with what it is called in the report. */
type Life = { name: string; samples: Sample[]; peakBytes: number };

/** How the memory of one worker went, in megabytes. */
type WorkerMemory = {
  name: string;
  minutes: number;
  /** Mean of the first and of the last third of its life. */
  firstThird: number;
  lastThird: number;
  /** The straight line through the last two thirds, in megabytes per hour: what comes before is the start. */
  perHour: number;
  /** The most that the system has ever seen of it. */
  peak: number;
};

export type MemoryFigures = {
  /** Workers that lived long enough to tell, the longest first. */
  lived: WorkerMemory[];
  /** The others: how many, and their median and largest peak. */
  others: { count: number; median: number; largest: number };
};

/** A worker that lived for less says nothing about whether its memory grows. */
const TELLS_AFTER_MS = 60_000;
const MAX_ROWS = 16;
const MS_PER_HOUR = 3_600_000;

/** What was seen of the workers' memory, by worker. */
export class MemorySamples {
  readonly lives = new Map<string, Life>();

  note(
    worker: { workerId: string; name: string },
    { peakBytes, ...sample }: Sample & { peakBytes: number },
  ): void {
    const { name } = worker;
    const life = this.lives.get(worker.workerId) ?? { name, samples: [], peakBytes: 0 };
    life.samples.push(sample);
    life.peakBytes = Math.max(life.peakBytes, peakBytes);
    this.lives.set(worker.workerId, life);
  }
}

/** Sums up the samples. */
export function measureMemory({ lives }: MemorySamples): MemoryFigures {
  const all = [...lives.values()].sort((a, b) => livedMs(b) - livedMs(a));
  const lived = all.filter((life) => livedMs(life) >= TELLS_AFTER_MS).slice(0, MAX_ROWS);
  const peaks = all
    .slice(lived.length)
    .map(({ peakBytes }) => toMb(peakBytes))
    .sort((a, b) => a - b);
  return {
    lived: lived.map(measureLife),
    others: {
      count: peaks.length,
      median: peaks[Math.floor(peaks.length / 2)] ?? 0,
      largest: peaks.at(-1) ?? 0,
    },
  };
}

function measureLife(life: Life): WorkerMemory {
  const { name, samples, peakBytes } = life;
  const startMs = samples[0]?.atMs ?? 0;
  const third = livedMs(life) / 3;
  const before = (ms: number) => samples.filter(({ atMs }) => atMs - startMs <= ms);
  const after = (ms: number) => samples.filter(({ atMs }) => atMs - startMs >= ms);
  return {
    name,
    minutes: round(livedMs(life) / 60_000),
    firstThird: toMb(mean(before(third).map(({ bytes }) => bytes))),
    lastThird: toMb(mean(after(2 * third).map(({ bytes }) => bytes))),
    perHour: toMb(slopePerMs(after(third)) * MS_PER_HOUR),
    peak: toMb(peakBytes),
  };
}

/** The least squares' slope; 0 where there are too few samples for one. */
function slopePerMs(samples: readonly Sample[]): number {
  const meanAt = mean(samples.map(({ atMs }) => atMs));
  const meanBytes = mean(samples.map(({ bytes }) => bytes));
  const spread = samples.reduce((sum, { atMs }) => sum + (atMs - meanAt) ** 2, 0);
  const joint = samples.reduce(
    (sum, { atMs, bytes }) => sum + (atMs - meanAt) * (bytes - meanBytes),
    0,
  );
  return spread === 0 ? 0 : joint / spread;
}

function livedMs({ samples }: Life): number {
  return (samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0);
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, n) => sum + n, 0) / Math.max(1, numbers.length);
}

function toMb(bytes: number): number {
  return round(bytes / 1_000_000);
}

function round(n: number): number {
  return Math.round(n * 10) / 10;
}
