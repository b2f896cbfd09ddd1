// Thumbnails over the points: laid out when the map rests, and moved as one sheet while it does not, which the browser does
// without laying out anything.
import { placeholderImage } from '../placeholder.ts';
import { type Camera, type Size, toWindow } from './camera.ts';
import type { PictureCache } from './picture-cache.ts';

export interface ThumbLayer {
  /** Shows these points' pictures, and no others. */
  lay(camera: Camera, size: Size, points: readonly number[]): void;
  /** Keeps what was laid out over its points. */
  follow(camera: Camera, size: Size): void;
}

interface Deps {
  readonly parent: HTMLElement;
  readonly places: Float32Array;
  readonly ids: Uint32Array;
  readonly pictures: PictureCache;
}

export function makeThumbLayer({ parent, places, ids, pictures }: Deps): ThumbLayer {
  parent.replaceChildren();
  const shown = new Map<number, HTMLElement>();
  let laid: { readonly camera: Camera; readonly size: Size } | undefined;
  return {
    lay(camera, size, points) {
      laid = { camera, size };
      parent.style.transform = '';
      const wanted = new Set(points);
      for (const [i, element] of shown) {
        if (wanted.has(i)) continue;
        element.remove();
        shown.delete(i);
      }
      const fresh: number[] = [];
      for (const i of points) {
        const { x, y } = toWindow(camera, size, { x: places[2 * i] as number, y: places[2 * i + 1] as number });
        let element = shown.get(i);
        if (element === undefined) {
          element = makeThumb(String(ids[i]));
          shown.set(i, element);
          parent.append(element);
          fresh.push(i);
        }
        element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`;
      }
      void blur(fresh);
    },
    follow(camera, size) {
      if (laid === undefined) return;
      const factor = camera.scale / laid.camera.scale;
      const { x, y } = toWindow(camera, size, laid.camera);
      parent.style.transform = `translate(${x}px, ${y}px) scale(${factor}) translate(${-laid.size.width / 2}px, ${-laid.size.height / 2}px)`;
    },
  };

  /** What is known of a picture is drawn under it until it has come. */
  async function blur(points: readonly number[]): Promise<void> {
    try {
      await pictures.get(points.map((i) => String(ids[i])));
    } catch {
      // Thumbnails come without it; whoever opens one is told what is wrong.
      return;
    }
    for (const i of points) {
      const picture = pictures.peek(String(ids[i]));
      const element = shown.get(i);
      if (picture !== undefined && element !== undefined)
        element.style.backgroundImage = placeholderImage(picture.placeholder);
    }
  }
}

function makeThumb(id: string): HTMLElement {
  const frame = document.createElement('span');
  frame.className = 'map-thumb';
  frame.dataset.id = id;
  const image = document.createElement('img');
  image.alt = '';
  image.decoding = 'async';
  image.draggable = false;
  image.addEventListener('load', () => image.classList.add('is-loaded'));
  image.addEventListener('error', () => frame.remove());
  image.src = `/images/${id}/thumbnail/small`;
  frame.append(image);
  return frame;
}
