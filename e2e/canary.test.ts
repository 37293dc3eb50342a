import type { Locator } from 'playwright-core';
import { eventually, report } from './eventually';
import { previewWeight } from './changing';
import { versionsRow } from './pageParts';
import { onPortal, type Portal } from './portal';
import { VirtualService } from './stage';

const LOGIN = 0;

/**
 * Where the traffic is, of a hundred requests to auth-service: 84 of 102.5 are logins, which rule 1 splits; of the rest
 * the 2 % that testers send go to the canary (examples/platforms/orion/traffic.yaml).
 */
const canaryShareAt = (weight: number) => (84 * weight + 18 * 0.02) / 102.5;

const route = new VirtualService('orion', 'auth-service');

const difference = (dialog: Locator) =>
  dialog.getByRole('region', { name: /^What change/ });

/** The lines with a sign, as `+ weight: 25`. */
async function changedLines(dialog: Locator): Promise<string[]> {
  const rows = await difference(dialog).getByRole('row').allInnerTexts();
  return rows
    .map(row => row.replace(/\s+/g, ' ').trim())
    .filter(row => /^[+−]/.test(row))
    .map(row => row.replace(/(added|removed): /, ''));
}

/** The share of the canary's requests that Prometheus sees, in percent. */
async function liveCanaryShare(portal: Portal): Promise<number> {
  const words = await versionsRow(portal, 'Weight').innerText();
  const [, canary] = [...words.matchAll(/\(now ([\d.]+) %\)/g)];
  return Number(canary?.[1]);
}

describe('moving traffic', () => {
  beforeAll(() => route.remember());
  afterEach(() => route.restore());

  onPortal(
    'shows what would change, applies it, and the traffic follows',
    async portal => {
      const { page } = portal;
      await portal.visitComponent('auth-service', 'canary', '?window=1m');
      expect(await versionsRow(portal, 'Weight').innerText()).toMatch(
        /90 %.*\s10 %/s,
      );

      const preview = await previewWeight(portal, 25);
      expect(await changedLines(preview)).toEqual([
        '− weight: 90',
        '+ weight: 75',
        '− weight: 10',
        '+ weight: 25',
      ]);
      await preview
        .getByText(/15 % of requests move from stable to canary/)
        .waitFor();
      await preview.getByText('No new findings.').waitFor();
      await preview.getByText('These fields belong to kubectl').waitFor();
      expect(await route.weights(LOGIN)).toEqual([90, 10]);

      const apply = preview.getByRole('button', { name: 'Apply' });
      expect(await apply.isDisabled()).toBe(true);
      await preview
        .getByText(
          /^I know what this does: take these fields over from kubectl/,
        )
        .click();
      await apply.click();
      await page.getByRole('status').getByText('Applied').waitFor();
      expect(await route.weights(LOGIN)).toEqual([75, 25]);
      const { metadata } = await route.read();
      expect(metadata.managedFields.map(({ manager }) => manager)).toContain(
        'meshdeck',
      );
      await eventually(async () =>
        expect(await versionsRow(portal, 'Weight').innerText()).toMatch(
          /75 %.*\s25 %/s,
        ),
      );

      const goal = canaryShareAt(0.25) * 100;
      const seconds = await eventually(async () => {
        const live = await liveCanaryShare(portal);
        expect(Math.abs(live - goal)).toBeLessThan(3);
      }, 100);
      report(
        `live share of the canary followed to ${await liveCanaryShare(
          portal,
        )} % (goal ${goal.toFixed(1)} %) in ${seconds.toFixed(1)} s`,
      );
    },
    150,
  );

  onPortal('overwrites nothing where a colleague was faster', async portal => {
    const { page } = portal;
    portal.provokes(/409/);
    await portal.visitComponent('auth-service', 'canary');
    const preview = await previewWeight(portal, 50);
    await route.setTimeout(LOGIN, '11s');

    await preview.getByText(/^I know what this does/).click();
    await preview.getByRole('button', { name: 'Apply' }).click();
    const conflict = page.getByRole('dialog', {
      name: 'Somebody else changed it first',
    });
    await conflict.getByText('Nothing was written', { exact: true }).waitFor();
    expect(await changedLines(conflict)).toEqual(
      expect.arrayContaining(['− timeout: 10s', '+ timeout: 11s']),
    );
    expect(await difference(conflict).innerText()).not.toContain('weight: 50');
    expect(await route.weights(LOGIN)).toEqual([90, 10]);
    expect(await route.timeout(LOGIN)).toBe('11s');

    await conflict.getByRole('button', { name: 'Preview again' }).click();
    await preview.getByText('The API server accepts this (dry run).').waitFor();
    expect(await changedLines(preview)).toEqual([
      '− weight: 90',
      '+ weight: 50',
      '− weight: 10',
      '+ weight: 50',
    ]);
    // Consent to the preview that failed does not count for this one.
    expect(
      await preview.getByRole('button', { name: 'Apply' }).isDisabled(),
    ).toBe(true);
    await preview.getByText(/^I know what this does/).click();
    await preview.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('status').getByText('Applied').waitFor();
    expect(await route.weights(LOGIN)).toEqual([50, 50]);
    expect(await route.timeout(LOGIN)).toBe('11s');
  });

  onPortal('says why somebody who is not the owner cannot', async portal => {
    const { page } = portal;
    await portal.visitComponent('inventory-service', 'canary');
    await page.getByText('You cannot move traffic here').waitFor();
    await page
      .getByText(
        /You need the permission mesh\.canary\.run for component:default\/inventory-service/,
      )
      .waitFor();
    const editor = portal.section('Move traffic');
    const controls = [
      ...(await editor.getByRole('radio').all()),
      ...(await editor.getByRole('slider').all()),
      ...(await editor.getByRole('textbox').all()),
      editor.getByRole('button', { name: 'Preview change' }),
    ];
    expect(controls.length).toBeGreaterThan(8);
    for (const control of controls) {
      expect(await control.isDisabled()).toBe(true);
    }
  });
});

describe('a canary that a tool drives', () => {
  onPortal('shows where Argo Rollouts waits, and its gates', async portal => {
    const { page } = portal;
    await portal.visitComponent('customer-service', 'canary');
    await page
      .getByText(
        /^Argo Rollouts waits at step 2 of 5 \(20 %\) until somebody resumes it\.$/,
      )
      .waitFor();
    const steps = page.getByRole('list', { name: 'Steps' });
    expect(
      (await steps.getByRole('listitem').allInnerTexts()).map(text =>
        text.replace(/\s+/g, ' '),
      ),
    ).toEqual([
      '20 % done',
      'waits until somebody resumes it now',
      '50 % to come',
      'waits 10 min to come',
      '80 % to come',
    ]);
    const gate = page
      .getByRole('table', { name: 'Gates' })
      .getByRole('row', { name: /^success-rate/ });
    expect(await gate.innerText()).toMatch(/\[0\.998\].*holds/s);
    expect(await versionsRow(portal, 'Weight').innerText()).toMatch(
      /80 %.*\s20 %/s,
    );
    await page.getByText(/^Argo Rollouts drives this canary/).waitFor();
    expect(
      await page.getByRole('button', { name: 'Preview change' }).isDisabled(),
    ).toBe(true);
    await portal.photograph('canary driven by Argo Rollouts');

    await page
      .getByRole('button', { name: 'Rollout autolytiq/customer-service' })
      .click();
    await page.getByText('setWeight').first().waitFor();
  });

  onPortal('shows what Flagger does next', async portal => {
    const { page } = portal;
    await portal.visitComponent('notification-service', 'canary');
    await page
      .getByText(
        /^Flagger moves notification-service to 30 % next; all gates hold\.$/,
      )
      .waitFor();
    const gates = page.getByRole('table', { name: 'Gates' });
    expect(await gates.getByText('holds', { exact: true }).count()).toBe(2);
    await page.getByText(/^Since the portal started, /).waitFor();
    await portal.photograph('canary driven by Flagger');

    await portal.visitComponent('notification-service');
    await page
      .getByRole('link', { name: /^canary 20 % \(step 2 of 5, Flagger\)$/ })
      .waitFor();
  });
});
