// What the camera wrote about a photograph, for people to read. Nothing of it is searched by.
import { readHeader } from './decoder.ts';
import { type ExifFolder, openExif } from './exif-folders.ts';

/** Null where the camera did not say. */
export interface ExifFacts {
  /** Maker and model, the maker once. */
  readonly camera: string | null;
  readonly lens: string | null;
  /** Seconds. */
  readonly exposureTime: number | null;
  /** The f-number. */
  readonly aperture: number | null;
  readonly iso: number | null;
  /** Millimetres, as engraved on the lens. */
  readonly focalLength: number | null;
}

const MAKE = 0x010f;
const MODEL = 0x0110;
const EXPOSURE_TIME = 0x829a;
const F_NUMBER = 0x829d;
const ISO = 0x8827;
const FOCAL_LENGTH = 0x920a;
const LENS_MODEL = 0xa434;

/** Reads the head of a picture file. Null where it carries no EXIF. Throws NOT_A_PICTURE, PICTURE_TOO_LARGE, PICTURE_BROKEN. */
export async function readExifFacts(bytes: Uint8Array): Promise<ExifFacts | null> {
  return exifFactsFrom((await readHeader(bytes)).exif);
}

/** Null where the block is absent or is none. Never throws. */
export function exifFactsFrom(exif: Uint8Array | undefined): ExifFacts | null {
  const folders = openExif(exif);
  if (folders === undefined) return null;
  const { camera, photograph } = folders;
  const positive = (tag: number) => {
    const value = photograph?.number(tag) ?? 0;
    return value > 0 ? value : null;
  };
  return {
    camera: cameraName(camera),
    lens: photograph?.text(LENS_MODEL) || null,
    exposureTime: positive(EXPOSURE_TIME),
    aperture: positive(F_NUMBER),
    iso: positive(ISO),
    focalLength: positive(FOCAL_LENGTH),
  };
}

/** Most makers repeat themselves in the model: "Canon" and "Canon EOS 5D". */
function cameraName(folder: ExifFolder): string | null {
  const make = folder.text(MAKE) ?? '';
  const model = folder.text(MODEL) ?? '';
  const [firstWord = ''] = make.split(' ');
  const isRepeated = firstWord !== '' && model.toLowerCase().startsWith(firstWord.toLowerCase());
  return (isRepeated ? model : `${make} ${model}`.trim()) || null;
}
