import { eventually } from './eventually';
import {
  answerOf,
  callerRow,
  figure,
  numberIn,
  rule,
  rules,
  tryCall,
  tryRequest,
} from './pageParts';
import { onPortal, type Portal } from './portal';

/** The words that the chart's legend has for its versions. */
async function legend(portal: Portal, chart: string): Promise<string> {
  return portal
    .section(chart)
    .getByRole('list')
    .getAttribute('aria-label')
    .then(String);
}

describe('auth-service of ORION', () => {
  onPortal('shows the card and the tabs on its overview', async portal => {
    await portal.visitComponent('auth-service');
    expect(await portal.verdict()).toMatch(
      /^Needs attention\. canary fails more often: [\d.]+ % of its requests, against/,
    );

    expect(numberIn(await figure(portal, 'Requests'))).toBeGreaterThan(10);
    expect(await figure(portal, 'Errors')).toMatch(/^[\d.]+ %$/);
    expect(await figure(portal, 'p99')).toMatch(/^\d+ ms$/);
    expect(await figure(portal, 'mTLS')).toBe('100 %');
    const card = portal.section('Mesh');
    expect(
      await card
        .getByRole('list', { name: 'Configuration' })
        .getByRole('listitem')
        .allInnerTexts(),
    ).toEqual(['3 routes', 'canary 10 %', expect.stringMatching(/1 note/)]);
    expect(await card.innerText()).toMatch(/owner\s+Identity/);
    expect(await card.innerText()).toContain(
      'auth-service 3 ready · auth-service-canary 1 ready',
    );

    await eventually(async () =>
      expect(await portal.tabs.allInnerTexts()).toEqual([
        'Overview',
        'Routes',
        'mTLS',
        'Traces',
        'Canary',
        'Topology',
      ]),
    );
    await card
      .getByRole('navigation', { name: 'Mesh tabs' })
      .getByRole('link', { name: 'mTLS' })
      .click();
    await portal.page.waitForURL(/\/auth-service\/mesh-security/);
    await portal.page
      .getByRole('heading', { name: 'mTLS per port', exact: true })
      .waitFor();
  });

  onPortal(
    'shows its routes, their YAML, and which rule takes a request',
    async portal => {
      const { page } = portal;
      await portal.visitComponent('auth-service', 'routes');

      const login = await rule(portal, 1).innerText();
      expect(login).toContain('/api/auth/login*');
      expect(login).toContain('times out after 10 s');
      expect(login).toContain('retries 2×, 5 s each');
      const [stable, canary] = login.split(/(?=10 %)/);
      expect(stable).toMatch(
        /90 % \(now (8|9)\d(\.\d)? %\)\s+stable of auth-service\s+3 pods/,
      );
      expect(canary).toMatch(
        /^10 % \(now \d+(\.\d)? %\)\s+canary of auth-service\s+1 pod\s+[\d.]+ % errors/,
      );
      expect(await rule(portal, 2).innerText()).toContain(
        'header x-canary = true',
      );
      expect(await rule(portal, 3).innerText()).toContain('everything else');
      expect(
        await rules(portal).getByRole('listitem', { name: /^Rule/ }).count(),
      ).toBe(3);
      expect(await portal.section('Around this service').innerText()).toMatch(
        /ejects a pod after 5 errors.*auth\.orion\.example\.com.*gateway-service/s,
      );

      await page.getByRole('button', { name: 'Show YAML of rule 1' }).click();
      const drawer = page.getByRole('dialog', { name: 'Rule 1: login' });
      await drawer.waitFor();
      const marked = (await drawer.locator('mark').allInnerTexts()).join('\n');
      expect(marked).toContain('name: login');
      expect(marked).toContain('weight: 90');
      expect(marked).not.toContain('testers');
      await drawer.getByRole('button', { name: 'Close' }).click();
      await drawer.waitFor({ state: 'hidden' });

      const answer = answerOf(portal, 'Try a request');
      await tryRequest(portal, '/api/auth/login/sso', '');
      await answer.getByText(/^Rule 1\./).waitFor();
      await tryRequest(portal, '/api/auth/me', 'x-canary=true');
      await answer.getByText(/^Rule 2\./).waitFor();
      expect(await rule(portal, 1).innerText()).toMatch(/skipped: .+path/);
      expect(await rule(portal, 2).innerText()).toContain('takes your request');
      expect(await rule(portal, 3).innerText()).toContain('not reached');
      await tryRequest(portal, '/api/auth/me', '');
      await answer.getByText(/^Rule 3\./).waitFor();
      expect(await rule(portal, 2).innerText()).toMatch(/skipped: .*x-canary/);
    },
  );

  onPortal(
    'shows its mTLS, its callers, and what a call would get',
    async portal => {
      const { page } = portal;
      await portal.visitComponent('auth-service', 'security');

      const chain = page.getByRole('list', {
        name: 'What decided the mode of port 8080 (http) of auth-service, auth-service-canary',
        exact: true,
      });
      expect(
        await chain
          .getByRole('listitem')
          .filter({ hasText: 'decides' })
          .innerText(),
      ).toMatch(/^namespace STRICT\s+orion-mtls\s+decides$/);
      await page
        .getByText(
          'STRICT on port 8080 (http) of auth-service, auth-service-canary',
          { exact: true },
        )
        .waitFor();
      expect(await portal.section('mTLS per port').innerText()).toContain(
        '100 % of requests come encrypted',
      );

      const gateway = await callerRow(portal, 'gateway-service').innerText();
      expect(numberIn(gateway)).toBeGreaterThan(10);
      expect(gateway).toContain('POST /api/auth/login');
      expect(gateway).toContain('auth-service-policy, rule 1');
      const billing = await callerRow(portal, 'billing').innerText();
      expect(billing).toMatch(/no\s+100 %, .*\s+by the policies/);
      expect(billing).toContain('no rule of auth-service-policy names it');

      const answer = answerOf(portal, 'Try a call');
      await tryCall(portal, 'orion/billing', 'GET', '/api/auth/me');
      await answer
        .getByText(/^Denied \(403\)\..*auth-service-policy/)
        .waitFor();
      await tryCall(portal, 'orion/gateway-service', 'POST', '/api/auth/login');
      await answer.getByText(/^Allowed\./).waitFor();
      await tryCall(
        portal,
        'a caller outside the mesh',
        'POST',
        '/api/auth/login',
      );
      await answer.getByText(/^Refused before it is read\..*STRICT/s).waitFor();
    },
  );

  onPortal('finds traces and opens one down to a span', async portal => {
    const { page } = portal;
    await portal.visitComponent('auth-service', 'traces');
    const list = page.getByRole('table', { name: 'Traces found' });
    await list.waitFor();
    expect(await list.getByRole('row').count()).toBeGreaterThan(10);
    expect(
      await page
        .getByRole('group', { name: /^Traces by time/ })
        .getByRole('button')
        .count(),
    ).toBeGreaterThan(10);

    await portal.choose(/Operation/, 'POST /api/auth/login');
    const answer = page.waitForResponse(/\/traces\?.*operation=POST/);
    await page.getByRole('button', { name: 'Find traces' }).click();
    await page.waitForURL(/operation=POST/);
    // Until they are here, the rows of the former search stay.
    const { traces } = await (await answer).json();
    await list.locator(`a[href*="trace=${traces[0].traceId}"]`).click();

    const grid = page.getByRole('treegrid', { name: /^Spans/ });
    const own = grid
      .getByRole('row', { name: /^auth-service.*POST \/api\/auth\/login/ })
      .first();
    await own.waitFor();
    expect(await grid.getByRole('row').count()).toBeGreaterThan(3);
    expect(
      await grid.getByRole('row', { name: /on the critical path/ }).count(),
    ).toBeGreaterThan(0);
    await own.getByRole('gridcell').first().getByRole('button').last().click();
    const drawer = page.getByRole('dialog', { name: /^auth-service/ });
    await drawer.getByText(/^All of it: \d+ tags/).click();
    const tags = await drawer.getByRole('table', { name: 'Tags' }).innerText();
    expect(tags).toMatch(/http\.method\s+POST/);
    expect(tags).toMatch(/span id\s+[0-9a-f]{16}/);
    await drawer.getByRole('button', { name: 'Close' }).click();
    await drawer.waitFor({ state: 'hidden' });

    await page.reload();
    await grid.waitFor();
    await page.getByRole('button', { name: 'Back to the list' }).click();
    await list.waitFor();
    expect(page.url()).not.toContain('trace=');
  });

  onPortal('compares the versions of its canary', async portal => {
    await portal.visitComponent('auth-service', 'canary');
    await portal.page
      .getByText(/^canary gets 10 % beside stable; canary fails more often/)
      .waitFor();
    const rows = portal.page.getByRole('table', { name: 'Versions' });
    expect(
      await rows.getByRole('row', { name: /^Weight/ }).innerText(),
    ).toMatch(/90 % \(now [\d.]+ %\)\s+10 % \(now [\d.]+ %\)/);
    expect(await rows.getByRole('row', { name: /^Pods/ }).innerText()).toMatch(
      /3 ready\s+1 ready/,
    );
    expect(await legend(portal, 'Errors')).toMatch(
      /^Errors: stable [\d.]+ %, canary [\d.]+ %$/,
    );
    expect(await legend(portal, 'p99')).toMatch(
      /^p99: stable \d+ ms, canary \d+ ms$/,
    );
    expect(await legend(portal, 'p50')).toMatch(
      /^p50: stable [\d.]+ ms, canary [\d.]+ ms$/,
    );
    expect(await legend(portal, 'Saturation')).toMatch(
      /^Saturation: stable [\d.]+ %, canary [\d.]+ %$/,
    );
    expect(
      await rows.getByRole('row', { name: /^Saturation/ }).innerText(),
    ).toMatch(
      /CPU: [\d.]+ % of the request of auth-service, no limit set\s.*Memory: [\d.]+ % of the limit of auth-service/s,
    );
    for (const chart of ['Errors', 'p50', 'p99', 'Saturation']) {
      const series = portal.section(chart).locator('[data-version]');
      expect(await series.count()).toBe(2);
      const line = series.first().locator('polyline').first();
      expect((await line.getAttribute('points'))?.length).toBeGreaterThan(50);
    }
  });

  onPortal('shows in all charts what was at one moment', async portal => {
    await portal.visitComponent('auth-service', 'canary');
    const readout = (chart: string) =>
      portal.section(chart).getByText(/^\d\d:\d\d:\d\d$/);
    await portal.section('p99').locator('svg').last().hover();
    for (const chart of ['Requests', 'Errors', 'p50', 'p99', 'Saturation']) {
      await readout(chart).waitFor();
    }
    await portal.page.mouse.move(0, 0);
    await readout('p99').waitFor({ state: 'detached' });
  });

  onPortal('keeps the chosen placement in the address', async portal => {
    const { page } = portal;
    await portal.visitComponent('auth-service', 'routes');
    await rule(portal, 3).waitFor();
    await portal.choose(/Placement/, /orion-staging/);
    const isStaging = async () => {
      await page.getByText(/^for auth-service\.orion-staging\.svc/).waitFor();
      await rule(portal, 3).waitFor({ state: 'detached' });
      expect(await rules(portal).innerText()).not.toContain('canary');
    };
    await isStaging();
    expect(decodeURIComponent(page.url())).toContain(
      'placement=demo:orion-staging:auth-service',
    );
    await page.reload();
    await isStaging();
    await portal.openTab('mTLS');
    await page
      .getByRole('button', { name: /Placement/ })
      .getByText('orion-staging')
      .waitFor();
    await portal.openTab('Routes');
    await isStaging();
  });
});

describe('deal-service of Autolytiq', () => {
  onPortal('shows its card, routes, mTLS, traces and canary', async portal => {
    const { page } = portal;
    await portal.visitComponent('deal-service');
    expect(await portal.verdict()).toMatch(
      /% of requests to canary fail with 503, all from api-gateway/,
    );
    expect(numberIn(await figure(portal, 'Requests'))).toBeGreaterThan(5);
    expect(await figure(portal, 'mTLS')).toBe('100 %');
    expect(await portal.section('Mesh').innerText()).toContain(
      'deal-service 3 ready · deal-service-canary 1 ready',
    );

    await portal.openTab('Routes');
    const testers = await rule(portal, 1).innerText();
    expect(testers).toContain('header x-canary = true');
    expect(testers).toMatch(/or\s+header x-user-group = beta/);
    // It splits nothing, so no live share is held against its 100 %.
    expect(testers).not.toContain('now');
    expect(testers).toMatch(/canary of deal-service\s+1 pod/);
    expect(await rule(portal, 2).innerText()).toMatch(
      /everything else.*retries 3×, 10 s each.*stable of deal-service\s+3 pods/s,
    );

    await portal.openTab('mTLS');
    const chain = page.getByRole('list', {
      name: /^What decided the mode of port 8082 \(http\) of deal-service\b/,
    });
    expect(
      await chain
        .getByRole('listitem')
        .filter({ hasText: 'decides' })
        .innerText(),
    ).toMatch(/^port STRICT\s+deal-service-mtls\s+decides$/);
    expect(await callerRow(portal, 'api-gateway').innerText()).toContain(
      'deal-service-policy, rule 1',
    );

    await portal.openTab('Traces');
    await page
      .getByRole('table', { name: 'Traces found' })
      .getByRole('link')
      .first()
      .click();
    await page
      .getByRole('row', { name: /^deal-service,/ })
      .first()
      .waitFor();

    await portal.openTab('Canary');
    expect(
      await page.getByRole('table', { name: 'Versions' }).innerText(),
    ).toMatch(/Weight\s+100 % .*Pods\s+3 ready\s+1 ready/s);
    expect(await legend(portal, 'p99')).toMatch(/stable \d+ ms, canary \d+ ms/);
  });
});
