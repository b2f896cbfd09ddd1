// Every failure that a caller can meet has one row here. Other layers throw AppError and never invent codes;
// server/graphql-errors.ts and commands/terminal.ts translate once, at the edge.

/** Exit status of the command line: 1 the machine or the data is at fault, 2 the request is, 3 nothing was found. */
interface ErrorRow {
  readonly meaning: string;
  readonly exitCode: 1 | 2 | 3;
}

/** The table of codes. The README's table is held against it by test/repo/readme.test.ts. */
export const ERROR_TABLE = {
  BAD_ARGUMENT: { meaning: 'an argument is missing, out of range or contradicts another', exitCode: 2 },
  BAD_CONFIG: { meaning: 'a setting is unknown or out of range; the service does not start', exitCode: 2 },
  BAD_CURSOR: { meaning: 'the cursor was not issued for this query', exitCode: 2 },
  IMAGE_NOT_FOUND: { meaning: 'no picture has this id', exitCode: 3 },
  JOB_NOT_FOUND: { meaning: 'no job has this id', exitCode: 3 },
  FILE_NOT_FOUND: { meaning: 'the file or folder does not exist or cannot be read', exitCode: 2 },
  NOT_A_PICTURE: { meaning: 'the bytes are of no supported picture format', exitCode: 2 },
  PICTURE_BROKEN: { meaning: 'the picture is truncated or damaged', exitCode: 2 },
  PICTURE_TOO_LARGE: { meaning: 'over 100 megapixels or 64 MiB', exitCode: 2 },
  UPLOAD_REFUSED: { meaning: 'too many files in one request, or a malformed multipart request', exitCode: 2 },
  SPACE_NOT_FOUND: { meaning: 'no space has this name', exitCode: 3 },
  SPACE_HAS_NO_TEXT: { meaning: 'a text was asked of a space that reads pictures only', exitCode: 2 },
  SPACE_HAS_NO_ENCODER: { meaning: 'a picture was sent to a space that was imported without an encoder', exitCode: 2 },
  QUERY_CANCELS_OUT: { meaning: 'the weighted terms of the query cancel each other', exitCode: 2 },
  UNKNOWN_WORD: { meaning: 'no word vector for this word', exitCode: 3 },
  WORDS_INVALID: { meaning: 'a word vector file is malformed', exitCode: 2 },
  QUERY_TOO_COSTLY: { meaning: 'the request is too deep, too wide or asks for too many embeddings', exitCode: 2 },
  UNAUTHENTICATED: { meaning: 'an API key is required and was missing or wrong', exitCode: 2 },
  MODEL_UNAVAILABLE: { meaning: 'a file of the model is missing, or the hub is out of reach', exitCode: 1 },
  MODEL_MISMATCH: { meaning: 'vectors of two models would have been compared', exitCode: 1 },
  INDEX_INVALID: { meaning: 'an index file is torn, stale or of another model; it will be rebuilt', exitCode: 1 },
  INDEX_UNAVAILABLE: { meaning: 'the chosen index library is not installed', exitCode: 1 },
  STORAGE_FAILED: { meaning: 'the catalog or the disk refused a read or a write', exitCode: 1 },
  STARTING: { meaning: 'the service is still reading its model; ask again in a moment', exitCode: 1 },
  SHUTTING_DOWN: { meaning: 'the service is stopping and takes no new work', exitCode: 1 },
  INTERNAL: { meaning: 'a defect of the service; logged with its cause', exitCode: 1 },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERROR_TABLE;

/** Facts about the failure that a client may read: plain JSON values only. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** The one error class. The message says what was expected, what came and what to do. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: ErrorDetails } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }
}

export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code);
}

/** Returns the error itself, or the defect wrapped as INTERNAL with its cause. Never throws. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError('INTERNAL', 'Something went wrong inside the service; its log names the cause.', {
    cause: error,
  });
}
