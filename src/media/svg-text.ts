// Text for an SVG that is rasterised: made safe for XML, and cut to a width without asking a font.

/**
 * The text, or as much of it as fits `width` pixels with an ellipsis behind. Widths are those of common sans-serif
 * faces, a little on the wide side; control characters become spaces.
 */
export function fitText(text: string, width: number, fontSize: number): string {
  const characters = [...text.replace(/[\p{Cc}\p{Cs}\p{Co}\u2028\u2029\ufffe\uffff]/gu, ' ').trim()];
  const widths = characters.map((character) => widthOf(character) * fontSize);
  if (sum(widths) <= width) return characters.join('');
  let used = widthOf('…') * fontSize;
  let count = 0;
  while (count < characters.length && used + (widths[count] as number) <= width) used += widths[count++] as number;
  return `${characters.slice(0, count).join('').trimEnd()}…`;
}

/** The five characters that mean something in XML, as entities. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** In units of the font size. */
function widthOf(character: string): number {
  if (/\p{Mn}|\p{Cf}/u.test(character)) return 0;
  if (/[iljtfrI.,:;'|!()[\] ]/.test(character)) return 0.33;
  if (/[mwMW@%…]/.test(character)) return 0.95;
  if (/[A-Z&=+<>~#]/.test(character)) return 0.74;
  if (/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Extended_Pictographic}]/u.test(character)) return 1.05;
  return 0.58;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
