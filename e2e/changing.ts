import type { Locator } from 'playwright-core';
import { eventually } from './eventually';
import type { Portal } from './portal';

/** What a person answers in a form, by the labels of its fields. */
export interface FormAnswers {
  texts?: Readonly<Record<string, string>>;
  choices?: Readonly<Record<string, string>>;
}

/** Opens the form of this button, fills it in, and asks for the preview. */
export async function previewForm(
  portal: Portal,
  button: string,
  { texts = {}, choices = {} }: FormAnswers,
): Promise<void> {
  const { page } = portal;
  await page.getByRole('button', { name: button, exact: true }).click();
  const form = page.getByRole('dialog', { name: button });
  for (const [label, option] of Object.entries(choices)) {
    await form.getByRole('button', { name: new RegExp(`${label}$`) }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  }
  for (const [label, text] of Object.entries(texts)) {
    await form.getByLabel(label).fill(text);
  }
  await portal.photograph(`form ${button}`);
  await form.getByRole('button', { name: 'Preview' }).click();
}

/** Asks the Canary tab for the preview of a share, and answers it as soon as it is there. */
export async function previewWeight(
  { page }: Portal,
  percent: number,
): Promise<Locator> {
  await page
    .getByRole('radiogroup', { name: 'Share of canary' })
    .getByRole('radio', { name: `${percent} %`, exact: true })
    .click();
  await page.getByRole('button', { name: 'Preview change' }).click();
  const preview = page.getByRole('dialog', { name: 'Preview of the change' });
  await preview.getByText('The API server accepts this (dry run).').waitFor();
  return preview;
}

/** Applies what the preview shows, and answers the sentence that it says of it. */
export async function applyPreview(
  portal: Portal,
  why: string,
): Promise<string> {
  const { page } = portal;
  const preview = page.getByRole('dialog', { name: 'Preview of the change' });
  await preview.getByText('The API server accepts this (dry run).').waitFor();
  const sentence = await preview.getByRole('paragraph').first().innerText();
  const consent = preview.getByText(/^I know what this does/);
  if (await consent.isVisible()) {
    await consent.click();
  }
  await preview.getByLabel(/^Why/).fill(why);
  await preview.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('status').getByText('Applied').waitFor();
  return sentence;
}

/** Takes a change back, from the list of changes that the page shows. */
export async function undoChange(
  portal: Portal,
  sentence: string,
): Promise<void> {
  const { page } = portal;
  const panel = portal.section('Changes');
  const undo = panel.getByRole('button', {
    name: `Undo: ${sentence}`,
    exact: true,
  });
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await undo.first().waitFor();
  const before = await undo.count();
  await undo.first().click();
  await applyPreview(portal, 'it was a trial');
  await eventually(async () => expect(await undo.count()).toBe(before - 1));
  await panel
    .getByRole('row')
    .filter({ hasText: sentence })
    .getByText('taken back', { exact: true })
    .first()
    .waitFor();
}
