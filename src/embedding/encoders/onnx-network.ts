// The one door to ONNX Runtime: loads any network that reads one picture and runs it. Blocks its thread while it runs,
// so only tower-worker.ts imports it. Knows no queue, no message and no model of any name.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { levelTables, toTensorOrder } from '../pixel-tensor.ts';
import type { NetworkSetup, OutputChoice, TowerFacts } from '../tower-messages.ts';
import { canPool, POOLING_READS, pool } from './pooling.ts';

type Rows = Float32Array<ArrayBuffer>;

export interface Network {
  readonly facts: TowerFacts;
  /** Features as the network gives them, row after row. At least one picture; data as in TowerRequest. */
  embed(data: Uint8Array): Promise<Rows>;
}

/**
 * Loads the network and runs it once or twice on black pictures: its vectors' length, the output that is taken and the
 * pictures that it takes at a time are found so. Rejects naming what was expected and what the file has.
 */
export async function loadNetwork(setup: NetworkSetup): Promise<Network> {
  const session = await InferenceSession.create(setup.path, {
    executionProviders: ['cpu'],
    intraOpNumThreads: setup.threads,
    interOpNumThreads: 1,
    // Warnings of exporters (unused initialisers) say nothing to a user; errors are thrown.
    logSeverityLevel: 3,
  });
  const input = findInput(session, setup);
  const { width, height } = setup.pixels;
  const { layout, channels } = setup.input;
  const tables = levelTables(setup.pixels);
  const bytes = width * height * 3;

  async function run(data: Uint8Array): Promise<InferenceSession.ReturnType> {
    const values = toTensorOrder(data, width * height, tables, layout, channels);
    const sides = layout === 'NCHW' ? [3, height, width] : [height, width, 3];
    return session.run({ [input.name]: new Tensor('float32', values, [data.length / bytes, ...sides]) });
  }

  const fixed = typeof input.shape[0] === 'number' && input.shape[0] > 0 ? input.shape[0] : undefined;
  const first = await run(new Uint8Array(bytes * (fixed ?? 1)));
  const output = chooseOutput(first, session, setup.outputs);
  const read = (outputs: InferenceSession.ReturnType, pictures: number): Rows => {
    const tensor = outputs[output.name];
    if (!isFloats(tensor) || tensor.dims[0] !== pictures || !canPool(output.pooling, tensor.dims)) {
      throw new Error(`expected ${pictures} rows of float32 from ${output.name}, got ${describe(tensor)}`);
    }
    const rows = pool(tensor.data, tensor.dims, output.pooling, layout);
    if (!rows.every(Number.isFinite)) throw new Error(`${output.name} holds numbers that are not finite`);
    return rows;
  };
  const group = fixed ?? ((await takesTwo()) ? undefined : 1);

  /** Graphs exported for one picture may still declare any number: their reshapes say otherwise. */
  async function takesTwo(): Promise<boolean> {
    try {
      return read(await run(new Uint8Array(bytes * 2)), 2).length > 0;
    } catch {
      return false;
    }
  }

  return {
    facts: { dimension: read(first, fixed ?? 1).length / (fixed ?? 1), output },
    async embed(data) {
      const pictures = data.length / bytes;
      if (group === undefined) return read(await run(data), pictures);
      const rows: Rows[] = [];
      for (let start = 0; start < pictures; start += group) {
        // A last group that is not full is filled up with black pictures, whose rows are dropped.
        const part = new Uint8Array(bytes * group);
        part.set(data.subarray(start * bytes, (start + group) * bytes));
        rows.push(read(await run(part), group));
      }
      return join(rows, pictures, group);
    },
  };
}

function join(groups: readonly Rows[], pictures: number, group: number): Rows {
  const dimension = (groups[0]?.length ?? 0) / group;
  const joined = new Float32Array(pictures * dimension);
  groups.forEach((rows, i) => {
    const left = (pictures - i * group) * dimension;
    joined.set(rows.subarray(0, Math.min(rows.length, left)), i * group * dimension);
  });
  return joined;
}

type InputMetadata = InferenceSession.TensorValueMetadata;

/** The picture's input, checked for type and sides. */
function findInput(session: InferenceSession, setup: NetworkSetup): InputMetadata {
  const inputs = session.inputMetadata;
  const has = `the file has ${inputs.map(describeInput).join(', ')}`;
  const wanted = setup.input.name;
  const found = wanted === undefined ? inputs[0] : inputs.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`expected an input named ${wanted}; ${has}`);
  if (inputs.length > 1) throw new Error(`expected one input, the picture; ${has}`);
  const { width, height } = setup.pixels;
  const { layout } = setup.input;
  const sides = layout === 'NCHW' ? [3, height, width] : [height, width, 3];
  const fits =
    found.isTensor &&
    found.type === 'float32' &&
    found.shape.length === 4 &&
    // Zero and negative numbers stand for sides that are free.
    sides.every((side, i) => !isFixed(found.shape[i + 1]) || found.shape[i + 1] === side);
  if (fits) return found;
  throw new Error(`expected a float32 input [pictures,${sides}] (${layout}, ${width} x ${height} pixels); ${has}`);
}

function isFixed(side: number | string | undefined): boolean {
  return typeof side === 'number' && side > 0;
}

function describeInput(input: InferenceSession.ValueMetadata): string {
  return input.isTensor ? `${input.name} ${input.type} [${input.shape}]` : `${input.name} (no tensor)`;
}

/** The first choice that came out in a shape which it can pool. */
function chooseOutput(
  outputs: InferenceSession.ReturnType,
  session: InferenceSession,
  choices: readonly OutputChoice[],
): Required<OutputChoice> {
  for (const { name = session.outputNames[0] ?? '', pooling } of choices) {
    const tensor = outputs[name];
    if (isFloats(tensor) && canPool(pooling, tensor.dims)) return { name, pooling };
  }
  const wanted = choices.map(
    ({ name, pooling }) => `${name ?? 'the first output'} for pooling ${pooling}: float32 ${POOLING_READS[pooling]}`,
  );
  const came = session.outputNames.map((name) => `${name} ${describe(outputs[name])}`);
  throw new Error(`expected an output ${wanted.join(', or ')}; the file has ${came.join(', ')}`);
}

function isFloats(value: unknown): value is Tensor & { readonly data: Float32Array } {
  return value instanceof Tensor && value.data instanceof Float32Array;
}

function describe(value: unknown): string {
  return value instanceof Tensor ? `${value.type} [${value.dims}]` : 'nothing';
}
