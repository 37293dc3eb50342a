import type { UserActions } from './UserActions';
import type { Portal } from './portal';

/** How a person does a task; the last thing it waits for is the answer. */
export type TaskSteps = (user: UserActions) => Promise<unknown>;

export const table = ({ page }: Portal, name: string) =>
  page.getByRole('table', { name, exact: true });
export const rowOf = (portal: Portal, name: string, caller: string) =>
  table(portal, name).getByRole('row', { name: new RegExp(`^${caller} `) });
export const answerIn = (portal: Portal, section: string) =>
  portal.section(section).getByRole('status');

export async function showsCriticalPath(
  { page }: Portal,
  service: string,
): Promise<void> {
  const row = new RegExp(`^${service}.*, [\\d.]+ m?s, .*on the critical path`);
  await page.getByRole('row', { name: row }).first().waitFor();
}

export async function begin(portal: Portal, from: string): Promise<void> {
  await (from.startsWith('/')
    ? portal.visit(from)
    : portal.visitComponent(from));
  if (!from.startsWith('/')) {
    await portal.verdict();
  }
}

/** Whom STRICT blocks, and why. */
export async function findsWhoBreaks(user: UserActions): Promise<void> {
  await user.openTab('mTLS');
  const row = rowOf(user.portal, 'Callers', 'legacy-batch');
  await row
    .getByText('it has no proxy, so it cannot encrypt', { exact: false })
    .waitFor();
}
