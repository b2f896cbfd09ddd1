// A ThumbHash (about 25 bytes) as something that CSS can draw while the thumbnail is on its way.
import { thumbHashToDataURL } from 'thumbhash';

/** `url(...)` of a tiny PNG, or `none` where the hash is not one. Set it through a style object: the policy refuses style attributes. */
export function placeholderImage(base64: string): string {
  try {
    return `url(${thumbHashToDataURL(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)))})`;
  } catch {
    return 'none';
  }
}
