import { LRUCache } from 'lru-cache';
import type { ForgeFile } from './Forge';

const MOST_BYTES = 32 * 1024 * 1024;
const BYTES_PER_UNIT = 2;
/** Of another file, nothing is sure to stay as it is. */
const CONTENT_ID = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/** What files said, by the ids of their contents: those never change, so that a second preview asks only which files there are. */
export class KeptBlobs {
  private readonly texts: LRUCache<string, string>;

  constructor(mostBytes = MOST_BYTES) {
    this.texts = new LRUCache({
      maxSize: mostBytes,
      sizeCalculation: (text, key) =>
        (text.length + key.length) * BYTES_PER_UNIT,
    });
  }

  /**
   * The text of a file.
   *
   * @param repository - with its host: what one of them holds is never taken for what another one does.
   * @param ask - reads it there.
   */
  async read(
    repository: string,
    { id }: ForgeFile,
    ask: () => Promise<string>,
  ): Promise<string> {
    if (!CONTENT_ID.test(id)) {
      return ask();
    }
    const key = `${repository} ${id}`;
    const known = this.texts.get(key);
    if (known !== undefined) {
      return known;
    }
    const text = await ask();
    this.texts.set(key, text);
    return text;
  }
}
