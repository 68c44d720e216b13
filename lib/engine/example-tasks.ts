import type { TaskFieldsInput } from "@/lib/domain/task-fields";

type ExampleTask = {
  x: number;
  y: number;
  /** Keys of the tasks it waits for. */
  dependsOn: string[];
  task: TaskFieldsInput;
};

const IMAGE = "node:20-alpine";

function sh(script: string, env: Record<string, string> = {}) {
  return { image: IMAGE, command: ["sh", "-euc", script.trim()], env };
}

function node(script: string, env: Record<string, string> = {}) {
  return { image: IMAGE, command: ["node", "-e", script.trim()], env };
}

/** The value that a task upstream wrote to TASK_OUTPUT, put in when the execution starts. */
function output(key: string, name: string): string {
  return `\${tasks.${key}.outputs.${name}}`;
}

/**
 * A small sales report that shows what tasks can do: live output, values handed on, three at once, a retry. It uses sh,
 * node and core utilities alone and no network, so it runs on any machine and in any container that has Node.js.
 */
export const exampleTasks: ExampleTask[] = [
  {
    x: 0,
    y: 160,
    dependsOn: [],
    task: {
      key: "fetch-orders",
      name: "Fetch orders",
      description:
        "Makes up four orders, one each second, and hands their amounts on: whatever a task writes to the file named in TASK_OUTPUT can be used by the tasks after it.",
      timeoutSeconds: 60,
      workflowParams: sh(`
echo "Connecting to the shop"
amounts=""
for n in 1 2 3 4; do
  sleep 1
  amount=$((n * 35 + 20))
  amounts="$amounts $amount"
  echo "Order $n of 4: $amount USD"
done
echo "amounts=$amounts" >> "$TASK_OUTPUT"
echo "count=4" >> "$TASK_OUTPUT"`),
    },
  },
  {
    x: 340,
    y: 0,
    dependsOn: ["fetch-orders"],
    task: {
      key: "check-orders",
      name: "Check orders",
      description:
        "Looks at every order by itself. It runs beside the two other tasks that wait for the orders.",
      timeoutSeconds: 60,
      workflowParams: sh(
        `
valid=0
for amount in $AMOUNTS; do
  sleep 1
  if [ "$amount" -gt 0 ]; then
    valid=$((valid + 1))
    echo "$amount USD is fine"
  else
    echo "$amount USD is no amount" >&2
  fi
done
echo "valid=$valid" >> "$TASK_OUTPUT"`,
        { AMOUNTS: output("fetch-orders", "amounts") },
      ),
    },
  },
  {
    x: 340,
    y: 160,
    dependsOn: ["fetch-orders"],
    task: {
      key: "add-up",
      name: "Add up the amounts",
      description: "A program in JavaScript; it hands its results on as JSON.",
      timeoutSeconds: 60,
      workflowParams: node(
        `
const { appendFileSync } = require("node:fs");
const amounts = process.env.AMOUNTS.trim().split(" ").map(Number);
let total = 0;
const timer = setInterval(() => {
  total += amounts.shift();
  console.log("Subtotal: " + total + " USD");
  if (amounts.length > 0) return;
  clearInterval(timer);
  appendFileSync(process.env.TASK_OUTPUT, JSON.stringify({ total }));
}, 600);`,
        { AMOUNTS: output("fetch-orders", "amounts") },
      ),
    },
  },
  {
    x: 340,
    y: 320,
    dependsOn: ["fetch-orders"],
    task: {
      key: "get-rate",
      name: "Get the exchange rate",
      description:
        "Fails at its first attempt, on purpose, and succeeds on the retry three seconds later. What waits for it waits on.",
      priority: "HIGH",
      retryStrategy: "FIXED_DELAY",
      retryDelaySeconds: 3,
      maxRetries: 3,
      timeoutSeconds: 60,
      workflowParams: sh(`
echo "Attempt $DAGLINE_ATTEMPT: asking for the rate of USD in EUR"
sleep 2
if [ "$DAGLINE_ATTEMPT" -gt 1 ]; then
  echo "1 USD = 0.92 EUR"
  echo "rate=0.92" >> "$TASK_OUTPUT"
else
  echo "The service did not answer" >&2
  exit 1
fi`),
    },
  },
  {
    x: 680,
    y: 160,
    dependsOn: ["check-orders", "add-up", "get-rate"],
    task: {
      key: "write-report",
      name: "Write the report",
      description:
        "Starts when all three tasks before it have completed, and uses what each of them handed on.",
      timeoutSeconds: 60,
      workflowParams: node(
        `
const { appendFileSync } = require("node:fs");
const { VALID, COUNT, TOTAL, RATE } = process.env;
const lines = [
  "Sales report",
  "  orders  " + VALID + " of " + COUNT + " valid",
  "  total   " + TOTAL + " USD",
  "  in EUR  " + (TOTAL * RATE).toFixed(2),
];
const timer = setInterval(() => {
  console.log(lines.shift());
  if (lines.length > 0) return;
  clearInterval(timer);
  const headline = VALID + " orders, " + (TOTAL * RATE).toFixed(2) + " EUR";
  appendFileSync(process.env.TASK_OUTPUT, JSON.stringify({ headline }));
}, 600);`,
        {
          COUNT: output("fetch-orders", "count"),
          VALID: output("check-orders", "valid"),
          TOTAL: output("add-up", "total"),
          RATE: output("get-rate", "rate"),
        },
      ),
    },
  },
  {
    x: 1020,
    y: 160,
    dependsOn: ["write-report"],
    task: {
      key: "publish-report",
      name: "Publish the report",
      description: "The end of the graph: prints the headline of the report.",
      timeoutSeconds: 60,
      workflowParams: sh(
        `
echo "Publishing the report"
sleep 2
echo "Published: $HEADLINE"
echo "headline=$HEADLINE" >> "$TASK_OUTPUT"`,
        { HEADLINE: output("write-report", "headline") },
      ),
    },
  },
];
