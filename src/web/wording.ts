// Plain words for people: numbers, sizes, times and failures. Codes stay visible beside them, for whoever asks for help.

const HEADLINES: Readonly<Record<string, string>> = {
  NOT_A_PICTURE: 'This file is not a picture that can be read here',
  PICTURE_BROKEN: 'This picture is damaged',
  PICTURE_TOO_LARGE: 'This picture is too large',
  UNKNOWN_WORD: 'This word is not known here',
  UPLOAD_REFUSED: 'The upload was refused',
  IMAGE_NOT_FOUND: 'This picture is not in the library any more',
  FILE_NOT_FOUND: 'That file or folder cannot be found',
  JOB_NOT_FOUND: 'The service does not remember this work',
  QUERY_TOO_COSTLY: 'That was too much for one request',
  BAD_ARGUMENT: 'The service did not understand the question',
  BAD_CURSOR: 'The list changed in between',
  STORAGE_FAILED: 'The disk of the service refused',
  SHUTTING_DOWN: 'Semblance is just stopping',
  OFFLINE: 'Semblance cannot be reached',
  STARTING: 'Semblance is starting',
  QUERY_CANCELS_OUT: 'These parts cancel each other',
  KEY_MISSING: 'This library is locked',
  MODEL_UNAVAILABLE: 'The model is not there',
  INTERNAL: 'Semblance made a mistake',
};

export function headlineOf(code: string): string {
  return HEADLINES[code] ?? 'That did not work';
}

const numbers = new Intl.NumberFormat('en');

/** `1,905`. */
export function grouped(amount: number): string {
  return numbers.format(amount);
}

/** `1 picture`, `1,905 pictures`. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${grouped(amount)} ${amount === 1 ? one : many}`;
}

/** A probability as people read it: `<1 %`, `54 %`, `>99 %`; never quite nothing, never quite sure. */
export function percent(probability: number): string {
  if (probability < 0.01) return '<1 %';
  return probability > 0.99 ? '>99 %' : `${Math.round(probability * 100)} %`;
}

/** `24 KB`, `3.1 MB`. */
export function fileSize(bytes: number): string {
  const megabytes = bytes / 1e6;
  return megabytes < 1 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${megabytes.toFixed(1)} MB`;
}

/** `40 s`, `3 min`, `2 h`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  return seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** A file's name without its ending, for alternative texts. */
export function title(name: string): string {
  return name.replace(/\.[a-z0-9]{2,5}$/i, '').replace(/[_-]+/g, ' ');
}

/** `1/250 s`, `2.5 s`. */
export function exposure(seconds: number): string {
  return seconds >= 0.4 ? `${Number(seconds.toFixed(1))} s` : `1/${Math.round(1 / seconds)} s`;
}
