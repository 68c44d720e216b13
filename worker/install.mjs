// Plain Node.js without any package: this runs before there are packages.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const NODE_NEEDED = [20, 12];
const PROGRESS_INTERVAL_MS = 10_000;

/** Installs the dependencies if the lock file asks for others than are there. Ends the process when that is impossible. */
export async function install() {
  refuseOldNode();
  if (isInstalled()) return;
  say("Installing the dependencies (about a minute) …");
  const output = await runNpmCi();
  if (output === null) return;
  process.stderr.write(`${output}\nThe dependencies could not be installed; npm says why above.\n`);
  process.exit(1);
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > NODE_NEEDED[0] || (major === NODE_NEEDED[0] && minor >= NODE_NEEDED[1])) return;
  process.stderr.write(
    `This is Node.js ${process.versions.node}; Dagline needs ${NODE_NEEDED.join(".")} or newer.\n`,
  );
  process.exit(1);
}

// npm notes at the end of an installation what it put where; an interrupted one leaves no such note.
function isInstalled() {
  const wanted = readPackages("package-lock.json");
  const present = readPackages("node_modules/.package-lock.json");
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return isSameAsPackageJson(entry);
    if (present[path]) return present[path].version === entry.version;
    return Boolean(entry.optional) && !isForThisMachine(entry);
  });
}

// A changed package.json without a changed lock file: npm ci says what is wrong.
function isSameAsPackageJson(entry) {
  const manifest = JSON.parse(readFileSync("package.json", "utf8"));
  return ["dependencies", "devDependencies"].every(
    (group) => JSON.stringify(manifest[group]) === JSON.stringify(entry[group]),
  );
}

// Packages for one C library alone are left out: which of them npm wants is not known here.
function isForThisMachine({ os, cpu, libc }) {
  return Boolean(!libc && os?.includes(process.platform) && cpu?.includes(process.arch));
}

function readPackages(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : {};
}

// Development packages are needed for the build, also where NODE_ENV says production.
function runNpmCi() {
  // biome-ignore lint/style/noProcessEnv: set by npm, not by the person who configures the product
  const cli = process.env.npm_execpath;
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund"];
  const npm = cli?.endsWith(".js") ? spawn(process.execPath, [cli, ...args]) : spawn("npm", args);
  let output = "";
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  const started = Date.now();
  const progress = setInterval(() => {
    say(`  still installing, ${Math.round((Date.now() - started) / 1000)} s`);
  }, PROGRESS_INTERVAL_MS);
  const stop = (signal) => {
    npm.kill(signal);
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  return new Promise((resolve) => {
    const finish = (failure) => {
      clearInterval(progress);
      process.off("SIGINT", stop).off("SIGTERM", stop);
      resolve(failure);
    };
    npm.once("error", (error) => finish(String(error)));
    npm.once("close", (code) => finish(code === 0 ? null : output));
  });
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
