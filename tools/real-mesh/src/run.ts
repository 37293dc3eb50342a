import { execFile } from 'child_process';

/** The limit of what a program may print, in bytes. */
const MOST_OUTPUT = 256 * 1024 * 1024;

/** Runs a program to its end; answers what it printed. */
export function run(
  program: string,
  args: readonly string[],
  options: {
    input?: string;
    cwd?: string;
    env?: NodeJS.ProcessEnv;
    timeoutMs?: number;
  } = {},
): Promise<string> {
  const { input, cwd, env, timeoutMs } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      {
        cwd,
        env: env ?? process.env,
        maxBuffer: MOST_OUTPUT,
        timeout: timeoutMs,
      },
      (error, stdout, stderr) => {
        if (error) {
          const said = `${stderr}`.trim().slice(-2000);
          reject(
            new Error(
              `${program} ${args.slice(0, 4).join(' ')}: ${
                said || error.message
              }`,
            ),
          );
        } else {
          resolve(stdout);
        }
      },
    );
    // Whoever ends without reading it is no fault of ours.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}
