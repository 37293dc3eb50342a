import type { KubeObject } from '@meshdeck/istio-config';
import {
  FIELD_MANAGER,
  FieldConflictError,
  KubernetesClient,
} from '../cluster/KubernetesClient';
import type { Delivery, Step } from './Delivery';

/** Server-side apply of a VirtualService's HTTP rules, and of nothing else. */
export class RouteApply implements Delivery {
  static create(client: KubernetesClient) {
    return new RouteApply(client);
  }

  private constructor(private readonly client: KubernetesClient) {}

  async rehearse(step: Step): Promise<string[]> {
    try {
      await this.client.apply(bodyOf(step), { dryRun: true });
      return [];
    } catch (error) {
      if (!(error instanceof FieldConflictError)) {
        throw error;
      }
      await this.client.apply(bodyOf(step), { dryRun: true, force: true });
      return othersOf(error);
    }
  }

  async deliver(
    step: Step,
    { takeOver }: { takeOver?: boolean },
  ): Promise<KubeObject> {
    try {
      return await this.client.apply(bodyOf(step), { force: takeOver });
    } catch (error) {
      // What was patched from here counts as another manager's.
      if (error instanceof FieldConflictError && othersOf(error).length === 0) {
        return this.client.apply(bodyOf(step), { force: true });
      }
      throw error;
    }
  }
}

function othersOf({ managers }: FieldConflictError): string[] {
  return managers.filter(manager => manager !== FIELD_MANAGER);
}

/** Only what is meant: the rules, under the lock. */
function bodyOf({ before, after }: Step): KubeObject {
  const { name, namespace } = after.metadata;
  const { resourceVersion } = before.metadata;
  return {
    apiVersion: after.apiVersion,
    kind: after.kind,
    metadata: { name, namespace, resourceVersion },
    spec: { http: after.spec.http },
  };
}
