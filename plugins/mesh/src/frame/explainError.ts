/** A failure in words: what is, what it means, what to do. */
export interface Explanation {
  title: string;
  remedy: string;
  /** What the other side said. */
  cause: string;
}

function statusOf(error: Error): number | undefined {
  return 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Turns what a request failed with into sentences for the person before the screen. */
export function explainError(
  error: Error,
  asked: 'view' | 'change' = 'view',
): Explanation {
  const cause = causeOf(error);
  const status = statusOf(error);
  if (status === 401) {
    return {
      title: 'You are not signed in any more',
      remedy: 'Reload the page and sign in again.',
      cause,
    };
  }
  if (status === 403 && asked === 'change') {
    return {
      title: 'You may not move the traffic of this service',
      remedy:
        'This needs the permission mesh.canary.run for this entity, and the Service in the cluster must name the same entity. Nothing was written.',
      cause,
    };
  }
  if (status === 403) {
    return {
      title: 'You may not see what the mesh does with this service',
      remedy:
        'This needs the permission mesh.service.read for this entity. Its owner or the administrators of this Backstage can say who has it.',
      cause,
    };
  }
  if (status === 404) {
    return {
      title: 'The mesh backend does not know this',
      remedy:
        'Either the entity or its placement has just gone, or the mesh backend plugin is not installed. Go back to the overview; if it stays, ask the administrators of this Backstage.',
      cause,
    };
  }
  if (status === 409) {
    return {
      title: 'Somebody else was faster',
      remedy: 'Nothing was written. Look at the current state and try again.',
      cause,
    };
  }
  if (status === 400) {
    return {
      title: 'The mesh backend does not accept this',
      remedy: 'Correct what it names and try again.',
      cause,
    };
  }
  if (status === 429 || (status !== undefined && status >= 502)) {
    return {
      title: 'The mesh backend is not available',
      remedy: 'This page asks again every few seconds.',
      cause,
    };
  }
  if (status !== undefined) {
    return {
      title: 'The mesh backend failed',
      remedy:
        'This page asks again every few seconds. If it stays, the log of the backend says more.',
      cause,
    };
  }
  return {
    title: 'The Backstage backend does not answer',
    remedy: 'Check your connection. This page asks again every few seconds.',
    cause,
  };
}
