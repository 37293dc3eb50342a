import {
  beforeOf,
  deliveredBy,
  describeRef,
  type ManifestSource,
  type ObjectEdit,
  refOf,
  SourceRefused,
} from '@meshdeck/istio-config';
import type { PullRequestPreview } from '@meshdeck/plugin-mesh-common';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { KubernetesClient } from '../cluster/KubernetesClient';
import type { RememberedRequest } from '../memory/MemorizedChange';
import type { PullRequest } from '../pullRequests/Forge';
import { ForgeError } from '../pullRequests/ForgeError';
import type { Forges } from '../pullRequests/Forges';
import { allManifestChanges } from '../pullRequests/manifestChanges';
import { manifestSources } from '../pullRequests/manifestSources';
import { PullRequestDelivery } from '../pullRequests/PullRequestDelivery';
import type { RequestFields } from '../pullRequests/requestText';
import { refusalOf, sentenceOf } from './requestRefusals';
import type { RequestTarget } from './RequestTarget';
import { RequestUpdates } from './RequestUpdates';

/** Brings a change to the repository from which Argo CD or Flux delivers its objects. */
export class ChangeRequests {
  static create(options: {
    forges: Pick<Forges, 'of'>;
    access: MeshClusterAccess;
    deadlineMs: number;
    argoNamespace?: string;
  }) {
    return new ChangeRequests(options);
  }

  /** Brings other changes to requests that are open. */
  readonly updates: RequestUpdates;

  private constructor(
    private readonly options: Parameters<typeof ChangeRequests.create>[0],
  ) {
    this.updates = RequestUpdates.create(options);
  }

  /** What a pull request would change, or why there can be none; undefined where nothing else delivers the objects. */
  async preview(
    cluster: string,
    edits: readonly ObjectEdit[],
  ): Promise<PullRequestPreview | undefined> {
    if (!edits.some(isDelivered)) {
      return undefined;
    }
    try {
      const target = await this.targetOf(cluster, edits);
      const { repository, base } = target;
      const { files } = await this.delivery(repository).preview({
        base,
        edit: snapshot => allManifestChanges(snapshot, target.edits),
      });
      return {
        repository,
        base,
        files: files.map(({ path, before = '', text = '' }) => ({
          path,
          before,
          after: text,
        })),
      };
    } catch (error) {
      return { refused: sentenceOf(error) };
    }
  }

  /** Where a change is to be made in files. @throws InputError, ConflictError, ServiceUnavailableError where it cannot be. */
  async target(
    cluster: string,
    edits: readonly ObjectEdit[],
  ): Promise<RequestTarget> {
    try {
      return await this.targetOf(cluster, edits);
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /**
   * Opens the request, or finds that it is open already.
   *
   * @throws InputError, ConflictError where there can be none, ServiceUnavailableError where nobody knows whether it was opened.
   */
  async open(
    { repository, base, edits }: RequestTarget,
    fields: RequestFields,
  ): Promise<RememberedRequest & { url: string }> {
    try {
      const { number, url, head } = await this.delivery(repository).deliver({
        fields,
        base,
        edit: snapshot => allManifestChanges(snapshot, edits),
      });
      return { number, url, base, repository, head };
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** What became of the request of a change; undefined where there is none. @throws ForgeError */
  state(
    change: string,
    { repository, base, branch }: RememberedRequest,
  ): Promise<PullRequest | undefined> {
    return this.delivery(repository).state(change, base, branch);
  }

  /** Whether the request of a change waits for a decision; it does as long as nobody can tell, but not where the portal asks no more. */
  async isOpen(change: string, request: RememberedRequest): Promise<boolean> {
    if (request.number === undefined) {
      return true;
    }
    try {
      const found = await this.state(change, request);
      return found?.state === 'open';
    } catch (error) {
      if (error instanceof ForgeError) {
        return error.reason !== 'notConfigured';
      }
      throw error;
    }
  }

  private delivery(repository: string): PullRequestDelivery {
    return new PullRequestDelivery(this.options.forges.of(repository));
  }

  /** An object that is new goes where the others come from. */
  private async targetOf(
    cluster: string,
    edits: readonly ObjectEdit[],
  ): Promise<RequestTarget> {
    const { access, deadlineMs, argoNamespace } = this.options;
    const client = KubernetesClient.create({ access, cluster, deadlineMs });
    const found = await Promise.all(
      edits.map(async edit => {
        const before = beforeOf(edit);
        const by = before && deliveredBy(before);
        if (before && (!by || by.madeBy)) {
          const name = describeRef(refOf(before));
          throw new SourceRefused(
            by
              ? `${name} is made by ${by.madeBy}, which would overwrite a change. Change that one.`
              : `${name} is in no repository: change it directly.`,
          );
        }
        return by && before
          ? manifestSources(before, by, ref => client.find(ref), argoNamespace)
          : undefined;
      }),
    );
    const known = found.find(sources => sources !== undefined);
    const [first] = known ?? [];
    if (!known || !first) {
      throw new SourceRefused('What is new here, no tool delivers yet.');
    }
    const sourced = edits.map((edit, index) => ({
      edit,
      sources: found[index] ?? known,
    }));
    requireOneRepository(sourced.flatMap(({ sources }) => sources));
    const { repositoryUrl: repository, branch } = first;
    const forge = this.options.forges.of(repository);
    const base = branch ?? (await forge.defaultBranch());
    return { repository, base, edits: sourced };
  }
}

/** @throws SourceRefused where a change would need several requests. */
function requireOneRepository(sources: readonly ManifestSource[]): void {
  const places = new Set(
    sources.map(({ repositoryUrl, branch = '' }) =>
      [repositoryUrl, branch].join(' '),
    ),
  );
  if (places.size > 1) {
    throw new SourceRefused(
      `The objects come from several places (${[...places].join(
        ' and ',
      )}): change the files by hand.`,
    );
  }
}

function isDelivered(edit: ObjectEdit): boolean {
  const before = beforeOf(edit);
  return before !== undefined && deliveredBy(before) !== undefined;
}
