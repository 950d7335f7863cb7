// Programs of this build, as processes.
import { execFile, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

export const root = new URL("../..", import.meta.url).pathname;
const path = process.env.PRESELL_HOST ?? join(root, "target/debug/presell-host");

/** A host that runs. */
export interface Program {
  /** The first thing it said. */
  line: string;
  /** Ends it, and waits until it has. */
  end(): Promise<void>;
}

/** Starts the host, and waits for its first line. */
export function hostProgram(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Program> {
  const child = spawn(path, args, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...env } });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const end = () => {
    // What is lent is given back at the end of the input; who serves does not listen to it.
    child.stdin.end();
    if (args[0] === "serve") child.kill("SIGTERM");
    return ended;
  };
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) =>
      reject(new Error(`presell-host ${args[0]} ended with ${code} before it said a word.`)),
    );
    createInterface({ input: child.stdout }).once("line", (line) => resolve({ line, end }));
  });
}

/** The command line of this build on the same data; what it answers. */
export async function presell(place: string, ...args: string[]): Promise<unknown> {
  const env = { ...process.env, PRESELL_DATABASE: place };
  const { stdout } = await promisify(execFile)(join(dirname(path), "presell"), ["--json", ...args], { env });
  return JSON.parse(stdout);
}
