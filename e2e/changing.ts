import type { Locator } from 'playwright-core';
import { eventually } from './eventually';
import type { Portal } from './portal';

/** What a person answers in a form, by the labels of its fields. */
export interface FormAnswers {
  texts?: Readonly<Record<string, string>>;
  choices?: Readonly<Record<string, string>>;
}

/** Opens the form of this button, and fills it in. */
export async function fillForm(
  portal: Portal,
  button: string,
  { texts = {}, choices = {} }: FormAnswers,
): Promise<Locator> {
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
  return form;
}

/** Opens the form of this button, fills it in, and asks for the preview. */
export async function previewForm(
  portal: Portal,
  button: string,
  answers: FormAnswers,
): Promise<void> {
  const form = await fillForm(portal, button, answers);
  await portal.photograph(`form ${button}`);
  await form.getByRole('button', { name: 'Preview' }).click();
}

/** Opens the YAML of the Routes tab's first rule. */
async function openRule({ page }: Portal): Promise<Locator> {
  await page.getByRole('button', { name: 'Show YAML of rule 1' }).click();
  return page.getByRole('dialog', { name: /^Rule 1/ });
}

/** Opens the object of the first rule as text, and writes something else in its place. */
export async function editRule(
  portal: Portal,
  from: string,
  to: string,
): Promise<Locator> {
  const drawer = await openRule(portal);
  await drawer.getByRole('button', { name: 'Edit…' }).click();
  const form = portal.page.getByRole('dialog', {
    name: /^Edit VirtualService/,
  });
  const text = form.getByLabel('YAML');
  await text.fill((await text.inputValue()).replace(from, to));
  return form;
}

/** Asks what deleting the object of the first rule would do. */
export async function previewDeletion(portal: Portal): Promise<void> {
  const drawer = await openRule(portal);
  await drawer.getByRole('button', { name: 'Delete…' }).click();
}

/** The preview, once it is there. */
export async function previewOf({ page }: Portal): Promise<Locator> {
  const preview = page.getByRole('dialog', { name: 'Preview of the change' });
  await preview.getByText('The API server accepts this (dry run).').waitFor();
  return preview;
}

/** Asks the Canary tab for the preview of a share, and answers it as soon as it is there. */
export async function previewWeight(
  portal: Portal,
  percent: number,
  version = 'canary',
): Promise<Locator> {
  const { page } = portal;
  await page
    .getByRole('radiogroup', { name: `Share of ${version}` })
    .getByRole('radio', { name: `${percent} %`, exact: true })
    .click();
  await page.getByRole('button', { name: 'Preview change' }).click();
  return previewOf(portal);
}

/** What a preview says of the change. */
export function sentenceOf(preview: Locator): Promise<string> {
  return preview.getByRole('paragraph').first().innerText();
}

/** Says that it is known what this does, where that is asked. */
export async function consentTo(preview: Locator): Promise<void> {
  const consent = preview.getByText(/^I know what this does/);
  if (await consent.isVisible()) {
    await consent.click();
  }
}

/** Applies what the preview shows, and answers the sentence that it says of it. */
export async function applyPreview(
  portal: Portal,
  why: string,
): Promise<string> {
  const { page } = portal;
  const preview = await previewOf(portal);
  const sentence = await sentenceOf(preview);
  await consentTo(preview);
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
  const dismiss = page
    .getByRole('status')
    .getByRole('button', { name: 'Dismiss' });
  if (await dismiss.isVisible()) {
    await dismiss.click();
  }
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
