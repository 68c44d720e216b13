/** Who does something: a person, a token of a program, a worker, or the engine itself. */
export type Actor = { type: "person" | "token" | "worker" | "system"; id: string };
