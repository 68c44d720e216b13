import { createLogCollector } from "@/worker/log-collector";

/**
 * Run by a test in a process of its own: floods a collector and prints what was kept and the peak of its memory.
 * Arguments: the text to repeat, and how many megabytes of it.
 */
const [unit = "", megabytes = "0"] = process.argv.slice(2);
const chunk = Buffer.from(unit.repeat(Math.ceil(65_536 / unit.length)).slice(0, 65_536));
const collector = createLogCollector({ secrets: ["correct horse battery staple"] });

let stored = 0;
let peak = 0;
for (let written = 0; written < Number(megabytes) * 1e6; written += chunk.length) {
  collector.write("stdout", chunk);
  if (written % (512 * chunk.length) === 0) {
    stored += sizeOf(collector.takeChunks());
    collector.preview();
  }
  peak = Math.max(peak, process.memoryUsage.rss());
}
stored += sizeOf(collector.finish());
process.stdout.write(JSON.stringify({ stored, peak }));

function sizeOf(chunks: { content: string }[]): number {
  return chunks.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
}
