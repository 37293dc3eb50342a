import type { Entity } from '@backstage/catalog-model';
import {
  KUBERNETES_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION,
} from '@backstage/plugin-kubernetes-common';
import { ownField } from '@meshdeck/istio-config';
import {
  ANNOTATION_KUBERNETES_CLUSTER,
  ANNOTATION_KUBERNETES_NAMESPACE,
  ANNOTATION_MESHDECK_SERVICES,
  isDnsLabel,
  PlacementProblem,
} from '@meshdeck/plugin-mesh-common';
import { LabelSelector, parseLabelSelector } from './labelSelector';

const LONGEST_SELECTOR = 500;
const MOST_SERVICES = 20;

/** What an entity's annotations ask for. Either named Services, or a selector for them. */
export interface PlacementSpec {
  cluster?: string;
  namespace?: string;
  services?: { namespace: string; name: string }[];
  selector?: { text: string; matches: LabelSelector['matches'] };
  /** The value of `backstage.io/kubernetes-id`, where the selector stands for it. */
  id?: string;
}

type ReadSpec = PlacementSpec | { problem: PlacementProblem };

/** Reads the annotations; nothing of them reaches a query or a path unless it looks as it must. */
export function readPlacementSpec(entity: Entity): ReadSpec {
  const annotations = entity.metadata.annotations ?? {};
  const services = annotations[ANNOTATION_MESHDECK_SERVICES];
  const selector = annotations[KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION];
  const id = annotations[KUBERNETES_ANNOTATION];
  const namespace = annotations[ANNOTATION_KUBERNETES_NAMESPACE];
  const place = {
    cluster: annotations[ANNOTATION_KUBERNETES_CLUSTER],
    namespace,
  };
  if (!services && !selector && !id) {
    return {
      problem: {
        code: 'no-annotation',
        message: `It has none of the annotations ${ANNOTATION_MESHDECK_SERVICES}, ${KUBERNETES_ANNOTATION} and ${KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION}.`,
        fix: 'Add these lines to its catalog-info.yaml, with another name where its Service is called otherwise:',
      },
    };
  }
  if (namespace !== undefined && !isDnsLabel(namespace)) {
    return invalidAnnotation(
      ANNOTATION_KUBERNETES_NAMESPACE,
      namespace,
      'the name of a namespace',
    );
  }
  if (services) {
    return readServices(services, place.cluster);
  }
  return selector ? readSelector(selector, place) : readId(id, place);
}

type Place = Pick<PlacementSpec, 'cluster' | 'namespace'>;

function readServices(text: string, cluster: string | undefined): ReadSpec {
  const named = text
    .split(',')
    .map(part => part.trim())
    .filter(Boolean)
    .map(part => part.split('/'));
  const wellFormed = named.every(
    parts => parts.length === 2 && parts.every(isDnsLabel),
  );
  return wellFormed && named.length > 0 && named.length <= MOST_SERVICES
    ? {
        cluster,
        services: named.map(([namespace, name]) => ({ namespace, name })),
      }
    : invalidAnnotation(
        ANNOTATION_MESHDECK_SERVICES,
        text,
        `up to ${MOST_SERVICES} Services, each as namespace/name, separated by commas, such as shop/cart,shop/checkout`,
      );
}

function readSelector(text: string, place: Place): ReadSpec {
  const read =
    text.length <= LONGEST_SELECTOR ? parseLabelSelector(text) : undefined;
  if (!read) {
    return invalidAnnotation(
      KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION,
      text,
      'a label selector such as app=shop,tier!=test',
    );
  }
  return read.asksForLabel
    ? { ...place, selector: { text, matches: read.matches } }
    : selectsEverything(text);
}

function readId(id: string, place: Place): ReadSpec {
  return /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/.test(id)
    ? {
        ...place,
        selector: {
          text: `${KUBERNETES_ANNOTATION}=${id}`,
          matches: labels => ownField(labels, KUBERNETES_ANNOTATION) === id,
        },
        id,
      }
    : invalidAnnotation(KUBERNETES_ANNOTATION, id, 'a label value');
}

function selectsEverything(selector: string) {
  return {
    problem: {
      code: 'bad-annotation' as const,
      message: `${KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION} is "${selector.slice(
        0,
        80,
      )}", which only says what the entity is not: it fits nearly every Service.`,
      fix: 'Add in catalog-info.yaml what its Services are labelled with, as in app=shop,tier!=test.',
    },
  };
}

function invalidAnnotation(
  annotation: string,
  value: string,
  expected: string,
) {
  return {
    problem: {
      code: 'bad-annotation' as const,
      message: `${annotation} is "${value.slice(
        0,
        80,
      )}". It takes ${expected}.`,
      fix: 'Correct it in catalog-info.yaml.',
    },
  };
}
