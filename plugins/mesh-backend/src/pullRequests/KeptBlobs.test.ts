import { KeptBlobs } from './KeptBlobs';

const file = (id: string) => ({ path: 'a.yaml', id, mode: '100644' });
const ID = 'a'.repeat(40);

/** Counts how often a repository is asked. */
function asking(text: string) {
  return jest.fn(async () => text);
}

describe('KeptBlobs', () => {
  it('asks for what a repository holds once', async () => {
    const blobs = new KeptBlobs();
    const ask = asking('a: 1');
    expect(await blobs.read('git.example.com/a/b', file(ID), ask)).toBe('a: 1');
    expect(await blobs.read('git.example.com/a/b', file(ID), ask)).toBe('a: 1');
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('keeps an empty file, too', async () => {
    const blobs = new KeptBlobs();
    const ask = asking('');
    await blobs.read('h/a/b', file(ID), ask);
    expect(await blobs.read('h/a/b', file(ID), ask)).toBe('');
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['of another host', 'other.example.com/a/b', ID],
    ['of another repository', 'git.example.com/a/c', ID],
    ['of another content', 'git.example.com/a/b', 'b'.repeat(40)],
  ])('asks again for one %s', async (_which, repository, id) => {
    const blobs = new KeptBlobs();
    await blobs.read('git.example.com/a/b', file(ID), asking('a: 1'));
    const ask = asking('a: 2');
    expect(await blobs.read(repository, file(id), ask)).toBe('a: 2');
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('keeps nothing of what is not named by its content, and nothing that failed', async () => {
    const blobs = new KeptBlobs();
    await blobs.read('h/a/b', file('main'), asking('old'));
    expect(await blobs.read('h/a/b', file('main'), asking('new'))).toBe('new');
    const failing = () => Promise.reject(new Error('502'));
    await expect(blobs.read('h/a/b', file(ID), failing)).rejects.toThrow('502');
    expect(await blobs.read('h/a/b', file(ID), asking('now'))).toBe('now');
  });

  it('is bounded in bytes: the one that was used longest ago goes', async () => {
    const blobs = new KeptBlobs(2_000);
    const ids = ['1', '2', '3'].map(digit => digit.repeat(40));
    for (const id of ids) {
      await blobs.read('h/a/b', file(id), asking('x'.repeat(400)));
    }
    const [first, , last] = ids;
    const ask = asking('again');
    await blobs.read('h/a/b', file(last), ask);
    expect(ask).not.toHaveBeenCalled();
    expect(await blobs.read('h/a/b', file(first), ask)).toBe('again');
    // One that alone is too large is read, and not kept.
    const large = asking('x'.repeat(4_000));
    await blobs.read('h/a/b', file(ID), large);
    await blobs.read('h/a/b', file(ID), large);
    expect(large).toHaveBeenCalledTimes(2);
  });
});
