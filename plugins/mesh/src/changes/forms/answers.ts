// What stands in a field, as an intent wants it; undefined where it is left empty.

export const whole = (text: string) => (text === '' ? undefined : Number(text));
export const minutesInMs = (text: string) => Math.round(Number(text) * 60_000);
export const ms = (text: string) =>
  text === '' ? undefined : Math.round(Number(text) * 1000);
export const words = (text: string) =>
  text.trim() === '' ? undefined : text.trim();
export const list = (text: string) => {
  const items = text.split(/[\s,]+/).filter(Boolean);
  return items.length > 0 ? items : undefined;
};
