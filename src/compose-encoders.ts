// The part of compose.ts that says what the source of a space's encoder means. Whoever makes another kind of space adds a row.
import { openModel } from './compose-model.ts';
import type { DownloadProgress } from './embedding/download-file.ts';
import { openImageEncoder } from './embedding/encoders/open-image-encoder.ts';
import { resolveModel } from './embedding/model-files.ts';
import type { OpenSource } from './services/spaces/open-encoders.ts';
import type { SpaceEncoder } from './services/spaces/space-encoder.ts';
import { textsOf } from './services/spaces/space-encoder.ts';
import { importedSource } from './services/spaces/space-import.ts';

export interface EncoderSettings {
  readonly modelsDirectory: string;
  readonly cacheDirectory: string;
  readonly threads: number;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** `scheme:rest`: what opens the rest. */
export type SourceOpeners = Readonly<Record<string, (rest: string) => Promise<SpaceEncoder>>>;

/** Sources without a scheme of these are image encoders: `pixels:32`, `starter:image`, a folder, a hub id. */
export function sourceOpener(settings: EncoderSettings, more: SourceOpeners = {}): OpenSource {
  const openers: SourceOpeners = {
    // Both towers of a CLIP model, as SEMBLANCE_MODEL names it.
    model: (model) => openTowers(model, settings),
    import: async (rest) => importedSource(rest),
    ...more,
  };
  return (source) => {
    const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/s.exec(source) ?? [];
    const opener = Object.hasOwn(openers, scheme) ? openers[scheme] : undefined;
    return opener === undefined ? openPictures(source, settings) : opener(rest);
  };
}

async function openPictures(source: string, settings: EncoderSettings): Promise<SpaceEncoder> {
  return { from: 'PICTURES', encoder: await openImageEncoder({ ...settings, source }) };
}

async function openTowers(model: string, settings: EncoderSettings): Promise<SpaceEncoder> {
  const embedder = await openModel(await resolveModel({ ...settings, model }), settings);
  return { from: 'PICTURES', encoder: embedder, texts: textsOf(embedder) };
}
