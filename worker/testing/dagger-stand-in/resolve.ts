import { randomUUID } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { toHostPath } from "./execute";
import { IMAGE_DIGEST, pullImage } from "./images";
import {
  type Container,
  type Directory,
  emptyContainer,
  type File,
  InvalidQueryError,
  type Query,
  StandInError,
  type StandInObject,
} from "./objects";

/** What the fields need of the session and the request they belong to. */
export type ResolveContext = {
  engineVersion: string;
  objects: Map<string, StandInObject>;
  secrets: Map<string, string>;
  /** Where files may be put. */
  folder: string;
  signal: AbortSignal;
  /** Runs a command in a container, or gives the result of an equal earlier run. */
  execute: (container: Container, args: string[], key: string) => Promise<Container>;
};

type Args = Record<string, unknown>;
type Value = StandInObject | string | number | boolean;

const text = z.string();
const optional = z.string().optional();

/** The value of one field of an object, as the engine's schema defines it (as far as the SDK is made to use it). */
export async function resolveField(
  parent: StandInObject,
  field: string,
  args: Args,
  context: ResolveContext,
): Promise<Value> {
  if (field === "id") return store(parent, context);
  switch (parent.type) {
    case "Query":
      return resolveQuery(parent, field, args, context);
    case "Container":
      return resolveContainer(parent, field, args, context);
    case "File":
      return resolveFile(parent, field);
    case "Directory":
      if (field !== "withNewDirectory") throw unknownField(parent, field);
      return withNewDirectory(parent, args, context.folder);
    case "Secret":
      throw unknownField(parent, field);
  }
}

function store(object: StandInObject, context: ResolveContext): string {
  const id = `${object.type}:${randomUUID()}`;
  context.objects.set(id, object);
  return id;
}

function load<T extends StandInObject["type"]>(id: unknown, type: T, context: ResolveContext) {
  const object = context.objects.get(text.parse(id));
  if (object?.type !== type) throw new StandInError(`${type} ${id} not found`);
  // The check above is one on `type`, which TypeScript does not carry over to a generic.
  return object as Extract<StandInObject, { type: T }>;
}

function resolveQuery(parent: Query, field: string, args: Args, context: ResolveContext): Value {
  if (field === "version") return context.engineVersion;
  if (field === "container") return emptyContainer;
  if (field === "directory") return { type: "Directory", key: "directory", folder: null };
  if (field === "node") {
    const object = context.objects.get(text.parse(args.id));
    if (object === undefined) throw new StandInError(`node ${args.id} not found`);
    return object;
  }
  if (field !== "setSecret") throw unknownField(parent, field);
  const name = text.parse(args.name);
  context.secrets.set(name, text.parse(args.plaintext));
  return { type: "Secret", key: `secret ${name}`, name };
}

async function resolveContainer(
  container: Container,
  field: string,
  args: Args,
  context: ResolveContext,
): Promise<Value> {
  const described = describeFurther(container, field, args, context);
  if (described !== null) return described;
  const { exec } = container;
  switch (field) {
    case "from": {
      const image = text.parse(args.address);
      await pullImage(image, context.signal);
      return { ...container, image, key: `${container.key} from ${image}` };
    }
    case "withExec": {
      const command = z.array(text).parse(args.args);
      const key = `${container.key} withExec ${JSON.stringify(command)} ${optional.parse(args.expect)}`;
      return context.execute(container, command, key);
    }
    case "sync":
      return store(container, context);
    case "imageRef":
      return `docker.io/library/${container.image}@${IMAGE_DIGEST}`;
    case "user":
      return "";
    case "exists":
      return isFile(toHostPath(text.parse(args.path), container.mounts));
    case "exitCode":
      if (exec === null) throw new StandInError("no command has been set");
      return exec.exitCode;
    case "stdout":
    case "stderr":
      if (exec === null) throw new StandInError("no command has been set");
      return readFile(exec.output[field], "utf8");
    default:
      throw unknownField(container, field);
  }
}

/** The fields that only describe a container further, or a part of it. */
function describeFurther(
  container: Container,
  field: string,
  args: Args,
  context: ResolveContext,
): Container | Directory | File | null {
  const key = `${container.key} ${field}`;
  switch (field) {
    case "withEnvVariable": {
      const [name, value] = [text.parse(args.name), text.parse(args.value)];
      const env = { ...container.env, [name]: value };
      return { ...container, env, key: `${key} ${name}=${value}` };
    }
    case "withSecretVariable": {
      const secret = load(args.secret, "Secret", context);
      const secrets = { ...container.secrets, [text.parse(args.name)]: secret };
      return { ...container, secrets, key: `${key} ${args.name}=${secret.key}` };
    }
    case "withMountedDirectory": {
      const source = load(args.source, "Directory", context);
      const mounts = { ...container.mounts, [text.parse(args.path)]: source };
      return { ...container, mounts, key: `${key} ${args.path}=(${source.key})` };
    }
    case "withWorkdir":
      return { ...container, workdir: text.parse(args.path), key: `${key} ${args.path}` };
    case "directory": {
      const folder = toHostPath(text.parse(args.path), container.mounts);
      return { type: "Directory", key: `${key} ${args.path}`, folder };
    }
    case "file": {
      const file = toHostPath(text.parse(args.path), container.mounts);
      return { type: "File", key: `${key} ${args.path}`, file };
    }
    default:
      return null;
  }
}

async function withNewDirectory(
  parent: Directory,
  args: Args,
  scratch: string,
): Promise<Directory> {
  const name = text.parse(args.path);
  // The engine's own default, with which only root could enter the folder.
  const mode = z.int().default(0o644).parse(args.permissions);
  const folder = await mkdtemp(path.join(scratch, "directory-"));
  if (parent.folder !== null) await cp(parent.folder, folder, { recursive: true });
  await mkdir(path.join(folder, name), { recursive: true, mode });
  return { type: "Directory", key: `${parent.key} with ${name}`, folder };
}

async function resolveFile(file: File, field: string): Promise<Value> {
  if (field === "size") return statSync(file.file).size;
  if (field === "contents") return readFile(file.file, "utf8");
  throw unknownField(file, field);
}

function isFile(file: string): boolean {
  return existsSync(file) && statSync(file).isFile();
}

function unknownField(parent: StandInObject, field: string): InvalidQueryError {
  return new InvalidQueryError(`Cannot query field "${field}" on type "${parent.type}".`);
}
