// This test reads the sources; it never runs in a browser.
/* eslint-disable no-restricted-imports */
import { readdirSync, readFileSync } from 'fs';
import { join, relative } from 'path';
import { untranslated } from '../__testUtils__/untranslated';

const SOURCE = join(__dirname, '..');

/** What looks like a sentence and is none, by file. */
const NOT_READ: Record<string, string[]> = {
  // Stands for what no rule names; the table has words for it.
  'security/accessMatrix.ts': ['everything else'],
  // The name of a question, for the code alone.
  'fleet/MeshFleet.tsx': ['control planes'],
};

/** Titles of extensions are strings that an app may set otherwise in its configuration. */
const CONFIGURED = ['plugin.tsx'];

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
  file =>
    /\.tsx?$/.test(file) &&
    !/\.test\.|__fixtures__|__testUtils__|^translations|setupTests/.test(
      file,
    ) &&
    !CONFIGURED.includes(file),
);

describe('every text that a person reads is translated', () => {
  it('looks at the sources', () => {
    expect(files.length).toBeGreaterThan(80);
  });

  it.each(files)('in %s', file => {
    const path = join(SOURCE, file);
    const allowed = NOT_READ[relative(SOURCE, path)] ?? [];
    const left = untranslated(file, readFileSync(path, 'utf8')).filter(
      ({ text }) => !allowed.includes(text),
    );
    expect(left).toEqual([]);
  });
});

describe('untranslated', () => {
  it.each([
    ['<p>Some words</p>', ['Some words']],
    ['<p>{t("a.b")} · 12 %</p>', []],
    ['<p>{isDown ? "down" : t("well")}</p>', ['down']],
    ['<p>{count > 0 && `${count} pods`}</p>', ['pods']],
    ['<p>{kind === "down" && t("down")}</p>', []],
    ['<p title="Owner" className="owner" />', ['Owner']],
    ['<Section note={note ?? "nothing"} id="x" />', ['nothing']],
    ['<Button>YAML</Button>', []],
    ['const WORDS = { down: "does not answer" };', ['does not answer']],
    ['throw new Error("Nobody reads this here.");', []],
  ])('finds in %s', (source, texts) => {
    expect(untranslated('part.tsx', source).map(({ text }) => text)).toEqual(
      texts,
    );
  });
});
