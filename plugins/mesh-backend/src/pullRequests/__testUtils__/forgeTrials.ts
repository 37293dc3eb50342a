import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import type { Forge } from '../Forge';
import { Forges } from '../Forges';
import { type ForgeStandIn, TOKEN } from './ForgeStandIn';
import { giteaStandIn } from './giteaStandIn';
import { runGit } from './gitHttpBackend';
import { gitHubStandIn } from './gitHubStandIn';
import { gitLabStandIn } from './gitLabStandIn';
import type { TreeChange } from './GitRepository';

/** A forge with an empty repository, and what people do there beside the portal. */
export interface ForgeTrial {
  forge: Forge;
  /** The same, as the portal finds it another time. */
  again: () => Forge;
  /** The same with another token. */
  forgeWith: (token: string) => Forge;
  /** A commit that somebody pushes. */
  push: (
    branch: string,
    changes: TreeChange[],
    message: string,
  ) => Promise<void>;
  merge: (number: number) => Promise<void>;
  close: (number: number) => Promise<void>;
  cloneUrl: string;
  standIn: ForgeStandIn;
  stop: () => void;
}

export const DEADLINE_MS = 5000;

export const FORGE_TRIALS: Record<string, () => Promise<ForgeTrial>> = {
  GitHub: async () => {
    const standIn = await gitHubStandIn();
    return trialOf(standIn, token => ({
      github: [
        { host: standIn.host, apiBaseUrl: `${standIn.url}/api/v3`, token },
      ],
    }));
  },
  GitLab: async () => {
    const standIn = await gitLabStandIn();
    return trialOf(standIn, token => ({
      gitlab: [
        {
          host: standIn.host,
          apiBaseUrl: `${standIn.url}/api/v4`,
          baseUrl: standIn.url,
          token,
        },
      ],
    }));
  },
  Gitea: async () => {
    const standIn = await giteaStandIn();
    return trialOf(standIn, password => ({
      gitea: [{ host: standIn.host, baseUrl: standIn.url, password }],
    }));
  },
};

/** The forge of a URL, as the portal's configuration makes it. */
export function forgeAt(
  url: string,
  integrations: JsonObject,
  deadlineMs = DEADLINE_MS,
): Forge {
  return forgesOf(integrations, deadlineMs).of(url);
}

function forgesOf(integrations: JsonObject, deadlineMs = DEADLINE_MS): Forges {
  const config = new ConfigReader({ integrations });
  return Forges.fromConfig(config, { deadlineMs });
}

function trialOf(
  standIn: ForgeStandIn,
  integrations: (token: string) => JsonObject,
): ForgeTrial {
  const url = `${standIn.url}/team/shop.git`;
  const forges = forgesOf(integrations(TOKEN));
  return {
    forge: forges.of(url),
    again: () => forges.of(url),
    forgeWith: token => forgeAt(url, integrations(token)),
    push: async (...commit) => {
      standIn.repository.commit(...commit);
    },
    merge: async number => standIn.merge(number),
    close: async number => standIn.close(number),
    cloneUrl: standIn.cloneUrl,
    standIn,
    stop: () => standIn.repository.remove(),
  };
}

/** What git itself gets from the forge: the judge of what was pushed. */
export class Clone {
  static async of(url: string): Promise<Clone> {
    const folder = mkdtempSync(join(tmpdir(), 'clone-'));
    await runGit(['clone', '--quiet', '--no-checkout', url, folder]);
    return new Clone(folder);
  }

  private constructor(private readonly folder: string) {}

  /** How a branch differs from where it left another one. */
  changes(base: string, branch: string): Promise<string> {
    const range = `origin/${base}...origin/${branch}`;
    return this.git('diff', '--no-color', '--unified=0', range);
  }

  file(branch: string, path: string): Promise<string> {
    return this.git('show', `origin/${branch}:${path}`);
  }

  /** The messages of the commits that a branch has more, the newest first. */
  async messages(base: string, branch: string): Promise<string[]> {
    const range = `origin/${base}..origin/${branch}`;
    const text = await this.git('log', '--format=%B%x00', range);
    return text
      .split('\0')
      .map(message => message.trim())
      .filter(Boolean);
  }

  async branches(): Promise<string[]> {
    const text = await this.git(
      'for-each-ref',
      '--format=%(refname:lstrip=3)',
      'refs/remotes/origin',
    );
    return text
      .trim()
      .split('\n')
      .filter(name => name !== 'HEAD');
  }

  /** Whether a branch contains a commit. */
  async contains(branch: string, commit: string): Promise<boolean> {
    const text = await this.git('branch', '-r', '--contains', commit);
    return text.includes(`origin/${branch}`);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private git(...args: string[]): Promise<string> {
    return runGit(args, this.folder);
  }
}
