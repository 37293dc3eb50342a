import type { Locator } from 'playwright-core';
import type { Portal } from './portal';

/** What stands on the pages, by the names that a reader knows it by. */

/** The list of rules of the Routes tab. */
export const rules = ({ page }: Portal): Locator =>
  page.getByRole('list', { name: 'Rules' });

export const rule = (portal: Portal, number: number): Locator =>
  rules(portal).getByRole('listitem', { name: new RegExp(`^Rule ${number}`) });

export const callerRow = ({ page }: Portal, name: string): Locator =>
  page.getByRole('table', { name: 'Callers' }).getByRole('row', { name });

/** What a form that tries something out answers. */
export const answerOf = (portal: Portal, section: string): Locator =>
  portal.section(section).getByRole('status');

/** A row of the Canary tab's table of versions. */
export const versionsRow = ({ page }: Portal, name: string): Locator =>
  page
    .getByRole('table', { name: 'Versions' })
    .getByRole('row', { name: new RegExp(`^${name}`) });

/** A figure of the overview's card, as it reads. */
export async function figure({ page }: Portal, name: string): Promise<string> {
  const term = page.locator('dl > div').filter({
    has: page.getByRole('term').getByText(name, { exact: true }),
  });
  return term.getByRole('definition').first().innerText();
}

/** The first number of a text. */
export function numberIn(text: string): number {
  return Number(/[\d.]+/.exec(text)?.[0]);
}

/** Asks the Routes tab which rule takes a request. */
export async function tryRequest(
  portal: Portal,
  path: string,
  headers: string,
): Promise<void> {
  const { page } = portal;
  await page.getByLabel('Path').fill(path);
  await page.getByLabel('Headers').fill(headers);
  await page.getByRole('button', { name: 'Which rule?' }).click();
}

/** Asks the mTLS tab what a call would get. */
export async function tryCall(
  portal: Portal,
  from: RegExp | string,
  method: string,
  path: string,
): Promise<void> {
  const { page } = portal;
  await portal.choose(/From/, from);
  await portal.choose(/Method/, method);
  await page.getByLabel('Path').fill(path);
  await page.getByRole('button', { name: 'What does it get?' }).click();
}
