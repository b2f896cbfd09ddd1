// encoder.json: how a folder says that an ONNX file in it is an image encoder. Reads the file, names every fault at once
// and hands on an EncoderSource. Knows nothing of what runs it.
import { existsSync, realpathSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';
import type { PixelSpec } from '../../core/pixels.ts';
import { DTYPE_SUFFIXES, type Dtype } from '../model-dtype.ts';
import { externalData } from '../model-folder.ts';
import { hashOfWeights } from '../weights-hash.ts';
import type { ClassifierFiles, EncoderSource } from './encoder-source.ts';
import { FieldReader, type Fields, isFields } from './manifest-fields.ts';

export const MANIFEST_FILE = 'encoder.json';
const FORMAT = 1;
const SIDE = { min: 1, max: 2048, whole: true };
const ANY = { min: -1e6, max: 1e6 };

/**
 * Reads and checks the manifest in `folder`; hashes the weights (see weights-hash.ts), which are the revision. Throws
 * MODEL_UNAVAILABLE naming each faulty field with what was expected and what came.
 *
 * Fields: `format` 1; `id`; `file` (.onnx, relative, within the folder); `input` { `name`, `layout` NCHW or NHWC,
 * `channels` RGB or BGR }; `pixels` { `width`, `height`, `resize` { `shortestEdge` } or { `width`, `height` }, `kernel`,
 * `mean`, `deviation`, `rescale` }; `output`; `pooling` none, cls, mean or gap; `classifier` { `weights`, `classes` };
 * `dtype`, `licence`, `description`. Only format, id, file and the pixels' width and height are required.
 */
export async function readEncoderManifest(folder: string): Promise<EncoderSource> {
  const path = resolve(folder);
  const faults: string[] = [];
  const source = parseManifest(await readFields(path), path, faults);
  if (faults.length > 0) throw unusable(path, faults);
  const names = await readdir(dirname(source.path));
  const inFolder = new Set(names.map((name) => relative(path, join(dirname(source.path), name))));
  const file = relative(path, source.path);
  return { ...source, revision: await hashOfWeights(path, [file, ...externalData([file], inFolder)]) };
}

async function readFields(folder: string): Promise<Fields> {
  const path = join(folder, MANIFEST_FILE);
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const problem = cause instanceof SyntaxError ? `is not JSON (${cause.message})` : 'cannot be read';
    throw new AppError(
      'MODEL_UNAVAILABLE',
      `Expected a JSON object in ${path}, but it ${problem}. Write one: models/README.md shows how.`,
      { cause },
    );
  }
  if (isFields(content)) return content;
  throw unusable(folder, [`expected a JSON object, got ${JSON.stringify(content).slice(0, 40)}`]);
}

/** Adds to `faults`; the result counts only where none was added. The revision is left open. */
function parseManifest(fields: Fields, folder: string, faults: string[]): EncoderSource {
  const reader = new FieldReader(fields, faults);
  if (reader.raw('format') !== FORMAT) reader.fault('format', String(FORMAT));
  const id = reader.text('id');
  const file = parseFile(reader, 'file', folder);
  if (file !== '' && !file.endsWith('.onnx')) reader.fault('file', 'a name that ends in .onnx');
  const input = reader.object('input', false);
  const name = input?.optionalText('name');
  const layout = input?.choice('layout', ['NCHW', 'NHWC'], 'NCHW') ?? 'NCHW';
  const channels = input?.choice('channels', ['RGB', 'BGR'], 'RGB') ?? 'RGB';
  input?.refuseOthers();
  const pixels = parsePixels(reader.object('pixels', true));
  const output = reader.optionalText('output');
  const pooling = reader.choice('pooling', ['none', 'cls', 'mean', 'gap'], 'none');
  const classifier = parseClassifier(reader.object('classifier', false), folder);
  const dtype = reader.choice('dtype', Object.keys(DTYPE_SUFFIXES) as Dtype[], 'fp32');
  const licence = reader.optionalText('licence');
  const description = reader.optionalText('description');
  reader.refuseOthers();
  const said = [description, licence === undefined ? undefined : `Licence: ${licence}.`].filter((text) => text);
  return {
    id,
    path: file,
    revision: '',
    dtype,
    input: { layout, channels, ...(name === undefined ? {} : { name }) },
    outputs: [{ pooling, ...(output === undefined ? {} : { name: output }) }],
    pixels,
    ...(classifier === undefined ? {} : { classifier }),
    ...(said.length === 0 ? {} : { description: said.join(' ') }),
  };
}

/** The PixelSpec as it is: see core/pixels.ts. Without `resize` both sides are forced to width and height. */
function parsePixels(reader: FieldReader | undefined): PixelSpec {
  if (reader === undefined) reader = new FieldReader({ width: 1, height: 1 }, []);
  const width = reader.number('width', SIDE);
  const height = reader.number('height', SIDE);
  const spec: PixelSpec = {
    width,
    height,
    resize: parseResize(reader, { width, height }),
    kernel: reader.choice('kernel', ['nearest', 'linear', 'cubic', 'lanczos3'], 'linear'),
    mean: reader.colour('mean', ANY, 0),
    deviation: reader.colour('deviation', { min: 1e-9, max: 1e6 }, 1),
    rescale: reader.number('rescale', { min: 1e-9, max: 1e6 }, 1 / 255),
  };
  reader.refuseOthers();
  return spec;
}

function parseResize(reader: FieldReader, sides: { width: number; height: number }): PixelSpec['resize'] {
  const resize = reader.object('resize', false);
  if (resize === undefined) return sides;
  if (resize.has('shortestEdge')) {
    const shortestEdge = resize.number('shortestEdge', SIDE);
    resize.refuseOthers();
    return { shortestEdge };
  }
  const forced = { width: resize.number('width', SIDE), height: resize.number('height', SIDE) };
  resize.refuseOthers();
  return forced;
}

function parseClassifier(reader: FieldReader | undefined, folder: string): ClassifierFiles | undefined {
  if (reader === undefined) return undefined;
  const weights = parseFile(reader, 'weights', folder);
  const names = reader.raw('classes');
  const isList = Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string');
  if (!isList && typeof names !== 'string')
    reader.fault('classes', 'a list of names, or a file (.json or a name a line)');
  const classes = isList ? (names as string[]) : typeof names === 'string' ? parseFile(reader, 'classes', folder) : [];
  reader.refuseOthers();
  return { weights, classes };
}

/** An absolute path. A manifest may come from anywhere: it must not make the service read files outside its folder. */
function parseFile(reader: FieldReader, field: string, folder: string): string {
  const name = reader.text(field);
  if (name === '') return '';
  const path = resolve(folder, name);
  const inside = relative(folder, path);
  if (isAbsolute(name) || isAbsolute(inside) || inside.startsWith('..')) {
    reader.fault(field, `a file within the folder of ${MANIFEST_FILE}`);
  } else if (!existsSync(path)) {
    reader.fault(field, 'a file that exists');
  } else if (!statSync(path).isFile()) {
    reader.fault(field, 'a file, and no folder');
  } else if (relative(realpathSync(folder), realpathSync(path)).startsWith('..')) {
    reader.fault(field, `a file within the folder of ${MANIFEST_FILE}, which this link leaves`);
  }
  return path;
}

function unusable(folder: string, faults: readonly string[]): AppError {
  const what = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
  return new AppError(
    'MODEL_UNAVAILABLE',
    `${join(folder, MANIFEST_FILE)} has ${what}: ${faults.join('; ')}. Mend the file: models/README.md shows its fields.`,
    { details: { faults } },
  );
}
