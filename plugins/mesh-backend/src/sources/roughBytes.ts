/** Of a long list so many elements are looked at, evenly over it. */
const MOST_SAMPLES = 100;
/** What an object, a list or a number costs beside what it holds. */
const EACH = 16;
/** No answer that is kept is nested deeper. */
const DEEPEST = 20;

/** About how much memory a value of JSON's kind takes; looked at in far less time than it took to read it. */
export function roughBytes(value: unknown, depth = 0): number {
  if (typeof value === 'string') {
    return EACH + value.length;
  }
  if (typeof value !== 'object' || value === null || depth > DEEPEST) {
    return EACH;
  }
  if (Array.isArray(value)) {
    const step = Math.max(Math.floor(value.length / MOST_SAMPLES), 1);
    let sampled = 0;
    let bytes = 0;
    for (let index = 0; index < value.length; index += step) {
      sampled += 1;
      bytes += roughBytes(value[index], depth + 1);
    }
    return EACH + Math.ceil(sampled && (bytes / sampled) * value.length);
  }
  let bytes = EACH;
  for (const [key, field] of Object.entries(value)) {
    bytes += key.length + roughBytes(field, depth + 1);
  }
  return bytes;
}
