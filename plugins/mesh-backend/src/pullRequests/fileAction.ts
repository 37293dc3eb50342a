import type { CommittedFile } from './Forge';

/** What a commit does with a file, in the words of GitLab and Gitea. */
export function actionOf({
  text,
  before,
}: CommittedFile): 'create' | 'update' | 'delete' {
  if (text === undefined) {
    return 'delete';
  }
  return before ? 'update' : 'create';
}

/** A text as forges take it in JSON. */
export function base64Of(text: string): string {
  return Buffer.from(text).toString('base64');
}
