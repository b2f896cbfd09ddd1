// Which bytes count as a picture: formats by their magic bytes, the extensions that a scan looks at, and content
// types. Decides from a few bytes alone and knows no decoder.

/** The formats that are read, named as the catalog stores them. */
export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff';

const FORMATS: Readonly<
  Record<PictureFormat, { readonly contentType: string; readonly extensions: readonly string[] }>
> = {
  jpeg: { contentType: 'image/jpeg', extensions: ['.jpg', '.jpeg', '.jpe', '.jfif'] },
  png: { contentType: 'image/png', extensions: ['.png'] },
  webp: { contentType: 'image/webp', extensions: ['.webp'] },
  avif: { contentType: 'image/avif', extensions: ['.avif'] },
  gif: { contentType: 'image/gif', extensions: ['.gif'] },
  tiff: { contentType: 'image/tiff', extensions: ['.tif', '.tiff'] },
};

const EXTENSIONS: ReadonlySet<string> = new Set(Object.values(FORMATS).flatMap((format) => format.extensions));

/**
 * The format that the first bytes announce, or undefined. SVG, PDF, HEIC and camera containers of other brands are
 * not among them, whatever the decoder could do with them.
 */
export function sniffFormat(bytes: Uint8Array): PictureFormat | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 64)).toString('latin1');
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'gif';
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return 'webp';
  // Classic and big TIFF, in either byte order.
  if (/^(?:II[*+]\0|MM\0[*+])/.test(head)) return 'tiff';
  if (isAvif(head)) return 'avif';
  return undefined;
}

/** What the bytes seem to be instead of a picture, for a message: `an SVG drawing`, `no bytes at all`. */
export function describeOther(bytes: Uint8Array): string {
  if (bytes.byteLength === 0) return 'no bytes at all';
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 1024)).toString('latin1');
  if (/<svg[\s/>]/i.test(head)) return 'an SVG drawing';
  if (head.startsWith('%PDF')) return 'a PDF document';
  if (/^....ftyp(?:hei|hev|mif1|msf1)/s.test(head))
    return 'an HEIC photo, whose compression (HEVC) is patented and not built in';
  if (/^....ftyp/s.test(head)) return 'a video or camera container';
  if (head.startsWith('BM')) return 'a BMP bitmap';
  return 'something else';
}

/** True for a file name whose extension is one of a picture format that is read; case does not matter. */
export function hasPictureExtension(name: string): boolean {
  const dot = name.lastIndexOf('.');
  return dot > 0 && EXTENSIONS.has(name.slice(dot).toLowerCase());
}

/** The content type under which an original is served as it is; `application/octet-stream` for an unknown format. */
export function contentTypeOf(format: string): string {
  return isPictureFormat(format) ? FORMATS[format].contentType : 'application/octet-stream';
}

/** The usual extension with its dot: `.jpg`. */
export function extensionOf(format: PictureFormat): string {
  return FORMATS[format].extensions[0] ?? '';
}

/** True where a browser can draw the format itself; TIFF must be re-encoded first. */
export function isShownByBrowsers(format: string): boolean {
  return isPictureFormat(format) && format !== 'tiff';
}

export function isPictureFormat(format: string): format is PictureFormat {
  return Object.hasOwn(FORMATS, format);
}

/** An ISO media file whose major or compatible brands name AVIF. */
function isAvif(head: string): boolean {
  if (!head.startsWith('ftyp', 4)) return false;
  const boxLength = Buffer.from(head.slice(0, 4), 'latin1').readUInt32BE();
  const brands = head.slice(8, Math.min(boxLength, head.length));
  return /^(?:.{4})*avi[fs]/s.test(brands);
}
