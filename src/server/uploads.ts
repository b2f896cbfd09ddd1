// Files of a multipart request, as bytes. Knows the upload library; the services do not.
import type { FileUpload } from 'graphql-upload/processRequest.mjs';
import { AppError } from '../core/errors.ts';
import { MAX_FILE_BYTES } from '../media/limits.ts';
import type { Upload } from '../services/library/ingest-service.ts';

export const MAX_UPLOADS = 100;

/** Waits for the file's head, and returns its name with a way to read it. Throws UPLOAD_REFUSED. */
export async function openUpload(upload: Promise<FileUpload>): Promise<Upload> {
  const file = await upload.catch((cause: unknown) => {
    throw refusal(cause);
  });
  return { name: baseName(file.filename), read: () => readAll(file) };
}

/** All bytes of one uploaded file. Throws PICTURE_TOO_LARGE, UPLOAD_REFUSED. */
export async function readUpload(upload: Promise<FileUpload>): Promise<Uint8Array> {
  return (await openUpload(upload)).read();
}

async function readAll(file: FileUpload): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of file.createReadStream()) chunks.push(chunk as Buffer);
  } catch (cause) {
    throw refusal(cause);
  }
  return Buffer.concat(chunks);
}

function refusal(cause: unknown): AppError {
  const status = (cause as { status?: unknown }).status;
  if (status === 413) {
    return new AppError('PICTURE_TOO_LARGE', `A file may have ${MAX_FILE_BYTES / 2 ** 20} MiB; this one is larger.`, {
      cause,
    });
  }
  return new AppError(
    'UPLOAD_REFUSED',
    'The upload did not arrive whole; send it again as a GraphQL multipart request.',
    { cause },
  );
}

/** Names are shown, never opened; a path that a client sends along is dropped. */
function baseName(name: string): string {
  return name.split(/[\\/]/).at(-1)?.slice(0, 255) || 'upload';
}
