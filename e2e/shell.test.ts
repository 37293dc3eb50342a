import { onPortal } from './portal';

describe('the shell around the mesh', () => {
  onPortal('has its catalog where Backstage has it', async portal => {
    const { page } = portal;
    await portal.visit('/catalog');
    await page.getByRole('link', { name: 'auth-service' }).first().waitFor();
    expect(await page.getByText('404').count()).toBe(0);
  });

  onPortal('breaks long names at their hyphens', async portal => {
    const { page } = portal;
    await portal.visit('/');
    await page.getByRole('link', { name: 'no-such-namespace' }).waitFor();
    // In how many pieces the last word of each name is drawn.
    const pieces = await page.evaluate(() =>
      [...document.querySelectorAll('td a')].flatMap(link => {
        const text = [...document.createTreeWalker(link, 4).root.childNodes]
          .flatMap(node => [node, ...node.childNodes])
          .find(node => node.nodeType === 3 && node.textContent?.includes('-'));
        if (!text?.textContent) return [];
        const range = document.createRange();
        range.setStart(text, text.textContent.lastIndexOf('-') + 1);
        range.setEnd(text, text.textContent.length);
        return [range.getClientRects().length];
      }),
    );
    expect(pieces.length).toBeGreaterThan(3);
    expect(new Set(pieces)).toEqual(new Set([1]));
  });

  onPortal('has the mesh first on a phone', async portal => {
    const { page } = portal;
    await page.setViewportSize({ width: 390, height: 844 });
    await portal.visitComponent('auth-service');
    const top = async (title: string) =>
      (await portal.section(title).boundingBox())!.y;
    await portal.section('Mesh').waitFor();
    await portal.section('About').waitFor();
    expect(await top('Mesh')).toBeLessThan(await top('About'));
  });

  onPortal('says of a table that it goes on to the side', async portal => {
    const { page } = portal;
    await page.setViewportSize({ width: 390, height: 844 });
    await portal.visitComponent('auth-service', 'security');
    await portal
      .section('Callers')
      .getByText('Scroll sideways for more')
      .waitFor();
  });
});

describe('the graph of a whole system', () => {
  onPortal('opens as a whole, at a size to be read', async portal => {
    const { page } = portal;
    await portal.visitComponent('auth-service', 'topology', '?scope=system');
    const drawing = page.getByRole('img', { name: /nodes, .* edges/ });
    await drawing.getByText('user-service', { exact: true }).waitFor();
    const seen = await drawing.evaluate(svg => {
      const window = svg.getBoundingClientRect();
      return [...svg.querySelectorAll('g > rect')].map(box => {
        const { left, right, top, bottom, width } = box.getBoundingClientRect();
        return {
          isInside:
            left >= window.left &&
            right <= window.right &&
            top >= window.top &&
            bottom <= window.bottom,
          scale: width / Number(box.getAttribute('width')),
        };
      });
    });
    expect(seen.length).toBeGreaterThan(5);
    for (const { isInside, scale } of seen) {
      expect(isInside).toBe(true);
      expect(scale).toBeGreaterThan(0.7);
    }
  });
});
