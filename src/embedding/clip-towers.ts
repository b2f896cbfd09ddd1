// The one door to transformers.js: loads a text or an image tower of the CLIP and SigLIP families from a local folder
// and runs it. Blocks its thread while it runs, so only tower-worker.ts imports it. Knows no queue and no message.
import { resolve } from 'node:path';
import {
  AutoTokenizer,
  CLIPTextModelWithProjection,
  CLIPVisionModelWithProjection,
  env,
  LogLevel,
  type PreTrainedModel,
  SiglipTextModel,
  SiglipVisionModel,
  Tensor,
} from '@huggingface/transformers';
import { levelTables, toPlanes } from './pixel-tensor.ts';
import { cutTokens, padTokens } from './text-tokens.ts';
import type { ClipSetup } from './tower-messages.ts';

type Rows = Float32Array<ArrayBuffer>;

export interface TextTower {
  /** Unit vectors, row after row. At least one text. */
  embed(texts: readonly string[]): Promise<Rows>;
  /** Tokens of each text before any cut, special tokens included. */
  count(texts: readonly string[]): number[];
}

export interface ImageTower {
  /** Unit vectors, row after row. At least one picture; data as in TowerRequest. */
  embed(data: Uint8Array): Promise<Rows>;
}

/** Loads tokenizer and text tower. Rejects with the library's error where a file is not what it should be. */
export async function loadTextTower(setup: ClipSetup): Promise<TextTower> {
  const folder = stayLocal(setup);
  const isClip = setup.family === 'clip';
  const TextModel = isClip ? CLIPTextModelWithProjection : SiglipTextModel;
  const [tokenizer, model] = await Promise.all([
    AutoTokenizer.from_pretrained(folder),
    TextModel.from_pretrained(folder, modelOptions(setup)),
  ]);
  const tokenize = (texts: readonly string[]): number[][] =>
    tokenizer([...texts], { padding: false, truncation: false, return_tensor: false }).input_ids;

  return {
    async embed(texts) {
      const lists = tokenize(texts).map((ids) => cutTokens(ids, setup.contextLength));
      // SigLIP was trained on texts padded to the full context and pools at the last place.
      const batch = padTokens(lists, tokenizer.pad_token_id ?? 0, isClip ? undefined : setup.contextLength);
      const shape = [batch.rows, batch.columns];
      return runTower(model, {
        input_ids: new Tensor('int64', batch.ids, shape),
        attention_mask: new Tensor('int64', batch.mask, shape),
      });
    },
    count: (texts) => tokenize(texts).map((ids) => ids.length),
  };
}

/** Loads the image tower. Rejects like loadTextTower. */
export async function loadImageTower(setup: ClipSetup): Promise<ImageTower> {
  const folder = stayLocal(setup);
  const VisionModel = setup.family === 'clip' ? CLIPVisionModelWithProjection : SiglipVisionModel;
  const model = await VisionModel.from_pretrained(folder, modelOptions(setup));
  const { width, height } = setup.pixels;
  const tables = levelTables(setup.pixels);

  return {
    embed(data) {
      const pictures = data.length / (width * height * 3);
      const planes = toPlanes(data, width * height, tables);
      return runTower(model, { pixel_values: new Tensor('float32', planes, [pictures, 3, height, width]) });
    },
  };
}

/**
 * Keeps the library offline and silent, and returns the name to load by: the absolute path, which it takes for a path whatever
 * it holds. A mere folder's name with a space or two hyphens it would take for no model at all.
 */
function stayLocal({ path }: ClipSetup): string {
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.useFSCache = false;
  env.logLevel = LogLevel.NONE;
  return resolve(path);
}

function modelOptions({ dtype, threads }: ClipSetup): Parameters<typeof PreTrainedModel.from_pretrained>[1] {
  return { dtype, session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 } };
}

interface Output {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** Runs the model; takes the projected output where there is one, else the pooled; scales each row to length 1. */
async function runTower(model: PreTrainedModel, inputs: Record<string, Tensor>): Promise<Rows> {
  const outputs: Record<string, Output | undefined> = await model(inputs);
  const output = outputs.text_embeds ?? outputs.image_embeds ?? outputs.pooler_output;
  if (output === undefined || output.dims.length !== 2 || !(output.data instanceof Float32Array)) {
    const came = Object.entries(outputs).map(([key, value]) => `${key} ${value?.type} [${value?.dims}]`);
    throw new Error(`expected a float32 output text_embeds, image_embeds or pooler_output, got ${came.join(', ')}`);
  }
  return toUnitRows(output.data, output.dims[1] as number);
}

function toUnitRows(data: Float32Array, dimension: number): Rows {
  const out = new Float32Array(data.length);
  for (let start = 0; start < data.length; start += dimension) {
    let squares = 0;
    for (let i = start; i < start + dimension; i++) squares += (data[i] as number) ** 2;
    const length = Math.sqrt(squares);
    if (!(length > 0 && length < Number.POSITIVE_INFINITY)) throw new Error(`a row of length ${length} came out`);
    for (let i = start; i < start + dimension; i++) out[i] = (data[i] as number) / length;
  }
  return out;
}
